import { createMemo } from 'solid-js'
import { makeMetricTest } from '../../../compute/filter.ts'
import { nearestTick, type StepTicks, unionSteps } from '../../../compute/media-steps.ts'
import { PERCENTILES, type PercentileName } from '../../../compute/percentile-name.ts'
import type { Section } from '../../../compute/section.ts'
import { sectionsOf } from '../../../compute/sections.ts'
import type { HistogramRange } from '../../../model/histogram.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createHistogramIndex, stepsByKey } from '../../../state/pages/histograms.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import type { ValueAxis } from '../../charts/histogram/scene.ts'
import { HISTOGRAMS } from '../ids.ts'

export type View = 'mixed' | 'heat' | 'ridge' | 'percentiles' | 'outlines'
export type HistogramsModel = ReturnType<typeof createHistogramsModel>

const VIEWS: readonly View[] = ['heat', 'ridge', 'percentiles', 'outlines']

/** What the page shows: by its own parameters of the address, and by which runs are shown. */
export function createHistogramsModel() {
  const { ask, settled, data, location, view, sources, runs, patterns } = useApp()
  const own = createMemo((): Own => location.view().own[HISTOGRAMS] ?? {})
  const index = createHistogramIndex(
    { ask, settled, version: data.version },
    () => sources.project()?.id && view.project(),
  )
  const shown = createMemo(() => view.runs())

  /** Steps at which each run logged each key. */
  const held = createMemo(() => stepsByKey(index.answer()))
  const keys = createMemo(() => [...held().keys()])
  const runsWith = (key: string): ShownRun[] => {
    const byRun = held().get(key)
    return shown().filter((run) => byRun?.has(run.key))
  }
  const inShown = createMemo(() => keys().filter((key) => runsWith(key).length > 0))
  const searched = createMemo<string[]>((before) => {
    const text = own().q ?? ''
    if (text === '') return inShown()
    return patterns.attempt(
      () => inShown().filter(makeMetricTest(text, own().regex === 'on')),
      () => before,
    )
  }, [])
  const sections = createMemo(() => flat(sectionsOf(searched())), [], {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  })
  const ordered = createMemo(() => sections().flatMap(({ metrics }) => metrics))
  const ticks = createMemo((): StepTicks => {
    const wanted = searched()
    return unionSteps(
      shown().flatMap(({ key: run }) => {
        const steps = wanted.flatMap((key) => held().get(key)?.get(run) ?? [])
        return steps.length > 0 ? [steps] : []
      }),
    )
  })
  const step = createMemo((): number | undefined => {
    const { steps } = ticks()
    const asked = own().step
    return asked === undefined || asked === '' ? steps[steps.length - 1] : nearestTick(steps, Number(asked))
  })

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [HISTOGRAMS]: { ...before[HISTOGRAMS], ...change } } })
  }

  return {
    own,
    set,
    index,
    keys,
    shown,
    inShown,
    searched,
    sections,
    ordered,
    ticks,
    step,
    runsWith,
    setStep: (next: number): void => {
      const { steps } = ticks()
      set({ step: next === steps[steps.length - 1] ? '' : String(next) })
    },
    view: createMemo((): View => VIEWS.find((one) => one === own().view) ?? 'mixed'),
    axis: createMemo(
      (): ValueAxis => ({
        kind: own().value === 'linear' ? 'linear' : 'symlog',
        range: RANGES.find((one) => one === own().range) ?? 'most',
      }),
    ),
    /** The one that stands open: the first where nobody chose. */
    open: createMemo(() => {
      const asked = own().open
      return asked !== undefined && ordered().includes(asked) ? asked : ordered()[0]
    }),
    /** Whose strip is shown where one run's is: of those that hold the key the chosen one, else the newest. */
    runOf: (key: string): ShownRun | undefined => {
      const all = runsWith(key)
      return all.find((run) => run.key === own().run || run.name === own().run) ?? all[all.length - 1]
    },
    /** One percentile alone, as a chart that groups; undefined: all five of each run. */
    only: createMemo(
      (): PercentileName | undefined => PERCENTILES.find(({ name }) => name === own().only)?.name,
    ),
    /** Entries of the shown runs, of what is searched. */
    entries: createMemo(() => {
      const on = new Set(shown().map(({ key }) => key))
      let count = 0
      for (const key of searched())
        for (const [run, steps] of held().get(key) ?? []) if (on.has(run)) count += steps.length
      return count
    }),
    /** Hidden runs that hold some. */
    hiddenWith: (): string[] => {
      const found = new Set([...held().values()].flatMap((byRun) => [...byRun.keys()]))
      return [...found].filter((run) => !runs.isShown(run))
    },
  }
}

const RANGES: readonly HistogramRange[] = ['middle', 'full']

/** Sections with those nested in them one after the other. */
function flat(sections: readonly Section[]): { key: string; name: string; metrics: string[] }[] {
  return sections.flatMap(({ key, name, metrics, nested }) => [
    ...(metrics.length > 0 ? [{ key, name, metrics }] : []),
    ...flat(nested),
  ])
}
