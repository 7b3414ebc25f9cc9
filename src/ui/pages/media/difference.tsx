import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { isAbort } from '../../../model/errors.ts'
import { useApp } from '../../../state/app.ts'
import { createFullPicture } from '../../../state/pages/full-pictures.ts'
import { DifferenceNumbersList } from './difference-numbers.tsx'
import { DifferenceStrip } from './difference-strip.tsx'
import { type Measured, measure, pixelOf } from './measure.ts'
import type { MediaModel } from './model.ts'
import { drawable, PaneHead, PaneWords, usePane } from './pane.tsx'
import { PicturePane } from './picture-pane.tsx'
import type { PictureViews } from './picture-view.ts'
import { designTokens } from './tokens.ts'

/** Times a second that the two pictures take turns. */
const BLINKS = 2

/** Two pictures and what they differ in: as a picture, in numbers, and along the steps; or in turns in one place. */
export function Difference(props: {
  model: MediaModel
  views: PictureViews
  blink: boolean
  signed: boolean
  gain: number
  phone: boolean
}) {
  const { theme } = useApp()
  const { model } = props
  const sides = [0, 1].map((i) => {
    const pane = () => model.panes()[i] ?? { run: '', key: '', n: 0 }
    const state = usePane(model, pane)
    const picture = createFullPicture(
      () => state.payload()?.path,
      model.media.file,
      model.busyPart(),
      model.media.tries,
    )
    const bitmap = () => {
      const now = picture()
      return now.state === 'ready' ? now.bitmap : undefined
    }
    const trouble = () => {
      const now = picture()
      if (!state.item()) return state.words()
      if (state.payload()?.odd) return state.payload()?.odd
      if (now.state === 'missing') return `missing file ${now.path}`
      if (now.state === 'unread') return `${now.path} could not be read: ${now.why}`
      return now.state === 'failed' ? `broken file ${now.path}: ${now.why}` : undefined
    }
    return { pane, state, bitmap, trouble, name: i === 0 ? 'A' : 'B' }
  })
  const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]]
  const trouble = createMemo(() => {
    const found = sides.flatMap(({ name, trouble: why }) => (why() ? [`${name}: ${why()}`] : []))
    if (found.length > 0) return found.join('; ')
    const [p, q] = [a.bitmap(), b.bitmap()]
    if (!p || !q || (p.width === q.width && p.height === q.height)) return undefined
    return `A has ${p.width} × ${p.height} pixels and B ${q.width} × ${q.height}: pictures of different sizes are not compared`
  })
  const [measured, setMeasured] = createSignal<Measured>()
  const busy = model.busyPart()
  createEffect(
    on(
      [a.bitmap, b.bitmap, trouble, () => props.signed, () => props.gain, theme],
      ([p, q, why, signed, gain]) => {
        if (!p || !q || why) return void setMeasured(undefined)
        const abort = new AbortController()
        const { minus, plus } = designTokens()
        busy(true)
        measure(p, q, { signal: abort.signal, draw: { signed, gain, colors: [minus, plus] } })
          .then(setMeasured, (error: unknown) => {
            if (!isAbort(error)) throw error
          })
          .finally(() => !abort.signal.aborted && busy(false))
        onCleanup(() => abort.abort())
      },
    ),
  )
  onCleanup(() => busy(false))
  const difference = createMemo(() => drawable(measured()?.picture))
  const readDifference = (x: number, y: number): string => {
    const [p, q] = [a.bitmap(), b.bitmap()]
    if (!p || !q) return ''
    const [one, other] = [pixelOf(p, x, y), pixelOf(q, x, y)]
    return other.map((value, c) => signedText(value - (one[c] ?? 0))).join(' ')
  }

  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  const [turn, setTurn] = createSignal(0)
  const [held, setHeld] = createSignal(still)
  createEffect(() => {
    if (!props.blink || held()) return
    const timer = setInterval(() => setTurn((n) => 1 - n), 1000 / BLINKS)
    onCleanup(() => clearInterval(timer))
  })
  const blinking = () => (turn() === 0 ? a : b)
  return (
    <Show
      when={!props.blink}
      fallback={
        <section class="pane blink" aria-label={`In turns, now ${blinking().name}`}>
          <PaneHead model={model} pane={blinking().pane()} name={blinking().name} state={blinking().state} />
          <Show when={!trouble()} fallback={<PaneWords bad title="not compared" text={trouble() ?? ''} />}>
            <PicturePane
              index={0}
              label={`A and B in turns, now ${blinking().name}`}
              views={props.views}
              picture={drawable(blinking().bitmap())}
              scrolls={false}
              read={(x, y) => {
                const bitmap = blinking().bitmap()
                return bitmap ? `${blinking().name} ${pixelOf(bitmap, x, y).join(' ')}` : ''
              }}
            />
          </Show>
          <div class="blink-controls">
            <button type="button" class="text-button" aria-pressed={held()} onClick={() => setHeld(!held())}>
              {held() ? 'Go on' : 'Hold'}
            </button>
            <button
              type="button"
              class="text-button"
              onClick={() => {
                setHeld(true)
                setTurn((n) => 1 - n)
              }}
            >
              {`Show ${turn() === 0 ? 'B' : 'A'}`}
            </button>
          </div>
        </section>
      }
    >
      <div class="difference" classList={{ phone: props.phone }}>
        <div class="panes" style={{ '--n': props.phone ? 1 : 3, '--rows': props.phone ? 3 : 1 }}>
          <For each={sides}>
            {({ pane, state, bitmap, trouble: why, name }, i) => (
              <section class="pane" aria-label={`Picture ${name}`}>
                <PaneHead model={model} pane={pane()} name={name} state={state} />
                <div class="pane-body">
                  <Show when={!why()} fallback={<PaneWords bad title="cannot be shown" text={why() ?? ''} />}>
                    <PicturePane
                      index={i()}
                      label={`Picture ${name}`}
                      views={props.views}
                      picture={drawable(bitmap())}
                      scrolls={props.phone}
                      read={(x, y) => {
                        const now = bitmap()
                        return now ? pixelOf(now, x, y).join(' ') : ''
                      }}
                    />
                  </Show>
                </div>
              </section>
            )}
          </For>
          <section class="pane" aria-label="Difference">
            <div class="pane-head">
              <b>{props.signed ? 'B − A' : '| A − B |'}</b>
              <span class="note">
                {`× ${props.gain}, ${props.signed ? 'blue below, orange above, black equal' : 'black is equal'}`}
              </span>
            </div>
            <div class="pane-body">
              <Show
                when={!trouble()}
                fallback={<PaneWords bad title="not compared" text={trouble() ?? ''} />}
              >
                <PicturePane
                  index={2}
                  label="Difference"
                  views={props.views}
                  picture={difference()}
                  scrolls={props.phone}
                  read={readDifference}
                />
              </Show>
            </div>
          </section>
        </div>
        <DifferenceNumbersList
          measured={trouble() ? undefined : measured()}
          a={a.bitmap()}
          b={b.bitmap()}
          views={props.views}
        />
        <DifferenceStrip model={model} signed={props.signed} gain={props.gain} />
      </div>
    </Show>
  )
}

export function signedText(value: number): string {
  return value > 0 ? `+${formatCount(value)}` : formatCount(value)
}
