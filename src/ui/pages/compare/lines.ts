import { type Accessor, createMemo } from 'solid-js'
import { differs } from '../../../compute/config-table.ts'
import { compareNames } from '../../../compute/group.ts'
import type { Fact } from '../../../compute/run-columns.ts'
import type { Analysis } from './analysis.ts'
import { configText } from './config-text.ts'
import type { CompareModel, SectionId } from './model.ts'
import {
  SIDE_LABELS,
  SIDE_SECTIONS,
  type SideFailure,
  type SideLine,
  type SideSection,
  type Sides,
} from './side-lines.ts'

/** A line of the comparison. Ids stay while lines come and go around them. */
export type CompareLine =
  | { kind: 'section'; id: string; section: SectionId; label: string; count: number; open: boolean }
  | { kind: 'config'; id: string; label: string; key: number }
  /** The change to the value that a column has. */
  | { kind: 'effect'; id: string; label: string; key: number; column: number }
  | { kind: 'metric'; id: string; label: string; metric: string }
  | { kind: 'fact'; id: string; label: string; fact: Fact }
  | SideLine
  | SideFailure

const FACT_LABELS: [Fact, string][] = [
  ['duration', 'Duration'],
  ['steps', 'Steps'],
  ['rows', 'Rows'],
  ['started', 'Started'],
  ['state', 'State'],
  ['group', 'Group'],
  ['user', 'User'],
]

export type Lines = ReturnType<typeof createLines>

/** The lines that the search and the switches leave, in their sections; `sides` come later than the rest. */
export function createLines(
  model: CompareModel,
  analysis: Analysis,
  sides: Accessor<Sides | SideFailure | undefined>,
) {
  const { choices } = model
  const matches = createMemo(() => {
    const words = choices
      .search()
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    return (name: string): boolean => {
      const lower = name.toLowerCase()
      return words.every((word) => lower.includes(word))
    }
  })
  /** By which of the compared runs have something. */
  const inSet = createMemo(() => {
    const sets = choices.sets()
    const base = model.columnMembers()[0] ?? []
    return (has: (member: number) => boolean, members: number): boolean => {
      if (sets === 'all') return true
      let count = 0
      for (let member = 0; member < members; member++) if (has(member)) count++
      if (count === members) return false
      if (sets === 'some') return count > 0
      return base.some(has) === (sets === 'base')
    }
  })

  const split = createMemo(() => {
    const differing: number[] = []
    const same: number[] = []
    for (const [key, values] of model.table().values.entries())
      if (differs(values)) differing.push(key)
      else same.push(key)
    return { differing, same }
  })

  const config = createMemo(() => {
    const { paths, values, runs } = model.table()
    const listed = (keys: readonly number[]): number[] =>
      keys.filter(
        (key) =>
          matches()(paths[key] ?? '') && inSet()((member) => values[key]?.[member] !== undefined, runs),
      )
    return { differing: listed(split().differing), same: listed(split().same) }
  })

  /** The order that the keys had when their effects were first known, for what is asked. */
  let kept: { of: string; paths: string[] } | undefined
  const differing = createMemo(() => {
    const { paths } = model.table()
    const of = JSON.stringify([
      ...[analysis.metric(), choices.statistic(), model.columns().map(({ id }) => id)],
      split().differing.map((key) => paths[key]),
    ])
    const all = analysis.sortKeys(split().differing, kept?.of === of ? kept.paths : undefined)
    if (analysis.effects() && !choices.byName()) kept = { of, paths: all.map((key) => paths[key] ?? '') }
    const listed = new Set(config().differing)
    return all.filter((key) => listed.has(key))
  })
  /** Put in order only where somebody looks. */
  const same = (): number[] => {
    const { paths } = model.table()
    return config().same.sort((a, b) => compareNames(paths[a] ?? '', paths[b] ?? ''))
  }

  const metrics = createMemo(() => {
    const found = model
      .metrics()
      .filter(({ name, has }) => matches()(name) && inSet()((member) => has[member] === true, has.length))
    return {
      all: found.filter(({ has }) => !has.includes(false)),
      some: found.filter(({ has }) => has.includes(false)),
    }
  })
  const isSame = (metric: string): boolean => {
    const of = model.valuesOf(metric)
    const values = of && model.columns().flatMap(({ places }) => places.map(of))
    return values?.every((value) => Object.is(value, values[0])) ?? false
  }
  const metricsInAll = createMemo(() =>
    choices.differ() ? metrics().all.filter(({ name }) => !isSame(name)) : metrics().all,
  )
  const facts = createMemo(() =>
    choices.sets() === 'all' && !choices.differ() ? FACT_LABELS.filter(([, label]) => matches()(label)) : [],
  )

  function listedOf(beside: Sides, section: SideSection): SideLine[] {
    const keys = model.memberKeys()
    return beside
      .lines(section)
      .filter(
        (line) =>
          matches()(line.label) && inSet()((member) => beside.has(line, keys[member] ?? ''), keys.length),
      )
  }

  const lines = createMemo((): CompareLine[] => {
    const found: CompareLine[] = []
    const { paths } = model.table()
    const section = (id: SectionId, label: string, count: number, always: boolean, add: () => void): void => {
      if (count === 0 && (!always || choices.search() !== '')) return
      // what is searched for is shown, wherever it is
      const open = choices.isOpen(id) || choices.search() !== ''
      found.push({ kind: 'section', id: `s:${id}`, section: id, label, count, open })
      if (open) add()
    }
    const addKey = (key: number): void => {
      found.push({ kind: 'config', id: `c:${key}:${paths[key]}`, label: paths[key] ?? '', key })
    }
    const all = choices.sets() === 'all'
    section('differ', 'Config that differs', differing().length, all, () => {
      for (const key of differing()) {
        addKey(key)
        const effect = analysis.effectOf(key)
        if (!effect || effect.refused) continue
        for (const column of analysis.valuesBeside(key))
          found.push({
            kind: 'effect',
            id: `e:${key}:${model.columns()[column]?.id}`,
            label: `to ${configText(model.table().values[key]?.[model.columnMembers()[column]?.[0] ?? 0])}`,
            key,
            column,
          })
      }
    })
    const addMetric = ({ name }: { name: string }): void => {
      found.push({ kind: 'metric', id: `m:${name}`, label: name, metric: name })
    }
    section('metrics', 'Metrics', metricsInAll().length, all, () => metricsInAll().forEach(addMetric))
    section('some', 'Logged in some only', metrics().some.length, false, () =>
      metrics().some.forEach(addMetric),
    )
    section('facts', 'Run facts', facts().length, false, () => {
      for (const [fact, label] of facts()) found.push({ kind: 'fact', id: `f:${fact}`, label, fact })
    })
    if (!choices.differ())
      section('same', 'Config, same in all', config().same.length, false, () => same().forEach(addKey))
    const beside = sides()
    if (beside && 'kind' in beside)
      section(beside.section, 'Media, histograms, tables, traces', 1, false, () => found.push(beside))
    else if (beside)
      for (const id of SIDE_SECTIONS) {
        const own = listedOf(beside, id)
        const failed = beside.failure(id)
        section(id, SIDE_LABELS[id], own.length + (failed ? 1 : 0), false, () =>
          found.push(...(failed ? [failed] : []), ...own),
        )
      }
    return found
  })

  /** What is shown beside config and metrics, once its code is here. */
  const arrived = createMemo(() => {
    const now = sides()
    return now && 'kind' in now ? undefined : now
  })

  return {
    all: lines,
    sides: arrived,
    byId: createMemo(() => new Map(lines().map((line, i) => [line.id, { line, i }]))),
    /** Of all keys, whatever is searched for. */
    counts: createMemo(() => ({
      keys: model.table().paths.length,
      differing: split().differing.length,
      metrics: model.metrics().length,
    })),
    /** Without those that are closed: what goes into a file. */
    whole: () => ({
      differing: differing(),
      metrics: [...metricsInAll(), ...metrics().some].map(({ name }) => name),
      facts: facts(),
      same: choices.differ() ? [] : same(),
      beside: SIDE_SECTIONS.flatMap((section) => {
        const now = arrived()
        return now ? listedOf(now, section).map((line) => ({ section, line })) : []
      }),
    }),
  }
}
