import { createMemo } from 'solid-js'
import { configValue, isSeed, valueText } from '../../compute/group.ts'
import type { GroupRuns } from '../../model/groups.ts'
import type { GroupRows } from '../../model/questions.ts'
import type { RunKey } from '../../model/run.ts'
import type { FrameQuery } from '../../model/view.ts'
import { groupLabel } from '../runs/group-label.ts'
import type { GroupInfo, StyledRun } from '../runs/runs.ts'
import type { ChartGroups, ShownRun } from './chart-context.ts'
import type { GroupsOptions } from './groups-options.ts'

/** A group as charts know it: all of its runs, and those that are shown. */
interface ShownGroup extends GroupInfo {
  id: string
  shown: StyledRun[]
}

interface Baseline {
  /** Of its line, or its run. */
  id: string
  name: string
  keys: RunKey[]
  group: boolean
}

/** Lines for groups, and the baseline that differences are taken to. */
export function createChartGroups(options: GroupsOptions): ChartGroups {
  const { location, runs } = options
  const draw = location.field('draw')
  const statistic = location.field('statistic')
  const band = location.field('band')
  const base = location.field('base')
  const differences = location.field('differences')

  const groups = createMemo((): ShownGroup[] => {
    const shown = new Map(runs.shown().map((run) => [run.key, run]))
    const bySeeds = location.view().group.kind === 'seeds'
    return (runs.allGroups() ?? []).map(({ id, ...group }) => {
      const label = groupLabel(group, bySeeds, runs)
      return { ...group, label, id: `g:${id}`, shown: group.keys.flatMap((key) => shown.get(key) ?? []) }
    })
  })
  const drawn = createMemo(() => (draw() === 'runs' ? [] : groups().filter(({ shown }) => shown.length > 0)))
  const baseline = createMemo((): Baseline | undefined => {
    const text = base() ?? ''
    const name = text.slice(text.indexOf(':') + 1)
    if (text.startsWith('group:')) {
      const group = groups().find(({ id }) => id === `g:${name}`)
      if (!group) return undefined
      // what a person hid of it does not count, unless it is hidden whole
      const keys = group.shown.length > 0 ? group.shown.map(({ key }) => key) : group.keys
      return { id: group.id, name: group.label, keys, group: true }
    }
    const run = runs.all().find(({ key, id }) => key === name || id === name)
    return run && { id: run.key, name: run.name, keys: [run.key], group: false }
  })
  const seeds = createMemo(() => {
    const path = runs.configKeys().find((key) => isSeed(key.path) && key.distinct > 1)?.path
    return new Map(
      runs.all().map((run) => {
        const value = path === undefined ? undefined : configValue(run.config, path)
        return [run.key, value === undefined ? undefined : valueText(value)]
      }),
    )
  })
  /** The run of each seed; undefined where two of them have the same, or one has none. */
  function bySeed(keys: readonly RunKey[]): ReadonlyMap<string, RunKey> | undefined {
    const found = new Map<string, RunKey>()
    for (const key of keys) {
      const seed = seeds().get(key)
      if (seed === undefined || found.has(seed)) return undefined
      found.set(seed, key)
    }
    return found
  }
  const partners = createMemo(() => (baseline()?.group ? bySeed(baseline()?.keys ?? []) : undefined))
  const partnerOf = (key: RunKey) => partners()?.get(seeds().get(key) ?? '')
  /** Each of the runs has a partner of its own. */
  const pairs = (keys: readonly RunKey[]): boolean => {
    const found = keys.map(partnerOf)
    return found.every((key) => key !== undefined) && new Set(found).size === keys.length
  }

  const lines = createMemo(() =>
    drawn().map(({ id, label, shown }): ShownRun => {
      const { slot, style } = shown[0] as StyledRun
      return { key: id, name: label, slot, style, isBase: id === baseline()?.id }
    }),
  )
  const lineOfRun = createMemo(() => {
    return new Map(drawn().flatMap(({ id, shown }) => shown.map(({ key }) => [key, id])))
  })
  /** What is drawn beside the baseline, in differences. */
  const others = createMemo(() => drawn().filter(({ id }) => id !== baseline()?.id))
  const isDifference = (metric: string) =>
    baseline() !== undefined && (differences().includes('*') || differences().includes(metric))

  const query = (list: readonly ShownGroup[], paired: boolean): FrameQuery['groups'] => ({
    list: list.map(({ id, shown }): GroupRuns => {
      const keys = shown.map(({ key }) => key)
      return { id, runs: keys, ...(paired && pairs(keys) && { paired }) }
    }),
    statistic: statistic(),
    band: band(),
    both: draw() === 'both',
  })
  const plain = createMemo(() => {
    const keys = runs.shown().map(({ key }) => key)
    return { runs: keys, ...(draw() !== 'runs' && { groups: query(drawn(), false) }) }
  })
  const difference = createMemo(() => {
    const found = baseline()
    if (!found) return plain()
    const out = new Set(found.group || draw() === 'runs' ? found.keys : [])
    const keys = runs.shown().flatMap(({ key }) => (out.has(key) ? [] : key))
    const known = keys.flatMap((key) => {
      const partner = partnerOf(key)
      return partner === undefined ? [] : [[key, partner]]
    })
    return {
      runs: keys,
      ...(draw() !== 'runs' && { groups: query(others(), true) }),
      base: {
        ...{ runs: found.keys, group: found.group, statistic: statistic() },
        ...(known.length > 0 && { partners: Object.fromEntries(known) as Record<RunKey, RunKey> }),
      },
    }
  })

  const asked = (metric: string) => (isDifference(metric) ? difference() : plain())
  /** Throws where runs are drawn, as nothing asks then. */
  function rows(metric: string): Omit<GroupRows, 'part'> {
    const { groups: lines, ...rest } = asked(metric)
    if (!lines) throw new Error(`${metric}: no groups are drawn`)
    return { project: options.project() ?? '', metric, x: options.x(), ...rest, groups: lines }
  }

  return {
    asked,
    isDifference,
    setDifference(metric, on) {
      const left = differences().filter((one) => one !== '*' && one !== metric)
      location.patch({ differences: on ? [...(metric === undefined ? [] : left), metric ?? '*'] : left })
    },
    table: (metric, from, count, { part, signal }) =>
      options.engine.ask('groupTable', { ...rows(metric), from, count, part }, { signal }),
    downloadCsv(metric) {
      const names = Object.fromEntries(
        [...runs.shown(), ...lines()].map(({ key, name }): [string, string] => [key, name]),
      )
      return options.downloads.groupCsv(options.projectName() ?? '', { ...rows(metric), names })
    },
    lines,
    lineOf: (run) => lineOfRun().get(run),
    pairs: () => (baseline()?.group ? (baseline()?.keys ?? []) : []),
    baseName: () => baseline()?.name ?? '',
    bySeed: createMemo(() => {
      const list =
        draw() === 'runs'
          ? runs.shown().map(({ key }) => [key])
          : others().map(({ shown }) => shown.map(({ key }) => key))
      return partners() !== undefined && list.every(pairs)
    }),
    seedPairs(first, second) {
      const of = (line: string) =>
        bySeed(
          drawn()
            .find(({ id }) => id === line)
            ?.shown.map(({ key }) => key) ?? [],
        )
      const [mine, theirs] = [of(first), of(second)]
      const found = [...(mine ?? [])].flatMap(([seed, key]): [string, string][] => {
        const partner = theirs?.get(seed)
        return partner === undefined ? [] : [[key, partner]]
      })
      return found.length === mine?.size ? found : []
    },
    nameOfRun: (key) => runs.byKey().get(key)?.name ?? key,
  }
}
