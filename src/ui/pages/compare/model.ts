import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js'
import { flattenConfigs, sameTable } from '../../../compute/config-table.ts'
import { kindOf } from '../../../compute/metric-kind.ts'
import { directionOf } from '../../../compute/metric-words.ts'
import type { Statistic } from '../../../compute/run-columns.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { formatList, parseList } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { groupLabel } from '../../../state/runs/group-label.ts'
import { pick } from '../../../state/runs/ranks.ts'
import { createLasting } from '../../common/lasting.ts'
import { COMPARE } from '../ids.ts'
import type { SideSection } from './side-lines.ts'

/** What is compared: a run, or the group that is the baseline. */
export interface CompareColumn {
  /** The run's key, or `group:` and the group. */
  id: string
  label: string
  /** Places of its runs among all. */
  places: number[]
  isGroup: boolean
}

export const VALUES = ['both', 'value', 'change', 'percent'] as const
export type Values = (typeof VALUES)[number]
export const STATISTIC_CHOICES = ['last', 'first', 'min', 'max', 'mean', 'tail'] as const
/** Which keys and metrics: all, those that not all have, that the baseline has alone, that it has not. */
export const SETS = ['all', 'some', 'base', 'new'] as const
export type Sets = (typeof SETS)[number]
export type SectionId = 'differ' | 'metrics' | 'some' | 'facts' | 'same' | SideSection
/** Those that are closed until somebody opens them. */
const CLOSED: readonly SectionId[] = ['same']

/** What of the comparison stands in the address. */
export function createChoices() {
  const { location } = useApp()
  const own = createMemo((): Own => location.view().own[COMPARE] ?? {})
  const set = (change: Own): void => {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [COMPARE]: { ...before[COMPARE], ...change } } })
  }
  const one = <T extends string>(name: string, of: readonly T[], standard: T): Accessor<T> =>
    createMemo(() => of.find((value) => value === own()[name]) ?? standard)
  const folds = createMemo(() => new Set((own().fold ?? '').split(',').filter((id) => id !== '')))
  return {
    own,
    set,
    search: createMemo(() => own().q ?? ''),
    differ: createMemo(() => own().differ === 'on'),
    turned: createMemo(() => own().turn === 'on'),
    byName: createMemo(() => own().order === 'name'),
    values: one('values', VALUES, 'both'),
    sets: one('set', SETS, 'all'),
    /** '' for the good end of a metric, else its last value. */
    statistic: one<Statistic | ''>('by', STATISTIC_CHOICES, ''),
    isOpen: (id: SectionId): boolean => folds().has(id) === CLOSED.includes(id),
    fold(id: SectionId) {
      const next = new Set(folds())
      if (!next.delete(id)) next.add(id)
      set({ fold: [...next].join(',') })
    },
    /** The one of all pages. */
    base: createMemo(() => location.view().base ?? ''),
    setBase: (base: string) => location.patch({ base: base || undefined }),
  }
}

export type CompareModel = ReturnType<typeof createCompareModel>

/** Runs side by side: which they are, their config by path, and the values of their metrics. */
export function createCompareModel() {
  const { runs, ranks, data, sources, location } = useApp()
  const choices = createChoices()
  const all = runs.all
  const placeOf = createMemo(() => new Map(all().map(({ key }, i) => [key, i])))

  /** Runs that the link names, by key, id or name, and what it names in vain. */
  const asked = createMemo((): { places: number[]; unknown: string[] } | undefined => {
    const text = choices.own().runs
    if (text === undefined || text === '') return undefined
    const byName = new Map<string, number[]>()
    all().forEach(({ id, name }, place) => {
      if (id !== null) byName.set(id, [place])
      byName.set(name, [...(byName.get(name) ?? []), place])
    })
    const places: number[] = []
    const unknown: string[] = []
    for (const item of parseList(text)) {
      const place = placeOf().get(item)
      const found = place === undefined ? byName.get(item) : [place]
      if (found) places.push(...found)
      else unknown.push(item)
    }
    return { places: [...new Set(places)], unknown }
  })

  /** The baseline where it is a group, with all its runs, whatever the filter leaves of it. */
  const baseGroup = createMemo(() => {
    const base = choices.base()
    const info = base.startsWith('group:')
      ? runs.allGroups()?.find(({ id }) => `group:${id}` === base)
      : undefined
    if (!info) return undefined
    const places = info.keys.flatMap((key) => placeOf().get(key) ?? [])
    return { label: groupLabel(info, location.view().group.kind === 'seeds', runs), places }
  })

  /** The baseline first, then as the link has them; without a link the shown runs. */
  const columns = createMemo(
    (): CompareColumn[] => {
      const listed = asked()?.places ?? runs.shown().flatMap(({ key }) => placeOf().get(key) ?? [])
      const base = choices.base()
      const group = baseGroup()
      const place = base.startsWith('run:') ? placeOf().get(base.slice(4)) : undefined
      // a baseline that nobody put beside these runs is one of the Runs page: it joins those that were chosen there
      const first = place !== undefined && (listed.includes(place) || asked() !== undefined) ? [place] : []
      const single = [...first, ...listed.filter((one) => one !== first[0])].map((one): CompareColumn => {
        const run = all()[one]
        return { id: run?.key ?? '', label: run?.name ?? '', places: [one], isGroup: false }
      })
      return group ? [{ id: base, ...group, isGroup: true }, ...single] : single
    },
    [],
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  )

  /** Places of all runs that are compared, each once: what `table` has values of. */
  const members = createMemo(() => [...new Set(columns().flatMap(({ places }) => places))])
  const memberKeys = createMemo(() => members().map((place) => all()[place]?.key ?? ''))
  const memberOf = createMemo(() => new Map(members().map((place, i) => [place, i])))
  const table = createMemo(
    () => flattenConfigs(members().map((place) => all()[place]?.config ?? null)),
    undefined,
    { equals: sameTable },
  )
  /** For each column the places of its runs in `table`. */
  const columnMembers = createMemo(() =>
    columns().map(({ places }) => places.map((place) => memberOf().get(place) ?? 0)),
  )

  // metrics

  const statisticOf = (metric: string): Statistic => choices.statistic() || (directionOf(metric) ?? 'last')

  /** Metrics that some of the runs logged, results first, and whether each of them did. */
  const metrics = createMemo(() => {
    const catalogue = data.catalogue()
    if (!catalogue) return []
    const width = catalogue.runs.length
    const places = members().filter((place) => place < width)
    const found: { name: string; has: boolean[] }[] = []
    catalogue.metrics.forEach(({ name }, m) => {
      const has = places.map((place) => (catalogue.counts[m * width + place] ?? 0) > 0)
      if (has.includes(true)) found.push({ name, has })
    })
    const rank = { result: 0, other: 1, counter: 2, timing: 3 }
    return found.sort((a, b) => rank[kindOf(a.name)] - rank[kindOf(b.name)])
  })
  const presence = createMemo(() => new Map(metrics().map(({ name, has }) => [name, has])))

  /** By place among all runs; undefined while it is read. */
  function valuesOf(metric: string): ((place: number) => number | undefined) | undefined {
    const known = ranks.values(metric)
    if (!known) return undefined
    const by = statisticOf(metric)
    return (place) => {
      const found = known.get(all()[place]?.key ?? '')
      return found && pick(found, by)
    }
  }

  // what is computed for a key or a metric that is in sight stays while the page does
  const lasting = createLasting()

  const [calm, setCalm] = createSignal(false)
  // all runs of the project are looked at after the first picture; a hidden tab has none
  const after = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => setCalm(true), 20)
  }
  let timer = setTimeout(after, 200)
  const frame = requestAnimationFrame(after)
  onCleanup(() => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  })

  return {
    choices,
    all,
    columns,
    table,
    /** Runs that are compared, in the order of `table`. */
    memberKeys,
    columnMembers,
    metrics,
    /** Which of the compared runs logged a metric, in the order of `table`. */
    presence,
    statisticOf,
    valuesOf,
    lasting,
    calm,
    unknown: createMemo(() => asked()?.unknown ?? []),
    projectName: () => sources.project()?.name ?? '',
    setRuns: (keys: readonly RunKey[]) => choices.set({ runs: formatList(keys) }),
    keys: createMemo(() => columns().flatMap(({ id, isGroup }) => (isGroup ? [] : id))),
    baseText: (column: CompareColumn) => (column.isGroup ? column.id : `run:${column.id}`),
  }
}
