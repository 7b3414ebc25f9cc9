import { DEFAULT_VIEW, type ViewState } from './link.ts'
import { formatView, parseView } from './view-parameters.ts'

/** Fields of the view whose beginning a person can choose. */
export const DEFAULT_FIELDS = [
  'smoothing',
  'x',
  'yScale',
  'range',
  'columns',
  'shown',
  'raw',
  'envelope',
  'statistic',
  'band',
] as const satisfies readonly (keyof ViewState)[]

export type ChartDefaults = Pick<ViewState, (typeof DEFAULT_FIELDS)[number]>

/** What charts begin with, by what is kept of it (`range=full&cols=4`); the rest as for everybody. */
export function chartDefaults(text: string): ChartDefaults {
  return picked(parseView(new URLSearchParams(text), DEFAULT_VIEW).view)
}

/** The other way round: only what differs from what everybody begins with. */
export function formatDefaults(defaults: ChartDefaults): string {
  return formatView({ ...DEFAULT_VIEW, ...picked(defaults) }, DEFAULT_VIEW)
}

/** What of a kept text can be understood. A metric as x axis, or single runs, are nothing to begin every project with. */
export function checkedDefaults(text: string): string {
  const defaults = chartDefaults(text)
  return formatDefaults({
    ...defaults,
    x: defaults.x.kind === 'metric' ? DEFAULT_VIEW.x : defaults.x,
    shown: defaults.shown.kind === 'latest' ? defaults.shown : DEFAULT_VIEW.shown,
  })
}

function picked(view: ChartDefaults): ChartDefaults {
  const { smoothing, x, yScale, range, columns, shown, raw, envelope, statistic, band } = view
  return { smoothing, x, yScale, range, columns, shown, raw, envelope, statistic, band }
}
