import { createMemo } from 'solid-js'
import { pickStep, type StepTicks, unionSteps, usualGap } from '../../../compute/media-steps.ts'
import { RUN_COLUMN, STEP_COLUMN, type TableRef } from '../../../model/logged-table.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createTableValues, type TableKey } from '../../../state/pages/table-values.ts'
import { asWritten, createTableModel } from '../../common/data-table/table-model.ts'
import { TABLES } from '../ids.ts'

export type TablesModel = ReturnType<typeof createTablesModel>

/** What the page shows: by its own parameters of the address, and by which runs are shown. */
export function createTablesModel() {
  const { ask, sources, data, location, runs } = useApp()
  const own = createMemo((): Own => location.view().own[TABLES] ?? {})
  const found = createTableValues({
    ask,
    project: sources.asked,
    version: data.version,
    live: () => Boolean(sources.source()?.info.live),
  })
  const shownRuns = createMemo(() => runs.shown().map(({ key }) => key))
  /** Those that shown runs have come first. */
  const key = createMemo((): TableKey | undefined => {
    const all = found.keys()
    const named = all.find((one) => one.key === own().key)
    return named ?? all.find((one) => shownRuns().some((run) => one.runs.has(run))) ?? all[0]
  })
  /** Runs that are shown and have tables of the key, in the order of the page. */
  const holders = createMemo(() => shownRuns().filter((run) => key()?.runs.has(run)), [] as RunKey[], {
    equals: sameKeys,
  })
  const all = () => own().steps === 'all'
  const stepsOf = (run: RunKey): number[] => (key()?.runs.get(run) ?? []).map(({ step }) => step)
  const ticks = createMemo((): StepTicks => unionSteps(holders().map(stepsOf)))
  const usual = createMemo(() => usualGap(holders().map(stepsOf)))
  /** The asked one, held to a logged step; the last one where none is asked. */
  const step = createMemo(() => {
    const { steps } = ticks()
    const asked = own().step === undefined || own().step === '' ? Number.NaN : Number(own().step)
    if (Number.isNaN(asked)) return steps[steps.length - 1]
    return pickStep(steps, asked, { kind: 'nearest' })
  })

  const ref = createMemo(
    (): TableRef | undefined => {
      const [project, of] = [sources.asked(), key()]
      if (project === undefined || !of || holders().length === 0) return undefined
      const base = { project, key: of.key, runs: holders() }
      return all() ? base : { ...base, at: holders().flatMap((run) => placesAt(of, run, step(), usual())) }
    },
    ...asWritten,
  )
  /** Of several steps or runs rows have to say whose they are; the same at every step, so that nothing jumps. */
  const leading = createMemo(() => ({
    step: ticks().steps.length > 1 && (all() || holders().length > 1),
    run: holders().length > 1,
  }))
  const shown = createTableModel({
    ...{ own, set },
    ref: () => (own().diff === 'on' ? undefined : ref()),
    version: () => found.values()?.version,
    isLeft: ({ id }) => (id === STEP_COLUMN && !leading().step) || (id === RUN_COLUMN && !leading().run),
  })

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [TABLES]: { ...before[TABLES], ...change } } })
  }
  return {
    ...shown,
    ...{ own, set, found, key, holders, all, ticks, usual, step, ref },
    keys: found.keys,
    nameOf: (run: RunKey): string => runs.byKey().get(run)?.name ?? run,
    /** Runs that have tables of the key and are not shown. */
    hiddenHolders: createMemo(() => [...(key()?.runs.keys() ?? [])].filter((run) => !runs.isShown(run))),
    /** The step that was asked for, where a row is of another one. */
    askedInstead(of: number): number | undefined {
      const asked = step()
      return all() || asked === undefined || Object.is(of, asked) ? undefined : asked
    },
  }
}

/** Rows of a run that stand for a step: all that it logged at the one picked. Without any step, the last one. */
export function placesAt(
  { runs }: TableKey,
  run: RunKey,
  step: number | undefined,
  usual: number,
): { run: RunKey; row: number }[] {
  const places = runs.get(run) ?? []
  const numbered = places.map((place) => place.step).filter(Number.isFinite)
  if (step === undefined || numbered.length === 0) return places.slice(-1).map(({ row }) => ({ run, row }))
  const picked = pickStep(Float64Array.from(new Set(numbered)).sort(), step, {
    kind: 'before',
    within: usual,
  })
  return places.filter((place) => place.step === picked).map(({ row }) => ({ run, row }))
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i])
}
