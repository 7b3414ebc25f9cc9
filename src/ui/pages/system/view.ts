import { createMemo } from 'solid-js'
import { partOf } from '../../../compute/devices.ts'
import { formatCount } from '../../../compute/number.ts'
import { systemUnit } from '../../../compute/system-words.ts'
import type { Smoothing } from '../../../model/view.ts'
import { useApp } from '../../../state/app.ts'
import type { ChartView } from '../../../state/view/chart-context.ts'
import { derivedView } from '../../../state/view/derived-view.ts'
import { linesOf } from './lines.ts'
import type { Place, SystemModel } from './model.ts'

/** What a chart of the page knows: the same as those of the metrics, of the lines of its devices. */
export function createSystemView(model: SystemModel, place: () => Place): ChartView {
  const { view, system, runs, theme, downloads, location } = useApp()
  const lines = createMemo(() =>
    linesOf(place().metric, place().devices, model.shown(), model.draw(), theme()),
  )
  /** The line of a run that is pointed at in the list: its mean, or its only one. */
  const lineOf = (run: string): string | undefined => {
    const own = lines().filter(({ key }) => partOf(key).run === run)
    return own.length === 1 ? own[0]?.key : own.find(({ key }) => partOf(key).part?.kind === 'mean')?.key
  }
  const project = () => system()?.project() ?? ''
  return {
    ...derivedView(view),
    project,
    runs: lines,
    lines,
    smoothing: () => systemSmoothing(view.smoothing()),
    x: model.x,
    zoom: model.zoom,
    range(metric) {
      const own = view.range(metric)
      return own.kind === 'manual' ? own : { kind: model.range() }
    },
    highlight() {
      const hot = model.hot()
      if (hot !== undefined) return hot
      const run = view.highlight()
      return run === undefined ? undefined : lineOf(run)
    },
    setHighlight(key) {
      model.setHot(key)
      view.setHighlight(key === undefined ? undefined : partOf(key).run)
    },
    hiddenWith: () => model.hiddenWith(place().metric).length,
    showHidden: () => runs.set(model.hiddenWith(place().metric), true),
    dataVersion: model.version,
    exact: () => view.exact() && !system()?.reading(),
    readingText: () => (system()?.reading() ? 'reading system metrics' : view.readingText()),
    integer: (metric) =>
      model
        .catalogue()
        ?.metrics.filter(({ name }) => place().metric.logged.includes(name) || name === metric)
        .every(({ integer }) => integer) ?? false,
    unit: systemUnit,
    note: () => noteOf(place(), model),
    select: model.setStretch,
    stretch: model.stretch,
    // among many devices no single best one is looked for, and no area stands for them
    frame: (query, signal, version) => view.frame({ ...query, area: undefined }, signal, version),
    table: (metric, from, count, how) =>
      view.tableOf({ project: project(), metric, runs: lines().map(({ key }) => key), from, count }, how),
    downloadCsv: (metric) =>
      downloads.csv(
        project(),
        view.projectName(),
        metric,
        lines()
          .filter(({ key }) => partOf(key).part?.kind !== 'mean')
          .map(({ key }) => key),
      ),
    setZoom(next, replace) {
      // an axis that is not on this page ends with the first range of this one
      if (view.x().kind === 'metric') location.patch({ x: model.x() })
      view.setZoom(next, replace)
    },
  }
}

/** Nobody set it: samples stand as they were taken. */
export function systemSmoothing(smoothing: Smoothing): Smoothing {
  return smoothing.auto ? { kind: smoothing.kind, factor: smoothing.factor, width: 0 } : smoothing
}

function noteOf({ metric, devices }: Place, model: SystemModel): string {
  if (metric.devices.length < 2) return ''
  const count = `${formatCount(devices.length)} ${devices.length === 1 ? 'device' : 'devices'}`
  const thin = devices.length > 8 || model.shown().length > 1
  return model.draw() === 'mean'
    ? `mean of ${count}`
    : thin && devices.length > 1
      ? `${count}, mean at full weight`
      : count
}
