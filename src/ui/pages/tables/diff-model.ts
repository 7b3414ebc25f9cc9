import { createMemo, createResource } from 'solid-js'
import { noticeOf } from '../../../model/errors.ts'
import { DIFF_SIGNS, type DiffSign, type TableRef } from '../../../model/logged-table.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Notice } from '../../../model/source.ts'
import { useApp } from '../../../state/app.ts'
import { createDiffWindow, type DiffSides } from '../../../state/pages/table-diff.ts'
import { parseList } from '../../common/data-table/filters.ts'
import { asWritten } from '../../common/data-table/table-model.ts'
import { placesAt, type TablesModel } from './model.ts'

/** One of the two tables that are compared. */
export interface Side {
  run: RunKey
  /** NaN where its run logged none. */
  step: number
}

export type DiffModel = ReturnType<typeof createDiffModel>

/** Which two tables are compared, and by which column. */
export function createDiffModel(model: TablesModel) {
  const { ask, sources } = useApp()
  const stepsOf = (run: RunKey): number[] => {
    const steps = (model.key()?.runs.get(run) ?? []).map(({ step }) => step).filter(Number.isFinite)
    return [...new Set(steps)].sort((a, b) => a - b)
  }

  function sideOf(text: string | undefined, other: { run: RunKey; step: number | undefined }): Side {
    const [run, step] = parseList(text)
    const of = typeof run === 'string' && model.key()?.runs.has(run) ? run : other.run
    const steps = stepsOf(of)
    const asked = typeof step === 'number' ? step : other.step
    return {
      run: of,
      step: asked !== undefined && steps.includes(asked) ? asked : (steps.at(-1) ?? Number.NaN),
    }
  }
  /** The run with most steps: its first and its last. Runs of one step each: the first two runs. */
  const usual = createMemo(() => {
    const runs = model.holders()
    const most = runs.reduce(
      (best, run) => (stepsOf(run).length > stepsOf(best).length ? run : best),
      runs[0] ?? '',
    )
    const steps = stepsOf(most)
    if (steps.length > 1 || runs.length < 2)
      return { a: { run: most, step: steps[0] }, b: { run: most, step: steps.at(-1) } }
    return { a: { run: runs[0] ?? '', step: undefined }, b: { run: runs[1] ?? '', step: undefined } }
  })
  const a = createMemo(() => sideOf(model.own().from, usual().a))
  const b = createMemo(() => sideOf(model.own().to, usual().b))

  function refOf(side: Side): TableRef | undefined {
    const [project, key] = [sources.asked(), model.key()]
    if (project === undefined || !key) return undefined
    const step = Number.isNaN(side.step) ? undefined : side.step
    return { project, key: key.key, runs: [side.run], at: placesAt(key, side.run, step, 0) }
  }
  const refs = createMemo(
    () => {
      const [one, other] = [refOf(a()), refOf(b())]
      return one && other && { a: one, b: other }
    },
    ...asWritten,
  )
  /** Columns of A, to choose the key from. */
  const [first, { refetch }] = createResource(refs, async (of) => {
    const view = await ask('tableView', { ...of.a, filters: [], find: '' })
    return view.columns.filter(({ id }) => id.startsWith('.'))
  })
  const columns = () => (first.error ? [] : (first() ?? []))
  const [likely] = createResource(
    () => (columns().length > 0 ? refs() : undefined),
    (of) => ask('tableKey', of.a),
  )
  const key = createMemo(() => {
    const asked = model.own().by
    if (columns().some(({ id }) => id === asked)) return asked
    return likely.error ? columns()[0]?.id : likely()
  })
  const show = createMemo(
    (): DiffSign | 'all' => DIFF_SIGNS.find((sign) => sign === model.own().show) ?? 'all',
  )
  const sides = createMemo(
    (): DiffSides | undefined => {
      const [of, by] = [refs(), key()]
      return of && by ? { ...of, key: by, show: show(), find: model.find() } : undefined
    },
    ...asWritten,
  )
  const table = createDiffWindow(ask, sides)
  const write = ({ run, step }: Side): string => JSON.stringify(Number.isNaN(step) ? [run] : [run, step])
  return {
    ...{ a, b, stepsOf, columns, key, show, table, refs },
    failed: (): Notice | undefined => (first.error ? noticeOf(first.error, 'tables') : table.failed()),
    /** A was read, and has no column by which rows could be told apart. */
    hasNoColumns: () => !first.loading && !first.error && first()?.length === 0,
    retry: () => (first.error ? void refetch() : table.retry()),
    setA: (side: Side) => model.set({ from: write(side) }),
    setB: (side: Side) => model.set({ to: write(side) }),
    swap: () => model.set({ from: write(b()), to: write(a()) }),
  }
}
