import type { Frame, FrameQuery, Lines, Probe, ProbeQuery, TablePage } from '../../../src/model/view.ts'
import { PLAIN, plainEnd } from '../../frames.ts'

export interface FakeSeries {
  xs: Float64Array
  ys: Float64Array
}

/** Made-up series by metric name and run number; the name says what is special about it. */
export function makeSeries(metric: string, run: number, runs: number): FakeSeries | undefined {
  let seed = 1 + run * 7919 + [...metric].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 7)
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  if (metric === 'empty') return undefined
  if (metric === 'final/score')
    return { xs: Float64Array.of(20_000), ys: Float64Array.of(run === 3 ? NaN : 0.2 + 0.01 * random() * run) }
  const count = metric === 'eval/acc' ? 24 : 2000
  const length = run % 5 === 1 ? 0.74 : run % 5 === 4 && metric.includes('nan') ? 0.37 : 1
  const xs: number[] = []
  const ys: number[] = []
  let walk = 0
  for (let i = 0; i < count * length; i++) {
    const t = (i + 1) / count
    walk = 0.9 * walk + (random() - 0.5)
    const decay =
      3.26 + (0.1 * run) / runs + 7 * Math.exp(-((t * 38) ** 0.62)) + 0.06 * (random() + random() - 1)
    let y = decay
    if (metric.includes('log'))
      y =
        Math.max(
          metric.includes('zero') ? -1 : 1e-9,
          (0.002 + 0.02 * Math.exp(-t * 9)) * Math.exp(walk * 0.4),
        ) - (metric.includes('zero') && i % 97 === 0 ? 1 : 0)
    if (metric === 'train/lr')
      y = (t < 0.035 ? t / 0.035 : 0.1 + 0.45 * (1 + Math.cos(Math.PI * t))) * 6e-4 * (1 + (run % 3))
    if (metric === 'train/tokens_per_s')
      y =
        (run % 2 ? 402_000 : 431_000) * (1 + 0.012 * (random() - 0.5)) -
        (i % 150 === 0 ? 50_000 * random() : 0)
    if (metric === 'eval/acc') y = 0.25 + 0.3 * (1 - Math.exp(-t * 3)) + 0.01 * walk + 0.01 * run
    if (metric === 'diff') y = 0.1 * Math.exp(-t * 5) - 0.05 + 0.005 * walk - 0.02 * run
    if (metric.includes('nan') && length < 0.5 && t > 0.34) y += ((t - 0.34) / 0.03) ** 3 * 2
    xs.push(Math.round(t * 20_000))
    ys.push(y)
  }
  if (metric.includes('nan') && length < 0.5) {
    xs.push(7400, 7410)
    ys.push(NaN, NaN)
  }
  if (metric.includes('inf') && run === 0) ys[900] = Infinity
  return { xs: Float64Array.from(xs), ys: Float64Array.from(ys) }
}

export function smooth(ys: Float64Array, width: number): Float64Array {
  if (width <= 0) return ys
  const half = Math.floor(Math.max(3, width) / 2)
  return ys.map((own, i) => {
    if (!Number.isFinite(own)) return NaN
    let sum = 0
    let n = 0
    for (let k = Math.max(0, i - half); k <= Math.min(ys.length - 1, i + half); k++) {
      const y = ys[k] ?? NaN
      if (Number.isFinite(y)) {
        sum += y
        n++
      }
    }
    return sum / n
  })
}

export function makeFrame(query: FrameQuery, series: (FakeSeries | undefined)[]): Frame {
  const used = series.flatMap((one, run) =>
    one ? [{ ...one, run, drawn: smooth(one.ys, query.smoothing.width) }] : [],
  )
  const full: [number, number] = [
    Math.min(...used.map((s) => s.xs[0] ?? 0)),
    Math.max(...used.map((s) => s.xs[s.xs.length - 1] ?? 1)),
  ]
  if (used.length === 0) full.splice(0, 2, 0, 1)
  const x: [number, number] = [
    query.zoom?.min ?? (query.xScale === 'log' ? full[0] : Math.min(0, full[0])),
    query.zoom?.max ?? full[1],
  ]
  const inView: number[] = []
  const marks: { run: number; x: number; kind: number }[] = []
  for (const { ys, xs, drawn, run } of used)
    for (let i = 0; i < ys.length; i++) {
      const y = drawn[i] ?? NaN
      const at = xs[i] ?? 0
      if (at < x[0] || at > x[1]) continue
      if (query.yScale === 'log' && y <= 0) marks.push({ run, x: at, kind: 3 })
      else if (Number.isFinite(y)) inView.push(query.yScale === 'log' ? Math.log10(y) : y)
      if (!Number.isFinite(ys[i]) && (i === 0 || Number.isFinite(ys[i - 1])))
        marks.push({ run, x: at, kind: ys[i] === Infinity ? 1 : 0 })
    }
  inView.sort((a, b) => a - b)
  const at = (share: number): number => inView[Math.round(share * (inView.length - 1))] ?? 0
  let y: [number, number] = [at(0), at(1)]
  const d = at(0.95) - at(0.05)
  const pad = 0.06 * (y[1] - y[0]) || 1
  if (query.range.kind === 'robust' && y[1] - y[0] > 3 * d)
    y = [Math.max(y[0], at(0.05) - 0.25 * d), at(0.95) + 0.25 * d]
  else y = [y[0] - pad, y[1] + pad]
  if (query.yScale === 'log') y = [10 ** y[0], 10 ** y[1]]
  if (query.range.kind === 'zero') y = [Math.min(0, y[0]), Math.max(0, y[1])]
  if (query.range.kind === 'manual') y = [query.range.min, query.range.max]
  const pick = (values: (s: (typeof used)[number]) => Float64Array): Lines =>
    thin(
      used.map((s) => ({ xs: s.xs, ys: values(s) })),
      x,
      query,
    )
  const flat = used.flatMap((s) => [...s.ys])
  return {
    x,
    y,
    xFull: full,
    main: pick((s) => s.drawn),
    raw: query.raw
      ? pick((s) => s.ys)
      : { xs: new Float64Array(0), ys: new Float64Array(0), starts: new Uint32Array(used.length + 1) },
    ends: used.map((s) => ({
      ...plainEnd(s.run, s.xs.at(-1) ?? NaN, s.ys.at(-1) ?? NaN, s.xs.length, s.drawn.at(-1) ?? NaN),
      rowsInView: s.xs.filter((v) => v >= x[0] && v <= x[1]).length,
    })),
    ...PLAIN,
    marks: {
      run: Uint32Array.from(marks, (m) => m.run),
      x: Float64Array.from(marks, (m) => m.x),
      kind: Uint8Array.from(marks, (m) => m.kind),
    },
    above: flat.filter((v) => v > y[1]).length,
    below: flat.filter((v) => v < y[0] && v > (query.yScale === 'log' ? 0 : -Infinity)).length,
    nonPositive: query.yScale === 'log' ? flat.filter((v) => v <= 0).length : 0,
    nonFinite: flat.filter((v) => !Number.isFinite(v)).length,
    single: used.length > 0 && used.every((s) => s.xs.length === 1),
    version: 'v1',
    fidelity: { rows: flat.length, drawn: flat.length, kind: 'exact' },
  }
}

/** First, min, max and last of each pixel column. */
function thin(lines: FakeSeries[], x: [number, number], query: FrameQuery): Lines {
  const xs: number[] = []
  const ys: number[] = []
  const starts = [0]
  for (const line of lines) {
    let i = 0
    while (i < line.xs.length) {
      const column = Math.floor((((line.xs[i] ?? 0) - x[0]) / (x[1] - x[0])) * query.width)
      const keep = new Set([i])
      let low = i
      let high = i
      let k = i
      for (
        ;
        k < line.xs.length &&
        Math.floor((((line.xs[k] ?? 0) - x[0]) / (x[1] - x[0])) * query.width) === column;
        k++
      ) {
        const value = line.ys[k] ?? NaN
        if (Number.isNaN(value) || !Number.isFinite(value)) keep.add(k)
        if (value < (line.ys[low] ?? NaN)) low = k
        if (value > (line.ys[high] ?? NaN)) high = k
      }
      for (const at of [
        ...keep
          .add(low)
          .add(high)
          .add(k - 1),
      ].sort((a, b) => a - b)) {
        const value = line.ys[at] ?? NaN
        xs.push(line.xs[at] ?? NaN)
        ys.push(Number.isFinite(value) && !(query.yScale === 'log' && value <= 0) ? value : NaN)
      }
      i = k
    }
    starts.push(xs.length)
  }
  return { xs: Float64Array.from(xs), ys: Float64Array.from(ys), starts: Uint32Array.from(starts) }
}

export function makeProbe(query: ProbeQuery, series: (FakeSeries | undefined)[]): Probe {
  const n = series.length
  const probe: Probe = {
    index: new Int32Array(n).fill(-1),
    x: new Float64Array(n).fill(NaN),
    steps: new Float64Array(n).fill(NaN),
    times: new Float64Array(n).fill(NaN),
    drawn: new Float64Array(n).fill(NaN),
    logged: new Float64Array(n).fill(NaN),
    since: new Float64Array(n).fill(NaN),
  }
  series.forEach((one, r) => {
    if (!one) return
    const i = one.xs.findLastIndex((v) => v <= query.at)
    const spacing = ((one.xs[one.xs.length - 1] ?? 0) - (one.xs[0] ?? 0)) / Math.max(1, one.xs.length - 1)
    if (i < 0 || query.at - (one.xs[i] ?? 0) > Math.max(query.reach, 1.5 * spacing)) return
    probe.index[r] = i
    probe.x[r] = probe.steps[r] = one.xs[i] ?? NaN
    probe.times[r] = 1.7e12 + (one.xs[i] ?? 0) * 1000
    probe.drawn[r] =
      smooth(one.ys.subarray(Math.max(0, i - 60), i + 60), query.smoothing.width)[Math.min(60, i)] ?? NaN
    probe.logged[r] = one.ys[i] ?? NaN
  })
  return probe
}

export function makeTable(series: (FakeSeries | undefined)[], from: number, count: number): TablePage {
  const steps = [...new Set(series.flatMap((one) => (one ? [...one.xs] : [])))].sort((a, b) => a - b)
  const page = steps.slice(from, from + count)
  const values = new Float64Array(page.length * series.length).fill(NaN)
  const present = new Uint8Array(page.length * series.length)
  series.forEach((one, r) => {
    page.forEach((step, row) => {
      const i = one ? one.xs.indexOf(step) : -1
      if (!one || i < 0) return
      values[row * series.length + r] = one.ys[i] ?? NaN
      present[row * series.length + r] = 1
    })
  })
  return { steps: Float64Array.from(page), values, present, total: steps.length, from }
}
