import { createMemo, createSignal } from 'solid-js'
import { compareDevices, type DeviceMetric } from '../../../compute/devices.ts'
import { makeMetricTest } from '../../../compute/filter.ts'
import { roleMetric, type SystemRole } from '../../../compute/system-words.ts'
import type { RangeMode, XAxis } from '../../../model/view.ts'
import type { Own } from '../../../state/address/link.ts'
import { formatList, parseList } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { SYSTEM } from '../ids.ts'
import { type Draw, STRIP_FROM } from './lines.ts'

export type SystemModel = ReturnType<typeof createSystemModel>
export type TimeAxis = Exclude<XAxis, { kind: 'metric' }>

export type PageRange = Exclude<RangeMode['kind'], 'manual'>

/** A part of the x axis. */
export interface Stretch {
  min: number
  max: number
}

/** A chart of the page: a metric, and how it is drawn. */
export interface Place {
  metric: DeviceMetric
  /** Those of its devices that are shown. */
  devices: string[]
  strip: boolean
}

export const ROLES: readonly SystemRole[] = ['utilization', 'power', 'memory', 'temperature']

/** What the page shows: by its own parameters of the address, and by which runs are shown. */
export function createSystemModel() {
  const { system, view, location, runs, patterns, data } = useApp()
  const own = createMemo((): Own => location.view().own[SYSTEM] ?? {})
  const [hot, setHot] = createSignal<string>()
  const shown = createMemo(() => view.runs())
  const catalogue = createMemo(() => system()?.catalogue())
  const all = createMemo(() => system()?.metrics() ?? [])
  const draw = createMemo((): Draw => DRAWS.find((one) => one === own().draw) ?? 'auto')
  /** All of it: what a machine did seldom (idling) is what is looked for. */
  const range = createMemo((): PageRange => RANGES.find((one) => one === own().range) ?? 'full')
  const split = () => own().split === 'on'
  const off = createMemo(() => new Set(parseList(own().off ?? '')))
  const isOn = (device: string): boolean => !off().has(device)

  /** A metric of another page's axis has no place here: samples have times, and steps by them. */
  const x = createMemo((): TimeAxis => {
    const wanted = view.x()
    return wanted.kind === 'metric' ? { kind: 'step' } : wanted
  })
  const zoom = () => (view.x().kind === 'metric' ? undefined : view.zoom())
  const stretch = createMemo((): Stretch | undefined => {
    const [kind, ends = ''] = (own().stretch ?? '').split(':')
    const [a = Number.NaN, b = Number.NaN] = ends.split(',').map(Number)
    return kind === x().kind && Number.isFinite(a) && Number.isFinite(b)
      ? { min: Math.min(a, b), max: Math.max(a, b) }
      : undefined
  })

  /** Counts of samples by metric, as it is logged, over the shown runs. */
  const samplesOf = createMemo(() => {
    const now = catalogue()
    const keys = new Set(shown().map(({ key }) => key))
    const counts = new Map<string, number>()
    now?.metrics.forEach(({ name }, m) => {
      let sum = 0
      now.runs.forEach((run, r) => {
        if (keys.has(run.key)) sum += now.counts[m * now.runs.length + r] ?? 0
      })
      counts.set(name, sum)
    })
    return counts
  })
  const isSampled = (name: string): boolean => (samplesOf().get(name) ?? 0) > 0
  const devices = createMemo(
    () => {
      const found = all().flatMap((metric) =>
        metric.devices.filter((_, i) => isSampled(metric.logged[i] ?? '')),
      )
      return [...new Set(found)].sort(compareDevices)
    },
    [],
    { equals: (a, b) => a.join('\n') === b.join('\n') },
  )
  const searched = createMemo<readonly DeviceMetric[]>((before) => {
    const text = own().q ?? ''
    const wanted = split() ? all().flatMap(apart) : all()
    if (text === '') return wanted
    return patterns.attempt(
      () => {
        const test = makeMetricTest(text, own().regex === 'on')
        return wanted.filter(({ name, logged }) => test(name) || logged.some(test))
      },
      () => before,
    )
  }, [])
  const places = createMemo(() =>
    searched().flatMap((metric): Place[] => {
      const kept = metric.devices.filter((device, i) => isOn(device) && isSampled(metric.logged[i] ?? ''))
      if (metric.devices.length > 0 && kept.length === 0) return []
      if (split() && off().size > 0 && metric.logged.length === 1 && isOfHidden(metric.name, off())) return []
      if (!metric.logged.some(isSampled)) return []
      return [{ metric, devices: kept, strip: isStrip(metric, kept) }]
    }),
  )

  /** By itself only what tells a machine's load: one picture for the eye, the others are read along. */
  function isStrip(metric: DeviceMetric, kept: readonly string[]): boolean {
    if (kept.length < 2) return false
    if (draw() !== 'auto') return draw() === 'strip'
    return (
      kept.length >= STRIP_FROM &&
      shown().length === 1 &&
      metric.name === roleMetric(all(), 'utilization')?.name
    )
  }

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [SYSTEM]: { ...before[SYSTEM], ...change } } })
  }

  return {
    own,
    set,
    all,
    shown,
    catalogue,
    places,
    searched,
    samplesOf,
    draw,
    range,
    split,
    devices,
    isOn,
    setDevices(names: readonly string[], on: boolean): void {
      const next = new Set(off())
      for (const name of names) {
        if (on) next.delete(name)
        else next.add(name)
      }
      set({ off: formatList([...next].sort(compareDevices)) })
    },
    x,
    zoom,
    setX(kind: TimeAxis['kind']): void {
      view.setCursor(undefined)
      location.patch({ x: { kind }, zoom: undefined })
      set({ stretch: '' })
    },
    stretch,
    setStretch(next: Stretch | undefined): void {
      if (!next) return set({ stretch: '' })
      // there is no step 12.7: those inside count
      const [min, max] =
        x().kind === 'step' ? [Math.ceil(next.min), Math.floor(next.max)] : [next.min, next.max]
      if (max >= min) set({ stretch: `${x().kind}:${round(min)},${round(max)}` })
    },
    /** Roles of the summary, with the metrics that tell them. */
    roles: createMemo(() => {
      const found = new Map<SystemRole, DeviceMetric>()
      const some = all().filter(({ logged }) => logged.some(isSampled))
      for (const role of ROLES) {
        const metric = roleMetric(some, role)
        if (metric) found.set(role, metric)
      }
      return found
    }),
    hot,
    setHot,
    /** The version of what charts show. */
    version: () => system()?.version() ?? data.version(),
    hiddenWith(metric: DeviceMetric): string[] {
      const now = catalogue()
      if (!now) return []
      const rows = now.metrics.flatMap(({ name }, m) => (metric.logged.includes(name) ? [m] : []))
      return now.runs.flatMap(({ key }, r) =>
        !runs.isShown(key) && rows.some((m) => (now.counts[m * now.runs.length + r] ?? 0) > 0) ? [key] : [],
      )
    },
  }
}

const RANGES: readonly PageRange[] = ['robust', 'zero']
const DRAWS: readonly Draw[] = ['lines', 'mean', 'strip']

/** Each device as a metric of its own. */
function apart(metric: DeviceMetric): DeviceMetric[] {
  return metric.devices.length === 0
    ? [metric]
    : metric.logged.map((name) => ({ name, devices: [], logged: [name] }))
}

function isOfHidden(name: string, off: ReadonlySet<string>): boolean {
  return [...off].some((device) => name.startsWith(`${device}/`))
}

/** Six digits of seconds and milliseconds are more than anyone can point at. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}
