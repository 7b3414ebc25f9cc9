import '../styles/embed.css'
import { createMemo, For, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import { Icon } from '../components/icon.tsx'
import { MenuItems } from '../components/menu-items.tsx'
import { Name } from '../components/name.tsx'
import { Popover } from '../components/popover.tsx'
import { LineSample } from '../components/swatch.tsx'
import { createWidth } from '../components/width.ts'
import type { PageEntry, PageProps } from '../pages/page-entry.ts'
import { pages } from '../pages/registry.ts'
import { Happening } from './status-bar.tsx'

/** The least around the charts: for frames in other pages, where `sidebar=hidden`. */
export function EmbedFrame(props: { page: PageEntry | undefined } & Omit<PageProps, 'frame'>) {
  const { sources, location } = useApp()
  const smoothing = location.field('smoothing')
  return (
    <div class="app bare">
      <div class="main">
        <header class="embed-head">
          <b>
            <Name of={sources.project()?.name ?? (sources.opening() ? '' : 'Trackio Lite')} />
          </b>
          <Show when={!smoothing().auto}>
            <span class="hush">
              {smoothing().width === 0 ? 'not smoothed' : `smoothing ${smoothing().width}`}
            </span>
          </Show>
          <span class="strip">
            <Happening />
          </span>
          <Show when={location.view().navbar && pages.length > 1}>
            <nav aria-label="Pages">
              <Popover label="Pages" class="text-button" role="menu" button="Pages">
                <MenuItems
                  items={pages.map((page) => ({
                    text: page.label,
                    onSelect: () => location.patch({ page: page.id }),
                  }))}
                />
              </Popover>
            </nav>
          </Show>
          <a href={location.fullLink()} target="_blank" rel="noopener">
            Open full
            <Icon name="open" />
          </a>
        </header>
        <Dynamic
          component={props.page?.view}
          frame="embed"
          onKeys={props.onKeys}
          onPalette={props.onPalette}
        />
        <Legend />
      </div>
    </div>
  )
}

/** Styles and names of the runs; as many as fit, then how many more. */
function Legend() {
  const { runs, view } = useApp()
  const [width, takeStrip] = createWidth()
  // runs that a click hid stay in the strip, so that a click brings them back
  const offered = createMemo<string[]>((before) => {
    const all = new Set(runs.all().map(({ key }) => key))
    const kept = new Set(before.filter((key) => all.has(key)))
    for (const { key } of runs.shown()) kept.add(key)
    return [...all].filter((key) => kept.has(key)).reverse()
  }, [])
  const nameOf = (key: string) => runs.byKey().get(key)?.name ?? ''
  const fitting = createMemo(() => {
    let room = width() - 24
    let count = 0
    for (const key of offered()) {
      // 5.9 px a letter of 12 px type, and 34 around it: near enough to leave "+12" its room
      room -= 34 + 5.9 * visibleName(nameOf(key)).length
      if (room < (count + 1 < offered().length ? 40 : 0)) break
      count++
    }
    return Math.max(1, count)
  })
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the words belong to a landmark of the page
    <footer class="legend" aria-label="Status" ref={takeStrip}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex strip */}
      <div role="group" aria-label="Runs" id="runs">
        <For each={offered().slice(0, fitting())}>
          {(key) => (
            // biome-ignore lint/a11y/useSemanticElements: drawn as a line and a name
            <button
              type="button"
              role="checkbox"
              aria-checked={runs.isShown(key)}
              aria-label={runs.byKey().get(key)?.name}
              data-run-id={runs.byKey().get(key)?.id ?? key}
              data-slot={runs.slot(key)}
              onClick={() => runs.toggle(key)}
              onPointerEnter={() => view.setHighlight(key)}
              onPointerLeave={() => view.setHighlight(undefined)}
              onFocus={() => view.setHighlight(key)}
              onBlur={() => view.setHighlight(undefined)}
            >
              <LineSample
                color={runs.styled(key)?.style.color ?? ''}
                dash={runs.styled(key)?.style.dash ?? []}
              />
              <Name of={nameOf(key)} />
            </button>
          )}
        </For>
      </div>
      <Show when={offered().length > fitting()}>
        <span
          class="hush"
          title={offered().slice(fitting()).map(nameOf).map(visibleName).join(', ')}
        >{`+${offered().length - fitting()}`}</span>
      </Show>
    </footer>
  )
}
