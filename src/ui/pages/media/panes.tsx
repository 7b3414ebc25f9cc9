import '../../styles/media-panes.css'
import { createMemo, createSignal, For, type JSX, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { isTyping } from '../../common/keys.ts'
import { pagePart } from '../../common/page-part.tsx'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { Switch as Toggle } from '../../components/switch.tsx'
import type { MediaModel } from './model.ts'
import { MediaPane } from './pane.tsx'
import { createPictureViews } from './picture-view.ts'
import { createTransport } from './transport.ts'

const Difference = pagePart(async () => (await import('./difference.tsx')).Difference)
const TransportBar = pagePart(async () => (await import('./transport-bar.tsx')).TransportBar)

/** More panes than these scroll. */
const FITTING = 4
type Mode = 'side' | 'difference' | 'blink'
const GAINS = [1, 2, 4, 8, 16]

/** Values side by side, at the step of the page or each held at its own; of two pictures, what they differ in. */
export function Panes(props: { model: MediaModel; phone: boolean; bar: JSX.Element }) {
  const { runs } = useApp()
  const { model } = props
  const views = createPictureViews()
  const transport = createTransport()
  const [active, setActive] = createSignal(0)
  const panes = model.panes
  const kindOf = (i: number): string | undefined => {
    const pane = panes()[i]
    return pane && model.itemsOf(pane.run, pane.key)[0]?.kind
  }
  const images = createMemo(() => panes().every((_, i) => kindOf(i) === 'trackio.image'))
  const videos = createMemo(() => panes().some((_, i) => kindOf(i) === 'trackio.video'))
  const mode = (): Mode => {
    const asked = model.own().mode
    return images() && panes().length === 2 && (asked === 'difference' || asked === 'blink') ? asked : 'side'
  }
  const gain = () => GAINS.find((one) => String(one) === model.own().gain) ?? 1
  const signed = () => model.own().of === 'signed'
  const title = () => {
    const keys = new Set(panes().map(({ key }) => key))
    return keys.size === 1 ? ([...keys][0] ?? '') : `${formatCount(keys.size)} keys`
  }
  const close = () => model.set({ open: '', mode: '' })

  function onKeys(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.key !== 'Escape' || isTyping(event.target)) return
    if (document.querySelector('dialog[open], [popover]:popover-open')) return
    close()
    event.preventDefault()
  }
  document.addEventListener('keydown', onKeys)
  onCleanup(() => document.removeEventListener('keydown', onKeys))

  /** The same key of every shown run, at the step of the page. */
  function allRuns(): void {
    const [first] = panes()
    if (!first) return
    const others = runs
      .shown()
      .filter(({ key }) => model.itemsOf(key, first.key).length > 0)
      .map(({ key }) => ({ run: key, key: first.key, n: first.n }))
    model.open(others)
  }
  const columns = () => (props.phone ? 1 : panes().length <= 1 ? 1 : panes().length === 3 ? 3 : 2)
  const scrolls = () => panes().length > FITTING || props.phone
  return (
    <>
      <div class="toolbar own panes-toolbar" role="toolbar" aria-label="Compared media">
        <button type="button" class="icon-button" aria-label="Back to all media" title="Esc" onClick={close}>
          <Icon name="left" />
        </button>
        <h2>
          <Name of={title()} />
        </h2>
        <Show when={images() && panes().length === 2}>
          <Segmented
            label="Mode"
            value={mode()}
            options={[
              { value: 'side', text: 'Side by side' },
              { value: 'difference', text: 'Difference' },
              { value: 'blink', text: 'Blink' },
            ]}
            onChange={(next) => model.set({ mode: next === 'side' ? '' : next })}
          />
        </Show>
        <Show when={mode() === 'difference'}>
          <Segmented
            label="Difference of"
            value={signed() ? 'signed' : ''}
            options={[
              { value: '', text: 'Absolute', title: 'How far apart, by channel: black is equal' },
              { value: 'signed', text: 'Signed', title: 'Which is brighter: B above A, or below' },
            ]}
            onChange={(of) => model.set({ of })}
          />
          <span class="control">
            <span class="word">Gain</span>
            <Select
              label="Gain"
              value={String(gain())}
              options={GAINS.map((value) => ({ value: String(value), text: `× ${value}` }))}
              onChange={(value) => model.set({ gain: value === '1' ? '' : value })}
            />
          </span>
        </Show>
        <Show when={images()}>
          <Show when={panes().length > 1}>
            <Toggle
              label="Linked"
              value={views.linked()}
              title="Zoom and position are the same in all"
              onChange={(on) => views.setLinked(on, active())}
            />
          </Show>
          <button
            type="button"
            class="text-button"
            title="0, or a double click"
            onClick={() => views.reset()}
          >
            Fit
          </button>
        </Show>
        <span class="gap" />
        <Show when={mode() === 'difference'}>
          <button type="button" class="text-button" onClick={() => model.open([...panes()].reverse())}>
            Swap A and B
          </button>
        </Show>
        <Show when={mode() === 'side'}>
          <button type="button" class="text-button" onClick={allRuns}>
            All shown runs
          </button>
          <button
            type="button"
            class="text-button"
            onClick={() => {
              for (const pane of panes()) if (!model.isChosen(pane)) model.toggleChosen(pane)
              close()
            }}
          >
            Choose more
          </button>
        </Show>
      </div>
      {props.bar}
      <section class="sheet panes-sheet" id="charts" tabIndex={-1} aria-label="Compared media">
        <Switch>
          <Match when={mode() !== 'side'}>
            <Difference
              model={model}
              views={views}
              blink={mode() === 'blink'}
              signed={signed()}
              gain={gain()}
              phone={props.phone}
            />
          </Match>
          <Match when={true}>
            <div
              class="panes"
              classList={{ scrolls: scrolls() }}
              style={{ '--n': columns(), '--rows': Math.ceil(panes().length / columns()) }}
            >
              <For each={panes()}>
                {(pane, i) => (
                  <MediaPane
                    model={model}
                    pane={pane}
                    index={i()}
                    name={String(i() + 1)}
                    views={views}
                    transport={transport}
                    scrolls={scrolls()}
                    onActive={() => setActive(i())}
                    onClose={
                      panes().length > 1 ? () => model.open(panes().filter((one) => one !== pane)) : undefined
                    }
                  />
                )}
              </For>
            </div>
          </Match>
        </Switch>
      </section>
      <Show when={videos()}>
        <TransportBar transport={transport} />
      </Show>
    </>
  )
}
