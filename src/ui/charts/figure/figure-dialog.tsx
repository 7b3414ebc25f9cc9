import '../../styles/figure.css'
import { createEffect, createMemo, createSignal, createUniqueId, on, onCleanup, Show } from 'solid-js'
import { formatBytes } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { save } from '../../../state/base/save.ts'
import { createFrames } from '../../../state/data/charts.ts'
import type { ChartView } from '../../../state/view/chart-context.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Switch } from '../../components/switch.tsx'
import {
  figureName,
  figureQuery,
  figureScene,
  figureWords,
  paintFigure,
  pngFigure,
  svgFigure,
} from './figure.ts'
import {
  type FigureOptions,
  figureOptions,
  keepFigureOptions,
  LARGE_SVG,
  MOST_SCALE,
  SIDE,
} from './figure-options.ts'

/** Saves one chart as a figure, and shows it before. */
export function FigureDialog(props: { view: ChartView; metric: string; onClose(): void }) {
  const { view, metric } = props
  const [options, setOptions] = createSignal<FigureOptions>(figureOptions(metric, view.theme()))
  const [problem, setProblem] = createSignal('')
  const [room, setRoom] = createSignal({ width: 0, height: 0 })
  let stage: HTMLDivElement | undefined
  let canvas: HTMLCanvasElement | undefined
  const id = createUniqueId()

  function set(change: Partial<FigureOptions>): void {
    setProblem('')
    keepFigureOptions(setOptions({ ...options(), ...change }))
  }

  const frames = createFrames({
    query: createMemo(() => figureQuery(view, metric, options())),
    version: () => view.dataVersion(),
    exact: () => view.exact(),
    holdY: () => undefined,
    ask: (query, signal, version) => view.frame(query, signal, version),
  })
  createEffect(() => view.setBusy(id, frames.waiting()))
  onCleanup(() => view.setBusy(id, false))
  const scene = createMemo(() => {
    const now = frames.status()
    return now.kind === 'ready' && now.frame.ends.length > 0
      ? figureScene(view, metric, now.frame, now.query, options())
      : undefined
  })
  const drawn = createMemo(() => {
    const now = scene()
    return now && { scene: now, words: figureWords(view, now) }
  })
  const svg = createMemo(() => {
    const now = drawn()
    return now && options().format === 'svg' ? svgFigure(now.scene, options(), now.words) : ''
  })
  const svgBytes = createMemo(() => new Blob([svg()]).size)
  const missing = () => {
    const now = frames.status()
    if (now.kind === 'failed') return now.error.message
    return now.kind === 'ready' || view.lines(metric).length === 0
      ? 'No shown run has this metric.'
      : 'reading'
  }

  // the preview: as large as there is room, never larger than the figure
  const fit = createMemo(() => {
    const { width, height } = options()
    return Math.min(1, room().width / width, room().height / height)
  })
  createEffect(
    on([drawn, fit, options], () => {
      const now = drawn()
      if (!now || !canvas || !(fit() > 0)) return
      canvas.style.width = `${options().width * fit()}px`
      canvas.style.height = `${options().height * fit()}px`
      paintFigure(canvas, now.scene, options(), now.words, fit() * Math.max(1, devicePixelRatio))
    }),
  )
  const sized = new ResizeObserver(() =>
    setRoom({ width: stage?.clientWidth ?? 0, height: stage?.clientHeight ?? 0 }),
  )
  onCleanup(() => sized.disconnect())

  async function attempt(work: () => Promise<void> | void): Promise<void> {
    setProblem('')
    try {
      await work()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }

  async function blob(): Promise<Blob> {
    const now = drawn()
    if (!now) throw new Error(`${metric}: ${missing()}`)
    return options().format === 'svg'
      ? new Blob([svg()], { type: 'image/svg+xml' })
      : await pngFigure(now.scene, options(), now.words)
  }

  const size = () => {
    const { format, width, height, scale } = options()
    if (format === 'png')
      return `${formatCount(width * scale)} × ${formatCount(height * scale)} pixels. Text is drawn into them.`
    return `${formatBytes(svgBytes())}. Text stays text, in the sans-serif of whoever opens it: no font file is needed.`
  }

  return (
    <Dialog label="Save figure" title="Save figure" class="dialog figure-dialog" onClose={props.onClose}>
      <form
        class="dialog-body figure-form"
        onSubmit={(event) => {
          event.preventDefault()
          void attempt(async () => {
            save(await blob(), figureName(view, metric, options().format))
            props.onClose()
          })
        }}
      >
        <div
          class="figure-stage"
          ref={(element) => {
            stage = element
            sized.observe(element)
          }}
        >
          <canvas
            ref={canvas}
            role="img"
            aria-label={`Preview of ${options().title || metric}`}
            classList={{ 'figure-clear': options().background === 'transparent' }}
            hidden={!drawn()}
          />
          <Show when={!drawn()}>
            <p role="status">{missing()}</p>
          </Show>
        </div>
        <div class="figure-fields">
          <label>
            Title
            <div class="field">
              <input
                // a keyboard of glass would cover the preview
                autofocus={!matchMedia('(pointer: coarse)').matches}
                value={options().title}
                placeholder="None"
                autocomplete="off"
                spellcheck={false}
                onFocus={(event) => event.currentTarget.select()}
                onInput={(event) => set({ title: event.currentTarget.value })}
              />
            </div>
          </label>
          <span class="control">
            Format
            <Segmented
              label="Format"
              options={[
                { value: 'png', text: 'PNG' },
                { value: 'svg', text: 'SVG' },
              ]}
              value={options().format}
              onChange={(format) => set({ format })}
            />
          </span>
          <span class="control">
            Size
            <span class="figure-size">
              <Side label="Width" value={options().width} onChange={(width) => set({ width })} />
              ×
              <Side label="Height" value={options().height} onChange={(height) => set({ height })} />
            </span>
          </span>
          <Show when={options().format === 'png'}>
            <span class="control">
              Scale
              <Segmented
                label="Scale"
                options={Array.from({ length: MOST_SCALE }, (_, i) => ({ value: i + 1, text: `${i + 1}×` }))}
                value={options().scale}
                onChange={(scale) => set({ scale })}
              />
            </span>
          </Show>
          <span class="control">
            Legend
            <Segmented
              label="Legend"
              options={[
                { value: 'right', text: 'Right' },
                { value: 'below', text: 'Below' },
                { value: 'none', text: 'None' },
              ]}
              value={options().legend}
              onChange={(legend) => set({ legend })}
            />
          </span>
          <span class="control">
            Background
            <Segmented
              label="Background"
              options={[
                { value: 'light', text: 'Light' },
                { value: 'dark', text: 'Dark' },
                {
                  value: 'transparent',
                  text: 'None',
                  name: 'None, transparent',
                  title: 'Transparent, with dark text',
                },
              ]}
              value={options().background}
              onChange={(background) => set({ background })}
            />
          </span>
          <Switch
            label="Axis titles"
            value={options().axisTitles}
            onChange={(axisTitles) => set({ axisTitles })}
          />
          <Switch
            label="Line that says what is drawn"
            title="Project, smoothing, range and rows"
            value={options().provenance}
            onChange={(provenance) => set({ provenance })}
          />
          <p class="figure-note">{size()}</p>
          <Show when={options().format === 'svg' && svgBytes() > LARGE_SVG}>
            <p class="figure-note figure-warn" role="status">
              More than 5 MB: programs may be slow with it. Fewer runs, a smaller width or PNG make less.
            </p>
          </Show>
          <Show when={problem()}>
            <p class="failure" role="alert">
              {problem()}
            </p>
          </Show>
          <div class="buttons">
            <Show when={options().format === 'png'}>
              <button
                type="button"
                class="button"
                disabled={!drawn()}
                onClick={() =>
                  void attempt(async () => {
                    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob() })])
                    props.onClose()
                  })
                }
              >
                Copy
              </button>
            </Show>
            <button type="submit" class="button primary" disabled={!drawn()}>
              Save
            </button>
          </div>
        </div>
      </form>
    </Dialog>
  )
}

/** A length in pixels; what is out of bounds is put right when the field is left. */
function Side(props: { label: string; value: number; onChange(value: number): void }) {
  const valid = (value: number): boolean =>
    Number.isInteger(value) && value >= SIDE.least && value <= SIDE.most
  return (
    <span class="field">
      <input
        type="number"
        aria-label={props.label}
        title={`${formatCount(SIDE.least)} to ${formatCount(SIDE.most)} pixels`}
        min={SIDE.least}
        max={SIDE.most}
        value={props.value}
        onInput={({ currentTarget: { valueAsNumber } }) =>
          valid(valueAsNumber) && props.onChange(valueAsNumber)
        }
        onBlur={({ currentTarget }) => {
          const asked = Math.round(currentTarget.valueAsNumber)
          const value = Number.isFinite(asked)
            ? Math.max(SIDE.least, Math.min(SIDE.most, asked))
            : props.value
          currentTarget.value = String(value)
          if (value !== props.value) props.onChange(value)
        }}
      />
    </span>
  )
}
