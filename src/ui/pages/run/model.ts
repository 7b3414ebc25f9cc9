import { createMemo, createSignal } from 'solid-js'
import { type GroupKey, groupBy, makeGroupValue, seedlessOf } from '../../../compute/group.ts'
import { compareMetrics } from '../../../compute/section-order.ts'
import type { Run, RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createRunBeside } from '../../../state/pages/run-beside.ts'
import { createRunRows } from '../../../state/pages/run-rows.ts'
import { createRunSummary } from '../../../state/pages/run-summary.ts'
import { groupLabel } from '../../../state/runs/group-label.ts'
import { RUN } from '../ids.ts'
import { formatNames, parseNames } from './names.ts'
import { createRunOrder } from './order.ts'

export type RunModel = ReturnType<typeof createRunModel>

/** Places of the page, in their order; each is one in the link. */
export const PLACES = ['metrics', 'config', 'system', 'alerts', 'artifacts', 'rows'] as const
export type Place = (typeof PLACES)[number]

/** Keys whose cells are shown while nobody has chosen. */
const COLUMNS_AT_FIRST = 6
/** Of more columns, rows are asked for with those in sight alone. */
const MANY_COLUMNS = 128
/** No key at all: what no list of names is. */
const NO_COLUMNS = '\\-'

/** One run: which it is, its group, what it logged, and what of that is in sight. */
export function createRunModel() {
  const { location, runs, data, sources, ask } = useApp()
  const own = createMemo((): Own => location.view().own[RUN] ?? {})
  const order = createRunOrder(own)
  /** The run that the link names, by its key, or by a name that only one has; the first one without. */
  const run = createMemo((): Run | undefined => {
    const named = own().run
    if (!named) return runs.byKey().get(order.keys()[0] ?? '')
    const known = runs.byKey().get(named)
    if (known) return known
    const called = runs.all().filter(({ name, id }) => name === named || id === named)
    return called.length === 1 ? called[0] : undefined
  })
  const key = createMemo(() => run()?.key)
  const group = createGroup(run)
  const place = createMemo(() => order.keys().indexOf(key() ?? ''))

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [RUN]: { ...before[RUN], ...change } } })
  }

  /** What it logged numbers of, results first. */
  const metrics = createMemo(
    () => {
      const catalogue = data.catalogue()
      const at = catalogue?.runs.findIndex((one) => one.key === key()) ?? -1
      if (!catalogue || at < 0) return []
      const width = catalogue.runs.length
      return catalogue.metrics
        .filter((_, m) => (catalogue.counts[m * width + at] ?? 0) > 0)
        .map(({ name }) => name)
        .sort(compareMetrics)
    },
    undefined,
    { equals: sameItems },
  )
  const beside = createRunBeside(ask, sources.asked, key, data.version)
  /** Keys of other values: its own, or the project's where a source does not tell whose they are. */
  const others = createMemo(
    () => {
      const known = new Set(metrics())
      const own = beside()
      const found = own && (own.others ?? data.catalogue()?.others ?? [])
      return (found ?? []).map(({ name }) => name).filter((name) => !known.has(name))
    },
    undefined,
    { equals: sameItems },
  )
  const keys = createMemo(() => [...metrics(), ...others()])
  const columns = createMemo(
    () => {
      const chosen = own().cols || undefined
      if (chosen === NO_COLUMNS) return []
      return chosen === undefined ? keys().slice(0, COLUMNS_AT_FIRST) : parseNames(chosen)
    },
    undefined,
    { equals: sameItems },
  )
  const search = () => own().find ?? ''
  const found = createMemo(
    () => {
      const text = search().trim().toLowerCase()
      return text === '' ? metrics() : metrics().filter((name) => name.toLowerCase().includes(text))
    },
    undefined,
    { equals: sameItems },
  )

  /** Metrics whose lines are in sight. */
  const [wanted, setWanted] = createSignal<readonly string[]>([], { equals: sameItems })
  const of = { ask, project: sources.asked, run: key, version: data.version }
  const members = createMemo(() => (group()?.runs ?? []).map((one) => one.key), undefined, {
    equals: sameItems,
  })
  const summary = createRunSummary({ ...of, group: members, wanted })
  /** Of many columns, those in sight. */
  const [near, setNear] = createSignal<readonly string[]>([], { equals: sameItems })
  const rowKeys = createMemo(() => (columns().length > MANY_COLUMNS ? near() : columns()), undefined, {
    equals: sameItems,
  })
  const rows = createRunRows({ ...of, keys: rowKeys })

  return {
    own,
    set,
    run,
    key,
    group,
    order,
    place,
    /** The run that many places on in the order; nothing happens beyond its ends. */
    walk(by: 1 | -1) {
      const next = order.keys()[place() + by]
      if (next !== undefined && place() >= 0) set({ run: next, step: '' })
    },
    open: (next: RunKey) => set({ run: next, step: '' }),
    metrics,
    others,
    found,
    search,
    keys,
    columns,
    isStandard: () => !own().cols,
    setColumns: (names: readonly string[] | undefined) =>
      set({ cols: names === undefined ? '' : names.length === 0 ? NO_COLUMNS : formatNames(names) }),
    summary,
    setWanted,
    rows,
    /** Keys of the cells of `rows`, in their order. */
    rowKeys,
    setNear,
    beside,
    /** In all charts and tables this run, or its group, is what others are held against. */
    isBaseline: () => location.view().base === `run:${key()}`,
    setBaseline: (on: boolean) => location.patch({ base: on ? `run:${key()}` : undefined }),
    showInCharts() {
      const now = key()
      if (now === undefined) return
      runs.solo([now])
      location.patch({ page: location.pages.home })
    },
  }
}

export interface OwnGroup {
  label: string
  /** All of it, in the order of time. */
  runs: Run[]
}

/**
 * The runs that a run is a repetition of: by what runs are grouped by; without, the same config but for its
 * seed, else the group that was given to `init`. Undefined where it stands alone.
 */
function createGroup(run: () => Run | undefined) {
  const { runs, location } = useApp()
  const groupKey = location.field('group')
  const ways = createMemo(() => {
    const chosen = groupKey()
    const keys: GroupKey[] = chosen.kind === 'none' ? [{ kind: 'seeds' }, { kind: 'group' }] : [chosen]
    return keys.map((key) => {
      const groupOf = makeGroupValue(key, seedlessOf(runs.configKeys()))
      // once for all runs that are walked to
      return {
        key,
        groupOf,
        groups: new Map(groupBy(runs.all(), groupOf).map((one) => [one.value, one.runs])),
      }
    })
  })
  return createMemo((): OwnGroup | undefined => {
    const one = run()
    if (!one) return undefined
    for (const { key, groupOf, groups } of ways()) {
      const value = groupOf(one)
      if (value === null) continue
      const members = groups.get(value) ?? []
      if (members.length < 2) continue
      const keys = members.map((member) => member.key)
      return { label: groupLabel({ label: value, keys }, key.kind === 'seeds', runs), runs: members }
    }
    return undefined
  })
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}
