import { createEffect, createMemo, createSignal, For, onCleanup, Show } from 'solid-js'
import { spread } from '../../../compute/media-grid.ts'
import { unionSteps } from '../../../compute/media-steps.ts'
import { formatCount, formatFixed } from '../../../compute/number.ts'
import { lowerBound } from '../../../compute/thin.ts'
import { isAbort } from '../../../model/errors.ts'
import { createWidth } from '../../components/width.ts'
import { measure } from './measure.ts'
import type { MediaModel } from './model.ts'
import { type Pane, shownIn } from './open-panes.ts'
import { designTokens } from './tokens.ts'

const CELL = 104
const GAP = 8
const HEAD = 136

/** The same difference along the steps that both have, with the mean error under each; some of them where all do not
 * fit, which is said. */
export function DifferenceStrip(props: { model: MediaModel; signed: boolean; gain: number }) {
  const { model } = props
  const [width, takeStrip] = createWidth()
  const panes = () => model.panes().slice(0, 2)
  const steps = createMemo(() => {
    const all = panes().map((pane) => model.itemsOf(pane.run, pane.key).map(({ step }) => step))
    const { steps: union, every } = unionSteps(all)
    return union.filter((_, i) => every[i] === 1)
  })
  const free = () => panes().every(({ step }) => step === undefined)
  const places = createMemo(() => {
    const room = Math.max(1, Math.floor((width() - 32 - HEAD) / (CELL + GAP)))
    const at = model.step()
    const held = at === undefined ? -1 : lowerBound(steps(), at)
    return spread(steps().length, room, steps()[held] === at ? held : -1).flatMap((i) => steps()[i] ?? [])
  })
  return (
    <section class="difference-strip" aria-label="Difference along the steps" ref={takeStrip}>
      <Show
        when={free() && steps().length > 1}
        fallback={
          <p class="note">
            {free()
              ? 'Both have one step in common at most: no strip of differences'
              : 'A pinned picture stays at its step: no strip of differences'}
          </p>
        }
      >
        <div class="strip-head">
          <b>{`${props.signed ? 'B − A' : '| A − B |'} by step`}</b>
          <span class="note">mean error, of 255</span>
          <span class="note">{`${formatCount(places().length)} of ${formatCount(steps().length)} steps`}</span>
        </div>
        <For each={places()}>
          {(step) => (
            <StripCell
              model={model}
              panes={panes()}
              step={step}
              signed={props.signed}
              gain={props.gain}
              asked={step === model.step()}
            />
          )}
        </For>
      </Show>
    </section>
  )
}

/** One at a time: each decodes two whole pictures. */
let queue: Promise<unknown> = Promise.resolve()

function StripCell(props: {
  model: MediaModel
  panes: readonly Pane[]
  step: number
  signed: boolean
  gain: number
  asked: boolean
}) {
  const { model } = props
  const [words, setWords] = createSignal('')
  const [bad, setBad] = createSignal(false)
  let canvas: HTMLCanvasElement | undefined
  const items = createMemo(() =>
    props.panes.map(
      (pane) => shownIn(pane, model.itemsOf(pane.run, pane.key), props.step, { kind: 'nothing' }).item,
    ),
  )
  const paths = createMemo(() => items().map((item) => item && model.media.payload(item)?.path))
  createEffect(() => {
    const [one, other] = paths()
    const { signed, gain } = props
    if (one === undefined || other === undefined) return
    const abort = new AbortController()
    onCleanup(() => abort.abort())
    queue = queue
      .then(() => draw(one, other, signed, gain, abort.signal))
      .catch((error: unknown) => {
        if (isAbort(error) || abort.signal.aborted) return
        setBad(true)
        setWords(error instanceof Error ? error.message : String(error))
      })
  })
  async function draw(
    one: string,
    other: string,
    signed: boolean,
    gain: number,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted()
    const bitmaps: ImageBitmap[] = []
    try {
      for (const [i, path] of [one, other].entries()) {
        const blob = await model.media.file(path, signal)
        signal.throwIfAborted()
        if (!blob) throw new Error(`${'AB'[i]}: missing file`)
        bitmaps.push(
          await createImageBitmap(blob).catch(() => {
            throw new Error(`${'AB'[i]}: broken file`)
          }),
        )
      }
      const [a, b] = bitmaps
      if (!a || !b) return
      if (a.width !== b.width || a.height !== b.height) throw new Error('different sizes')
      const { minus, plus } = designTokens()
      const { numbers, picture } = await measure(a, b, {
        signal,
        draw: { signed, gain, colors: [minus, plus] },
      })
      const context = canvas?.getContext('2d')
      if (!canvas || !context || !picture) return
      const scale = Math.min(
        1,
        (CELL * (window.devicePixelRatio || 1)) / Math.max(picture.width, picture.height),
      )
      canvas.width = Math.max(1, Math.round(picture.width * scale))
      canvas.height = Math.max(1, Math.round(picture.height * scale))
      context.drawImage(picture, 0, 0, canvas.width, canvas.height)
      setBad(false)
      setWords(formatFixed(numbers.mean, 1))
    } finally {
      for (const bitmap of bitmaps) bitmap.close()
    }
  }
  return (
    <button
      type="button"
      class="strip-cell"
      classList={{ asked: props.asked }}
      aria-label={`Step ${formatCount(props.step)}, ${bad() ? words() : `mean error ${words()}`}`}
      aria-pressed={props.asked}
      onClick={() => model.setStep(props.step)}
    >
      <span class="strip-step">{formatCount(props.step)}</span>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus */}
      <canvas ref={canvas} aria-hidden="true" />
      <span classList={{ bad: bad() }}>{words()}</span>
    </button>
  )
}
