import { createMemo, createSignal, untrack } from 'solid-js'
import { nearestTick, type StepTicks, unionSteps } from '../../../compute/media-steps.ts'
import { groupReports, REPORT_ORDERS, type ReportOrder, stepsInOrder } from '../../../compute/report-list.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createReports, createReportTexts, type Report } from '../../../state/pages/reports.ts'
import { REPORTS } from '../ids.ts'

export type ReportsModel = ReturnType<typeof createReportsModel>

/** A line of the list; a report takes two, so that all lines are of one height. */
export type ListLine =
  /** Of hidden runs `steps` are keys. */
  | { kind: 'head'; key: string; steps: number; runs: number; hidden: boolean }
  | { kind: 'report'; report: Report; hidden: boolean }
  | { kind: 'rest' }

/** What the page shows: by its own parameters of the address, and by which runs are shown. `beside`: a list and a report. */
export function createReportsModel(beside: () => boolean) {
  const { ask, sources, data, location, runs } = useApp()
  const own = createMemo((): Own => location.view().own[REPORTS] ?? {})
  const text = () => own().q ?? ''
  const project = sources.asked
  const reports = createReports({
    ...{ ask, project, text, version: data.version },
    live: () => Boolean(sources.source()?.info.live),
  })
  const order = createMemo((): ReportOrder => REPORT_ORDERS.find((one) => one === own().sort) ?? 'newest')
  /** Those that the search leaves; while it runs, those that it found by now. */
  const searched = createMemo(() => {
    const found = text() === '' ? undefined : reports.hits()
    if (text() === '') return reports.all()
    return reports.all().filter(({ id }) => found?.hits.has(id))
  })
  const shown = createMemo(() =>
    groupReports(
      searched().filter(({ run }) => runs.isShown(run)),
      order(),
    ),
  )
  const hidden = createMemo(() =>
    groupReports(
      searched().filter(({ run }) => !runs.isShown(run)),
      order(),
    ),
  )
  const lines = createMemo((): ListLine[] => {
    const rows = (list: readonly Report[], isHidden: boolean): ListLine[] =>
      list.flatMap((report) => [{ kind: 'report', report, hidden: isHidden }, { kind: 'rest' }])
    const ofHidden = hidden().flatMap((group) => group.reports)
    return [
      ...shown().flatMap(({ key, reports: of }): ListLine[] => [
        { kind: 'head', key, ...extent(of), hidden: false },
        ...rows(of, false),
      ]),
      ...(ofHidden.length > 0
        ? [
            { kind: 'head' as const, key: '', steps: hidden().length, runs: 0, hidden: true },
            ...rows(ofHidden, true),
          ]
        : []),
    ]
  })
  /** Reports in the order of the list. */
  const listed = createMemo(() => lines().flatMap((line) => (line.kind === 'report' ? [line.report] : [])))

  /** The named one, or the one nearest to it of its key and run; where none is named, the first of shown runs. */
  const chosen = createMemo((): Report | undefined => {
    const { key, run, step, at } = own()
    if (key === undefined || key === '') return beside() ? shown()[0]?.reports[0] : undefined
    const ofKey = reports.all().filter((one) => one.key === key)
    const ofRun = ofKey.filter((one) => one.run === run || runs.byKey().get(one.run)?.name === run)
    const of = stepsInOrder(ofRun.length > 0 ? ofRun : ofKey.filter((one) => runs.isShown(one.run)))
    if (of.length === 0) return stepsInOrder(ofKey).at(-1)
    const named = step !== undefined && step !== ''
    if (!named && !at) return of.at(-1)
    const asked = named ? Number(step) : Number.NaN
    const same = of.filter((one) => Object.is(one.step, asked))
    if (same.length > 0) return same[Number(at ?? same.length) - 1] ?? same.at(-1)
    const nearest = nearestTick(unionSteps([of.map((one) => one.step)]).steps, asked)
    return of.findLast((one) => one.step === nearest) ?? of.at(-1)
  })
  /** All of the chosen one’s key and run, by step. */
  const steps = createMemo(() => {
    const now = chosen()
    return now ? stepsInOrder(reports.all().filter((one) => one.key === now.key && one.run === now.run)) : []
  })
  const ticks = createMemo((): StepTicks => unionSteps([steps().map(({ step }) => step)]))
  /** What the chosen one is compared with. */
  const against = createMemo((): Report | undefined => {
    const { diff } = own()
    const now = chosen()
    if (!now || !diff) return undefined
    const at = steps().findIndex(({ id }) => id === now.id)
    if (diff === 'before') return steps()[at - 1]
    return steps().findLast(({ step, id }) => step === Number(diff) && id !== now.id)
  })
  const wanted = createMemo(() => [chosen(), against()].flatMap((one) => one ?? []), [] as Report[], {
    equals: (a, b) => a.length === b.length && a.every((one, i) => one.id === b[i]?.id),
  })
  const texts = createReportTexts(ask, project, wanted)
  const [charts, setCharts] = createSignal<ReadonlySet<string>>(new Set())

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [REPORTS]: { ...before[REPORTS], ...change } } })
  }

  /** How the address names it. */
  function nameOf(report: Report): Own {
    const same = reports
      .all()
      .filter(
        ({ key, run, step }) => key === report.key && run === report.run && Object.is(step, report.step),
      )
    const nth = stepsInOrder(same).findIndex(({ id }) => id === report.id) + 1
    return {
      ...{ key: report.key, run: report.run, step: Number.isNaN(report.step) ? '' : String(report.step) },
      // what has no step is told from what is not asked for
      at: nth === same.length && !Number.isNaN(report.step) ? '' : String(nth),
    }
  }

  /** What was on screen when a report was opened from the list alone. */
  let opened: { from: string; report: string } | undefined
  const withoutReport = (): string => {
    const view = location.view()
    const { key: _, run: __, step: ___, at: ____, diff: _____, ...rest } = view.own[REPORTS] ?? {}
    return JSON.stringify({ ...view, own: { ...view.own, [REPORTS]: rest } })
  }

  /** Back to the list. */
  function close(): void {
    const back = opened?.report === chosen()?.id && opened?.from === withoutReport()
    opened = undefined
    if (back) location.back()
    else set({ key: '', run: '', step: '', at: '', diff: '' })
  }

  /** `opens`: Back leads to what was shown before. One after the other by keys is one step. */
  function choose(report: Report, { opens = false } = {}): void {
    const { own: before } = location.view()
    // another report has no such step
    const same = chosen()?.key === report.key && chosen()?.run === report.run
    const change = { ...before[REPORTS], ...nameOf(report), ...(!same && { diff: '' }) }
    const next = { own: { ...before, [REPORTS]: change } }
    if (!opens || chosen()?.id === report.id) return location.patch(next)
    if (!chosen()) opened = { from: withoutReport(), report: report.id }
    location.open(next)
  }

  return {
    ...reports,
    ...{ own, set, text, order, shown, hidden, lines, listed, chosen, steps, ticks, against, texts, charts },
    choose,
    nameOf,
    isNamed: () => (own().key ?? '') !== '',
    close,
    setStep(step: number) {
      const found = steps().findLast((one) => one.step === step)
      if (found) choose(found)
    },
    /** A chart of the text that is drawn, by a name of its own. */
    setChart(id: string, drawn: boolean) {
      const next = new Set(untrack(charts))
      if (drawn) next.add(id)
      else next.delete(id)
      setCharts(next)
    },
    runName: (key: RunKey): string => runs.byKey().get(key)?.name ?? key,
    hiddenRuns: createMemo(() => [
      ...new Set(reports.all().flatMap(({ run }) => (runs.isShown(run) ? [] : [run]))),
    ]),
    shownCount: createMemo(() => reports.all().filter(({ run }) => runs.isShown(run)).length),
  }
}

/** How many steps of how many runs. */
function extent(reports: readonly Report[]): { steps: number; runs: number } {
  return {
    steps: new Set(reports.map(({ step }) => step)).size,
    runs: new Set(reports.map(({ run }) => run)).size,
  }
}
