import { createEffect, createMemo, createSignal, createUniqueId, onCleanup, Show } from 'solid-js'
import { deviceKey, partOf } from '../../../compute/devices.ts'
import { formatCount, formatDuration, formatFixed, formatValue } from '../../../compute/number.ts'
import { outlierOf } from '../../../compute/outlier.ts'
import { isShare, systemUnit } from '../../../compute/system-words.ts'
import { clockTicks, durationTicks, formatClock, linearTicks, type Ticks } from '../../../compute/ticks.ts'
import { useApp } from '../../../state/app.ts'
import { createAnswer } from '../../../state/base/wanted.ts'
import { ChartIcon } from '../../charts/chart-icons.tsx'
import { readTokens } from '../../charts/design-tokens.ts'
import { createRatio } from '../../charts/ratio.ts'
import { Name } from '../../components/name.tsx'
import { drawCells, EDGE, layoutStrip, type StripLayout, scaleOf } from './draw-strip.ts'
import type { Place, SystemModel } from './model.ts'
import { StripTable } from './strip-table.tsx'
import { StripTip } from './strip-tip.tsx'

const CAPTION = 30

export interface StripProps {
  model: SystemModel
  place: Place
  width: number
}

/** Many devices over x: a row for each, colour for the value. */
export function Strip(props: StripProps) {
  const { model } = props
  const { view, system, theme, preferences, settled } = useApp()
  const ratio = createRatio()
  let cells: HTMLCanvasElement | undefined
  let overlay: HTMLCanvasElement | undefined
  const [row, setRow] = createSignal(0)
  const [inside, setInside] = createSignal(false)
  const [drag, setDrag] = createSignal<{ from: number; to: number }>()
  const [anchor, setAnchor] = createSignal<number>()
  const [table, setTable] = createSignal(false)
  const [spoken, setSpoken] = createSignal('')
  const metric = () => props.place.metric.name
  const alone = () => model.shown().length === 1
  const lines = createMemo(() =>
    model.shown().flatMap((run) =>
      props.place.devices.map((device) => ({
        key: deviceKey(run.key, { kind: 'device', device }),
        name: alone() ? device : `${run.name} ${device}`,
      })),
    ),
  )
  const layout = createMemo(() => layoutStrip(lines(), props.width))
  const answer = createAnswer(
    settled,
    () =>
      props.width > 0
        ? {
            metric: metric(),
            lines: lines().map(({ key }) => key),
            x: model.x(),
            zoom: model.zoom(),
            width: Math.floor(layout().width * ratio()),
          }
        : undefined,
    model.version,
    (query, signal) => {
      const now = system()
      return now ? now.strip(query, signal) : Promise.reject(new Error('no system metrics'))
    },
  )
  const strip = createMemo(() => answer.latest()?.answer)
  const cubed = () => isShare(metric())
  const range = createMemo((): [number, number] =>
    cubed() ? [0, 100] : [strip()?.low ?? 0, strip()?.high ?? 1],
  )
  const cursor = createMemo(() => view.cursor()?.x)
  const here = createAnswer(
    settled,
    () => {
      const at = inside() ? cursor() : undefined
      return at === undefined
        ? undefined
        : { metric: metric(), lines: lines().map(({ key }) => key), x: model.x(), at }
    },
    () => 0,
    (query, signal) => {
      const now = system()
      return now ? now.samples(query, signal) : Promise.reject(new Error('no system metrics'))
    },
  )

  const map = () => {
    const [min, max] = strip()?.x ?? [0, 1]
    const { left, width } = layout()
    return {
      toPixel: (x: number) => left + ((x - min) / (max - min || 1)) * width,
      fromPixel: (px: number) => min + (Math.max(0, Math.min(width, px - left)) / width) * (max - min),
    }
  }

  createEffect(() => {
    const [now, place, size] = [strip(), layout(), ratio()]
    if (!cells || !now || table()) return
    const width = Math.round(props.width * size)
    const height = Math.round(place.height * size)
    if (cells.width !== width || cells.height !== height) {
      cells.width = width
      cells.height = height
    }
    const pen = cells.getContext('2d')
    if (!pen) return
    pen.setTransform(1, 0, 0, 1, 0, 0)
    pen.clearRect(0, 0, width, height)
    const known = now.means.length === Math.floor(place.width * size) * place.rows.length
    if (known)
      drawCells(pen, {
        strip: now,
        layout: place,
        theme: theme(),
        range: range(),
        cubed: cubed(),
        ratio: size,
      })
    pen.setTransform(size, 0, 0, size, 0, 0)
    drawWords(pen, place, now, theme(), { ticks: ticks(), toPixel: map().toPixel, words: valueWords })
  })

  const hotRow = createMemo(() => {
    const hot = model.hot()
    const at = hot === undefined ? -1 : lines().findIndex(({ key }) => key === hot)
    return at >= 0 ? at : undefined
  })

  createEffect(() => {
    const [place, size] = [layout(), ratio()]
    const [x, chosen, taken, pulled] = [cursor(), inside() ? row() : hotRow(), model.stretch(), drag()]
    if (!overlay || table()) return
    const width = Math.round(props.width * size)
    const height = Math.round(place.height * size)
    if (overlay.width !== width || overlay.height !== height) {
      overlay.width = width
      overlay.height = height
    }
    const pen = overlay.getContext('2d')
    if (!pen || !strip()) return
    pen.setTransform(size, 0, 0, size, 0, 0)
    pen.clearRect(0, 0, props.width, place.height)
    const { toPixel } = map()
    const tokens = readTokens(theme())
    const bottom = place.height - EDGE.bottom
    const clamp = (px: number) => Math.max(place.left, Math.min(place.left + place.width, px))
    const ends = pulled ?? (taken && { from: taken.min, to: taken.max })
    if (ends) {
      const [a, b] = [
        clamp(toPixel(Math.min(ends.from, ends.to))),
        clamp(toPixel(Math.max(ends.from, ends.to))),
      ]
      pen.fillStyle = tokens.ink
      pen.fillRect(a, 0, b - a, 3)
      for (const px of [a, b]) {
        pen.fillStyle = tokens.paper
        pen.fillRect(Math.round(px) - 1.5, 0, 3, bottom)
        pen.fillStyle = tokens.ink
        pen.fillRect(Math.round(px) - 0.5, 0, 1, bottom)
      }
    }
    if (x === undefined) return
    const px = toPixel(x)
    if (px < place.left - 0.5 || px > place.left + place.width + 0.5) return
    pen.fillStyle = tokens.ink
    pen.fillRect(Math.round(px) - 0.5, 2, 1, bottom - 2)
    const found = chosen === undefined ? undefined : place.rows[chosen]
    if (found) {
      pen.strokeStyle = tokens.ink
      pen.strokeRect(Math.round(px) - 3.5, found.top - 0.5, 7, place.row)
    }
    if (inside()) drawChip(pen, clamp(px), bottom, words(x), tokens)
  })

  onCleanup(() => {
    if (inside()) view.setCursor(undefined)
  })

  const ticks = createMemo((): Ticks => {
    const [min, max] = strip()?.x ?? [0, 1]
    const most = Math.max(2, Math.min(9, Math.floor(layout().width / 110)))
    switch (model.x().kind) {
      case 'step':
        return linearTicks(min, max, most)
      case 'relative':
        return durationTicks(min, max, most)
      case 'wall':
        return clockTicks(min, max, most, preferences.value().timeZone)
    }
  })

  function words(x: number): string {
    switch (model.x().kind) {
      case 'step':
        return formatCount(x, 0)
      case 'relative':
        return formatDuration(x)
      case 'wall':
        return formatClock(x, preferences.value().timeZone)
    }
  }

  function at(event: PointerEvent): { x: number; row: number } {
    const box = overlay?.getBoundingClientRect()
    const raw = map().fromPixel(event.clientX - (box?.left ?? 0))
    const y = event.clientY - (box?.top ?? 0)
    const { rows, row: high } = layout()
    const found = rows.findIndex(({ top }) => y < top + high)
    return {
      x: model.x().kind === 'step' ? Math.round(raw) : raw,
      row: found < 0 ? rows.length - 1 : found,
    }
  }

  function point(x: number, to: number): void {
    setInside(true)
    setRow(to)
    view.setCursor({ x, metric: metric(), pinned: false })
    const key = lines()[to]?.key
    model.setHot(key)
    view.setHighlight(key === undefined ? undefined : partOf(key).run)
  }

  function leave(): void {
    setInside(false)
    setDrag(undefined)
    view.setCursor(undefined)
    model.setHot(undefined)
    view.setHighlight(undefined)
  }

  function onPointerMove(event: PointerEvent): void {
    const found = at(event)
    point(found.x, found.row)
    const now = drag()
    if (now) setDrag({ ...now, to: found.x })
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0) return
    const { x } = at(event)
    overlay?.setPointerCapture(event.pointerId)
    setDrag({ from: x, to: x })
  }

  function onPointerUp(): void {
    const now = drag()
    setDrag(undefined)
    if (!now) return
    const { toPixel } = map()
    // a click is no stretch
    if (Math.abs(toPixel(now.from) - toPixel(now.to)) < 4) return
    model.setStretch({ min: Math.min(now.from, now.to), max: Math.max(now.from, now.to) })
  }

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const [min, max] = strip()?.x ?? [0, 1]
    const cell = (max - min) / layout().width
    const one = (model.x().kind === 'step' ? Math.max(1, Math.round(cell)) : cell) * (event.shiftKey ? 10 : 1)
    const now = cursor() ?? max
    const to = (x: number, by = 0) => {
      point(Math.max(min, Math.min(max, x)), Math.max(0, Math.min(lines().length - 1, row() + by)))
      speak()
    }
    switch (event.key) {
      case 'ArrowLeft':
        to(now - one)
        break
      case 'ArrowRight':
        to(now + one)
        break
      case 'ArrowUp':
        to(now, -1)
        break
      case 'ArrowDown':
        to(now, 1)
        break
      case 'Home':
        to(min)
        break
      case 'End':
        to(max)
        break
      case 'Enter': {
        const from = anchor()
        if (from === undefined) {
          setAnchor(now)
          setSpoken(`Stretch from ${words(now)}; Enter again ends it`)
        } else {
          setAnchor(undefined)
          model.setStretch({ min: Math.min(from, now), max: Math.max(from, now) })
        }
        break
      }
      case 'Escape':
        if (anchor() === undefined && !model.stretch()) return
        if (anchor() !== undefined) setAnchor(undefined)
        else model.setStretch(undefined)
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  let speaking: ReturnType<typeof setTimeout> | undefined
  function speak(): void {
    clearTimeout(speaking)
    speaking = setTimeout(() => {
      const found = here.latest()?.answer
      const at = cursor()
      if (!found || at === undefined) return
      setSpoken(
        `${axisWord()} ${words(at)}, ${lines()[row()]?.name ?? ''} ${valueWords(found.mean[row()] ?? Number.NaN)}`,
      )
    }, 500)
  }
  onCleanup(() => clearTimeout(speaking))

  const axisWord = () => ({ step: 'Step', relative: 'Elapsed', wall: 'Time' })[model.x().kind]
  const valueWords = (value: number) =>
    Number.isNaN(value)
      ? 'no sample'
      : cubed()
        ? `${formatFixed(value, 1)} %`
        : `${formatValue(value)} ${systemUnit(metric())}`.trim()
  const gapWords = createMemo(() => {
    const longest = Math.max(0, ...Array.from(strip()?.longestGap ?? [], (gap) => (gap === gap ? gap : 0)))
    return longest > 0 ? `, longest gap ${formatDuration(longest)}` : ''
  })
  const note = createMemo(() => {
    const samples = Array.from(strip()?.samples ?? []).reduce((sum, n) => sum + n, 0)
    return `${formatCount(lines().length)} devices, ${formatCount(samples)} samples${gapWords()}`
  })
  const summary = () => {
    const now = strip()
    if (!now) return metric()
    const means = Array.from(now.mean).filter(Number.isFinite)
    const spread =
      means.length > 0 ? `, means ${valueWords(Math.min(...means))} to ${valueWords(Math.max(...means))}` : ''
    return `${metric()}, ${note()}, ${axisWord().toLowerCase()} ${words(now.x[0])} to ${words(now.x[1])}${spread}`
  }
  const id = createUniqueId()
  return (
    <figure
      class="chart system-strip"
      aria-label={metric()}
      data-metric={metric()}
      data-state={answer.error() ? 'error' : strip() ? 'ready' : 'loading'}
      data-series={String(lines().length)}
      data-x={model.x().kind}
      data-xmin={String(strip()?.x[0] ?? '')}
      data-xmax={String(strip()?.x[1] ?? '')}
      style={{ height: `${CAPTION + layout().height}px` }}
    >
      <figcaption class="chart-caption">
        <b class="chart-name">
          <Name of={metric()} />
        </b>
        <span class="chart-unit">{systemUnit(metric())}</span>
        <span class="chart-space" />
        <span class="strip-key" aria-hidden="true">
          {formatValue(range()[0], 3, true)}
          <i style={{ background: keyGradient(theme(), cubed()) }} />
          {`${formatValue(range()[1], 3, true)} ${systemUnit(metric())}`}
        </span>
        <span class="chart-note">
          <span title={note()}>{note()}</span>
        </span>
        <span class="chart-tools">
          <button
            type="button"
            class="chart-tool"
            aria-label={table() ? 'Show as chart' : 'Show as table'}
            title={table() ? 'Show as chart' : 'Show as table'}
            onClick={() => setTable(!table())}
          >
            <ChartIcon name={table() ? 'chart' : 'table'} />
          </button>
        </span>
      </figcaption>
      <Show when={answer.error()}>
        {(cause) => (
          <p class="system-error" role="alert">
            {`Could not read this metric: ${cause()} `}
            <button type="button" class="link-button" onClick={answer.retry}>
              Retry
            </button>
          </p>
        )}
      </Show>
      <Show
        when={!table()}
        fallback={
          <Show when={strip()}>
            {(now) => <StripTable strip={now()} lines={lines()} metric={metric()} words={valueWords} />}
          </Show>
        }
      >
        <div class="strip-box" style={{ height: `${layout().height}px` }}>
          <canvas class="chart-layer" ref={cells} />
          {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a chart that takes keys is an application (design §12) */}
          <canvas
            class="chart-layer chart-overlay strip-overlay"
            ref={overlay}
            tabindex="0"
            role="application"
            aria-roledescription="chart"
            aria-label={summary()}
            aria-describedby={id}
            onPointerMove={onPointerMove}
            onPointerDown={onPointerDown}
            onPointerUp={onPointerUp}
            onPointerCancel={() => setDrag(undefined)}
            onPointerLeave={leave}
            onDblClick={() => view.setZoom(undefined)}
            onKeyDown={key}
            onBlur={() => inside() && leave()}
          />
          <Show when={inside() && !drag() && here.latest()}>
            {(found) => (
              <StripTip
                title={`${axisWord()} ${words(found().query.at)}`}
                lines={lines()}
                row={row()}
                samples={found().answer}
                words={valueWords}
                left={map().toPixel(found().query.at)}
                top={layout().rows[row()]?.top ?? 0}
                width={props.width}
                height={layout().height}
              />
            )}
          </Show>
          <span class="unseen" id={id}>
            Arrows move by step and device, Enter marks a stretch
          </span>
          <span class="unseen" aria-live="polite">
            {spoken()}
          </span>
        </div>
      </Show>
    </figure>
  )
}

/** The scale as it is drawn: of shares the strong colours lie near the end. */
function keyGradient(theme: 'light' | 'dark', cubed: boolean): string {
  const scale = scaleOf(theme)
  const stops = Array.from({ length: 13 }, (_, i) => {
    const share = i / 12
    const color = scale[Math.round(255 * (cubed ? share ** 3 : share))] ?? 0
    return `#${color.toString(16).padStart(6, '0')}`
  })
  return `linear-gradient(90deg, ${stops.join(', ')})`
}

/** Names at left, means at right, the axis below. In CSS pixels. */
function drawWords(
  pen: CanvasRenderingContext2D,
  layout: StripLayout,
  strip: { mean: Float64Array; x: [number, number] },
  theme: 'light' | 'dark',
  { ticks, toPixel, words }: { ticks: Ticks; toPixel(x: number): number; words(value: number): string },
): void {
  const tokens = readTokens(theme)
  const apart = outlierOf(Array.from(strip.mean))
  pen.font = `11px ${tokens.font}`
  pen.textBaseline = 'middle'
  let below = Number.NEGATIVE_INFINITY
  layout.rows.forEach(({ name, top }, i) => {
    // names stand 12 apart at least
    if (top + layout.row / 2 < below + 12 && i !== apart) return
    below = top + layout.row / 2
    pen.fillStyle = i === apart ? tokens.ink : tokens.ink3
    pen.textAlign = 'right'
    pen.fillText(clipped(pen, name, layout.left - 24), layout.left - 8, below)
    const mean = strip.mean[i] ?? Number.NaN
    if (Number.isNaN(mean)) return
    pen.textAlign = 'left'
    pen.fillText(words(mean), layout.left + layout.width + 8, below)
  })
  const bottom = layout.height - EDGE.bottom + 2
  pen.fillStyle = tokens.axis
  pen.fillRect(layout.left, bottom, layout.width, 1)
  pen.textAlign = 'center'
  ticks.values.forEach((value, i) => {
    const px = Math.round(toPixel(value))
    if (px < layout.left - 1 || px > layout.left + layout.width + 1) return
    pen.fillStyle = tokens.axis
    pen.fillRect(px, bottom, 1, 4)
    pen.fillStyle = tokens.ink3
    pen.fillText(ticks.labels[i] ?? '', px, bottom + 13)
  })
}

function clipped(pen: CanvasRenderingContext2D, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text
  let end = text.length
  while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > room) end--
  return `${text.slice(0, end)}…`
}

function drawChip(
  pen: CanvasRenderingContext2D,
  px: number,
  bottom: number,
  text: string,
  tokens: ReturnType<typeof readTokens>,
): void {
  pen.font = `11px ${tokens.font}`
  const width = Math.ceil(pen.measureText(text).width) + 10
  pen.fillStyle = tokens.ink
  pen.fillRect(px - width / 2, bottom + 7, width, 16)
  pen.fillStyle = tokens.paper
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(text, px, bottom + 15.5)
}
