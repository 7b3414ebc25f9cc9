import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import { PALETTES, slotStyle } from '../../compute/color.ts'
import type { ColorKey } from '../../compute/color-by.ts'
import {
  type Filter,
  type FilterSubject,
  type FilterWords,
  isExpression,
  makeNameTest,
} from '../../compute/filter.ts'
import {
  type ConfigKey,
  configValue,
  groupBy,
  listConfigKeys,
  makeConfigGetter,
  makeGroupValue,
  type RunGroup,
  seedlessOf,
} from '../../compute/group.ts'
import { directionOf } from '../../compute/metric-words.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { Rank } from '../address/link.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Patterns } from '../address/patterns.ts'
import { type Preferences, rememberSlots } from '../address/preferences.ts'
import type { ProjectData } from '../data/catalogue.ts'
import { pick, type Ranks, type Statistic } from './ranks.ts'
import { assignSlots, keepHidden, ruleFor, shownKeys, shownOfGroups } from './run-selection.ts'
import type { Marks } from './written-marks.ts'

/** A run as charts draw it. */
export interface StyledRun {
  key: RunKey
  name: string
  slot: number
  style: { color: string; dash: number[] }
  /** ms since 1970 of its first row; NaN where no time was stored. */
  created: number
}

/**
 * A line of the list: a run, or the head of a group. Strings, so that a list keeps its rows while data moves.
 */
export type ListRow = `r:${string}` | `g:${string}`

export interface GroupInfo {
  /** null: the runs without a value. */
  value: string | null
  label: string
  keys: RunKey[]
}

export interface Runs {
  all: Accessor<Run[]>
  byKey: Accessor<ReadonlyMap<RunKey, Run>>
  isShown(key: RunKey): boolean
  shownCount: Accessor<number>
  /** Shown runs, oldest first: charts draw the newest on top. */
  shown: Accessor<StyledRun[]>
  styled(key: RunKey): StyledRun | undefined
  slot(key: RunKey): number
  /** Keys that pass the filter, in list order. */
  listed: Accessor<RunKey[]>
  filtering: Accessor<boolean>
  filterError: Accessor<string | undefined>
  /**
   * Runs that another filter would let by; undefined where it cannot be read, or asks for values that are not
   * known.
   */
  matching(text: string): ReadonlySet<RunKey> | undefined
  /** Metrics whose values the filter still waits for; until then it hides what it hid before. */
  filterWaits: Accessor<string[]>
  /** It waits for nothing. */
  filterReady: Accessor<boolean>
  /** What the colours mean, while they are not the runs' own; undefined until it is known. */
  colorKey: Accessor<ColorKey | undefined>
  colorsReady: Accessor<boolean>
  /** As its project has it, whatever it is called here. */
  loggedName(key: RunKey): string
  /** Calls a run otherwise in this view; '' as it was logged. Its project is not changed. */
  rename(key: RunKey, name: string): void
  /** Charts follow the filter, and nothing is left to draw. */
  noneDrawn: Accessor<boolean>
  rows: Accessor<ListRow[]>
  group(row: ListRow): GroupInfo | undefined
  /** All runs of a group by its id, also those that the filter leaves out. */
  members(group: string): readonly RunKey[]
  /** Groups of all runs, whatever the filter leaves, in order of their first run; undefined while none are wanted. */
  allGroups: Accessor<(GroupInfo & { id: string })[] | undefined>
  isCollapsed(group: string): boolean
  collapse(group: string): void
  configKeys: Accessor<ConfigKey[]>
  rank: Accessor<Rank | undefined>
  /** Its source is live, and it goes on. */
  isLive(key: RunKey): boolean
  value(key: RunKey): number | undefined
  set(keys: readonly RunKey[], on: boolean): void
  toggle(key: RunKey): void
  range(key: RunKey): void
  solo(keys: readonly RunKey[]): void
  /** The run that differences are taken to. */
  baseRun: Accessor<RunKey | undefined>
  /** `run:` and a key, or `group:` and a group's id: makes it the baseline, or ends that. */
  toggleBase(base: string): void
  setLatest(on: boolean): void
  showNewest(): void
  setSlot(keys: readonly RunKey[], slot: number | undefined): void
  spreadColors(): void
}

export interface RunsOptions {
  location: ViewLocation
  preferences: Preferences
  data: ProjectData
  projectName: Accessor<string | undefined>
  theme: Accessor<'light' | 'dark'>
  metricNames: Accessor<string[]>
  ranks: Ranks
  /** Whether a run goes on. */
  live(run: Run): boolean
  patterns: Patterns
  marks: Marks
}

/** Which runs there are, which are shown, how they look, and the list of them. */
export function createRuns(options: RunsOptions): Runs {
  const { location, preferences, data, patterns } = options
  const rule = location.field('shown')
  const filterText = location.field('filter')
  const groupKey = location.field('group')
  const draw = location.field('draw')
  const base = location.field('base')
  const explicitRank = location.field('rank')
  const overrides = location.field('slots')
  const follow = location.field('follow')
  const [collapsed, setCollapsed] = createSignal<ReadonlySet<string>>(new Set())
  let lastToggled: RunKey | undefined
  let beforeSolo: { only: string; rule: ReturnType<typeof rule> } | undefined

  const viewNames = location.field('names')
  const logged = createMemo(() => data.catalogue()?.runs ?? [])
  const all = createMemo(() => {
    const names = viewNames()
    return Object.keys(names).length === 0
      ? logged()
      : logged().map((run) => ({ ...run, name: names[run.key] || run.name }))
  })
  const keys = createMemo(() => all().map(({ key }) => key), undefined, { equals: sameItems })
  const byKey = createMemo(() => new Map(all().map((run) => [run.key, run])))
  const remembered = createMemo(() => preferences.value().slots[options.projectName() ?? ''] ?? {})
  const slots = createMemo(() => assignSlots(all(), remembered()))
  const configKeys = createMemo(() => listConfigKeys(all()))
  /** Of all runs: what the filter leaves out moves no other into another group. */
  const groupOf = createMemo<ReadonlyMap<RunKey, string | null> | undefined>((before) => {
    const key = groupKey()
    if (key.kind === 'none') return undefined
    return patterns.attempt(
      () => {
        const value = makeGroupValue(key, key.kind === 'seeds' ? seedlessOf(configKeys()) : [])
        return new Map(all().map((run) => [run.key, value(run)]))
      },
      () => before,
    )
  })
  const allGroups = createMemo(() => {
    const known = groupOf()
    return known && groupBy(all(), ({ key }) => known.get(key) ?? null)
  })
  /** Where groups are drawn, the slots are theirs: their places in order of their first runs. */
  const groupSlots = createMemo(() => {
    const found = draw() === 'runs' ? undefined : allGroups()
    const slotOf = (runs: Run[], i: number) => overrides()[runs[0]?.key ?? ''] ?? i
    return new Map(found?.flatMap(({ runs }, i) => runs.map(({ key }) => [key, slotOf(runs, i)])))
  })
  const by = location.field('colorBy')
  const [coloring, setColoring] = createSignal<typeof import('./colored.ts').colored>()
  createEffect(() => {
    if (by() && !coloring())
      import('./colored.ts').then(
        (found) => setColoring(() => found.colored),
        // runs keep their own colours then
        () => location.patch({ colorBy: undefined }),
      )
  })
  /** Undefined while runs have their own colours, and until all is known that they are coloured by. */
  const colors = createMemo(() => {
    const wanted = by()
    return wanted && coloring()?.(wanted, all(), options.ranks, options.theme())
  })
  const styles = createMemo(() => {
    const palette = PALETTES[options.theme()]
    const map = new Map<RunKey, StyledRun>()
    for (const { key, name, created } of all()) {
      const slot = groupSlots().get(key) ?? overrides()[key] ?? slots().get(key) ?? 0
      const { color, dash } = slotStyle(slot)
      const own = { color: palette[color] ?? palette[0], dash }
      map.set(key, { key, name, slot, created, style: colors()?.styles.get(key) ?? own })
    }
    return map
  })

  // ranks of a catalogue that is still being read may move, so only exact ones are kept
  createEffect(() => {
    const project = options.projectName()
    if (project === undefined || !data.exact() || !preferences.keepsColors(project)) return
    const known = remembered()
    const now = Object.fromEntries(slots())
    if (Object.entries(now).some(([key, slot]) => known[key] !== slot)) {
      preferences.set(rememberSlots(preferences.value(), project, { ...known, ...now }))
    }
  })

  createEffect(
    on([keys, data.exact], ([now, exact], before) => {
      const [then, wasExact] = before ?? []
      if (!exact || !wasExact || !then) return
      const old = new Set(then)
      const change = keepHidden(
        rule(),
        now.filter((key) => !old.has(key)),
      )
      if (change) location.patch({ shown: change })
    }),
  )

  const rank = createMemo(() => explicitRank() ?? guessRank(options.metricNames()))
  const metricSet = createMemo(() => new Set(options.metricNames()))
  const words: FilterWords = {
    isKey: (name) => all().some((run) => configValue(run.config, name) !== undefined),
    isMetric: (name) => metricSet().has(name),
    keys: () => configKeys().map(({ path }) => path),
    metrics: options.metricNames,
    runNames: () => all().map(({ name }) => name),
  }
  /** Comes with the first expression; until then the list stays as it is. */
  const [parse, setParse] = createSignal<(text: string, words: FilterWords) => Filter>()
  const parsing = createMemo(() => isExpression(filterText().trim()))
  createEffect(() => {
    if (!parsing() || parse()) return
    const failed = (): Filter => ({
      kind: 'error',
      message: 'comparisons could not be loaded; reload the page',
    })
    import('../../compute/filter-expression.ts').then(
      ({ parseFilter }) => setParse(() => parseFilter),
      () => setParse(() => failed),
    )
  })
  const filter = createMemo<{ valid: Exclude<Filter, { kind: 'error' }>; error: string | undefined }>(
    (before) => {
      const text = filterText().trim()
      const read = parse()
      if (!parsing())
        return {
          valid: { kind: 'text', test: makeNameTest(text), metrics: [], measures: [] },
          error: undefined,
        }
      const next = read?.(text, words)
      // an invalid expression keeps the last result
      return !next || next.kind === 'error'
        ? { valid: before.valid, error: next?.message }
        : { valid: next, error: undefined }
    },
    { valid: { kind: 'text', test: () => true, metrics: [], measures: [] }, error: undefined },
  )
  const filterWaits = createMemo(
    () =>
      all().length === 0
        ? []
        : [
            ...filter().valid.metrics.filter((metric) => options.ranks.values(metric) === undefined),
            ...filter()
              .valid.measures.filter(({ metric, measure }) => !options.ranks.measured(metric, measure))
              .map(({ metric }) => metric),
          ],
    [],
    { equals: sameItems },
  )
  /**
   * Of a metric that nobody chose a statistic for: its good end where its name tells, else what was logged
   * last.
   */
  const statisticOf = (metric: string): Statistic => {
    const by = rank()
    return by?.metric === metric ? by.by : (directionOf(metric) ?? 'last')
  }
  const metricOf = (run: Run, metric: string, by: Statistic): number | undefined => {
    const values = metricSet().has(metric) ? options.ranks.values(metric)?.get(run.key) : undefined
    return values && pick(values, by)
  }
  /** Getters of config values by their paths: a filter asks all runs for the same few. */
  const getters = new Map<string, ReturnType<typeof makeConfigGetter>>()
  function getterOf(path: string): ReturnType<typeof makeConfigGetter> {
    const found = getters.get(path) ?? makeConfigGetter(path)
    getters.set(path, found)
    return found
  }
  /** One for all runs, which it turns to one after the other: thousands of them are made and lost otherwise. */
  const subject: FilterSubject & { run: Run | undefined } = {
    run: undefined,
    get name() {
      return this.run?.name ?? ''
    },
    get group() {
      return this.run?.group ?? null
    },
    // the clock is looked at only where it is asked for
    get state() {
      return this.run && options.live(this.run) ? 'live' : 'ended'
    },
    get tags() {
      return options.marks.of(this.run?.key ?? '')?.tags ?? []
    },
    get note() {
      return options.marks.of(this.run?.key ?? '')?.note
    },
    config: (key) => getterOf(key)(subject.run?.config ?? null),
    metric: (name, by) => subject.run && metricOf(subject.run, name, by ?? statisticOf(name)),
    measured: (name, measure) => options.ranks.measured(name, measure)?.get(subject.run?.key ?? ''),
  }
  const subjectOf = (run: Run): FilterSubject => {
    subject.run = run
    return subject
  }
  let leftOf: string | undefined
  const left = createMemo<ReadonlySet<RunKey>>((before) => {
    const { valid } = filter()
    const project = options.projectName()
    // keys of another project may be the same names
    if (filterWaits().length > 0) return project === leftOf ? before : new Set<RunKey>()
    const fails = (run: Run): boolean => !valid.test(subjectOf(run))
    return patterns.attempt(
      () => {
        const out = all().filter(fails)
        leftOf = project
        return new Set(out.map(({ key }) => key))
      },
      () => (project === leftOf ? before : new Set<RunKey>()),
    )
  }, new Set<RunKey>())
  const passing = createMemo(() => all().filter(({ key }) => !left().has(key)))

  const value = (key: RunKey) => {
    const by = rank()
    const values = by && options.ranks.values(by.metric)?.get(key)
    return by && values && pick(values, by.by)
  }
  const ordered = createMemo(() => {
    const newest = [...passing()].reverse()
    const by = explicitRank()
    const values = by && options.ranks.values(by.metric)
    if (!by || !values) return newest
    const at = (run: Run) => {
      const found = values.get(run.key)
      return found ? pick(found, by.by) : Number.NaN
    }
    // best first: of an accuracy the greatest, also of those logged last
    const sign = by.by === 'max' || (by.by === 'last' && directionOf(by.metric) === 'max') ? -1 : 1
    return newest.sort((a, b) => {
      const [left, right] = [at(a), at(b)]
      if (Number.isNaN(left) || Number.isNaN(right))
        return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
      return sign * (left - right)
    })
  })
  const listed = createMemo(() => ordered().map(({ key }) => key), undefined, { equals: sameItems })
  const membersOf = createMemo(() => {
    const found = new Map<string, RunKey[]>()
    for (const [key, value] of groupOf() ?? []) {
      const id = groupId(value)
      const known = found.get(id)
      if (known) known.push(key)
      else found.set(id, [key])
    }
    return found
  })
  const groups = createMemo(() => {
    const known = groupOf()
    return known && groupBy(ordered(), ({ key }) => known.get(key) ?? null)
  })
  const groupInfos = createMemo(() => {
    const infos = new Map<string, GroupInfo>()
    for (const { value: text, runs } of groups() ?? []) {
      infos.set(groupId(text), infoOf(text, runs))
    }
    return infos
  })
  const rows = createMemo<ListRow[]>(
    () => {
      const found = groups()
      if (!found) return listed().map((key): ListRow => `r:${key}`)
      return found.flatMap(({ value: text, runs }): ListRow[] => {
        const id = groupId(text)
        return [`g:${id}`, ...(collapsed().has(id) ? [] : runs.map(({ key }): ListRow => `r:${key}`))]
      })
    },
    [],
    { equals: sameItems },
  )

  const shownSet = createMemo(() => {
    const drawn = rule().kind === 'auto' && draw() !== 'runs' ? allGroups() : undefined
    return drawn ? shownOfGroups(drawn) : shownKeys(rule(), logged(), passing())
  })
  const passingKeys = createMemo(() => new Set(passing().map(({ key }) => key)))
  const shown = createMemo(
    () => {
      const set = shownSet()
      const only = follow() ? passingKeys() : undefined
      const list: StyledRun[] = []
      for (const [key, run] of styles()) if (set.has(key) && (!only || only.has(key))) list.push(run)
      return list
    },
    undefined,
    { equals: sameRuns },
  )

  function show(next: ReadonlySet<string>): void {
    location.patch({ shown: ruleFor(next, all()) })
  }

  function set(changed: readonly RunKey[], on: boolean): void {
    const next = new Set(shownSet())
    for (const key of changed) {
      if (on) next.add(key)
      else next.delete(key)
    }
    lastToggled = changed[changed.length - 1]
    show(next)
  }

  return {
    all,
    byKey,
    isShown: (key) => shownSet().has(key),
    shownCount: createMemo(() => shownSet().size),
    shown,
    styled: (key) => styles().get(key),
    slot: (key) => styles().get(key)?.slot ?? 0,
    listed,
    filtering: createMemo(() => filterText().trim() !== ''),
    filterError: createMemo(
      () =>
        filter().error ?? patterns.notices(location.view()).find(({ subject }) => subject === 'filter')?.text,
    ),
    matching(text) {
      const trimmed = text.trim()
      const read = isExpression(trimmed) ? parse()?.(trimmed, words) : undefined
      if (isExpression(trimmed) && (!read || read.kind === 'error')) return undefined
      if (read?.kind === 'expression' && read.metrics.some((name) => !options.ranks.values(name)))
        return undefined
      const test = read?.kind === 'expression' ? read.test : makeNameTest(trimmed)
      return patterns.attempt(
        () => new Set(all().flatMap((run) => (test(subjectOf(run)) ? [run.key] : []))),
        () => undefined,
      )
    },
    filterWaits,
    filterReady: createMemo(() => filterWaits().length === 0 && (!parsing() || parse() !== undefined)),
    colorKey: createMemo(() => colors()?.key),
    colorsReady: createMemo(() => !by() || all().length === 0 || colors() !== undefined),
    loggedName: (key) =>
      (viewNames()[key] ? logged().find((run) => run.key === key) : byKey().get(key))?.name ?? '',
    rename(key, name) {
      const { [key]: _, ...others } = viewNames()
      location.patch({ names: name === '' ? others : { ...others, [key]: name } })
    },

    noneDrawn: createMemo(
      () => follow() && filterText().trim() !== '' && all().length > 0 && shown().length === 0,
    ),
    rows,
    group: (row) => groupInfos().get(row.slice(2)),
    members: (id) => membersOf().get(id) ?? [],
    allGroups: createMemo(() => allGroups()?.map(groupInfo)),
    isCollapsed: (id) => collapsed().has(id),
    collapse(id) {
      const next = new Set(collapsed())
      if (!next.delete(id)) next.add(id)
      setCollapsed(next)
    },
    configKeys,
    rank,
    isLive: (key) => {
      const run = byKey().get(key)
      return run !== undefined && options.live(run)
    },
    value,
    set,
    toggle: (key) => set([key], !shownSet().has(key)),
    range(key) {
      const list = listed()
      const [from, to] = [list.indexOf(lastToggled ?? key), list.indexOf(key)]
      if (from === -1 || to === -1) return
      set(list.slice(Math.min(from, to), Math.max(from, to) + 1), !shownSet().has(key))
      lastToggled = key
    },
    solo(wanted) {
      const now = shownSet()
      const id = wanted.join('\n')
      const alone = now.size === wanted.length && wanted.every((key) => now.has(key))
      if (alone && beforeSolo?.only === id) {
        location.patch({ shown: beforeSolo.rule })
        beforeSolo = undefined
      } else if (alone) show(new Set(keys()))
      else {
        beforeSolo = { only: id, rule: rule() }
        show(new Set(wanted))
      }
    },
    // links name it by its key or its id
    baseRun: createMemo(
      () => all().find(({ key, id }) => [`run:${key}`, `run:${id}`].includes(base() ?? ''))?.key,
    ),
    toggleBase: (next) => location.patch({ base: base() === next ? undefined : next }),
    setLatest: (on) => location.patch({ shown: on ? { kind: 'latest', count: 1 } : { kind: 'auto' } }),
    showNewest: () => location.patch({ shown: { kind: 'auto' } }),
    setSlot(changed, slot) {
      const next = { ...overrides() }
      for (const key of changed) {
        if (slot === undefined) delete next[key]
        else next[key] = slot
      }
      location.patch({ slots: next })
    },
    spreadColors() {
      const next: Record<string, number> = {}
      shown().forEach(({ key }, i) => {
        next[key] = i
      })
      location.patch({ slots: next })
    },
  }
}

/** A group as charts take it. */
export function groupInfo({ value, runs }: RunGroup): GroupInfo & { id: string } {
  return { ...infoOf(value, runs), id: groupId(value) }
}

function infoOf(text: string | null, runs: readonly Run[]): GroupInfo {
  return { value: text, label: text ?? 'not set', keys: runs.map(({ key }) => key) }
}

/** A group value as an id; runs without one have their own, which no value can equal. */
function groupId(value: string | null): string {
  return value === null ? '-' : `=${value}`
}

/** Of evaluation before training, and of losses before other results. */
const HELD_OUT = /(^|[/_])(eval|val|valid|validation|test)([/_]|$)/i
const LOSS = /(^|[/_])loss$/i

/** The number that most people look for first; only shown, never sorted by, until somebody asks. */
function guessRank(names: readonly string[]): Rank | undefined {
  const results = names.filter((name) => directionOf(name) !== undefined)
  const metric =
    results.find((name) => HELD_OUT.test(name) && LOSS.test(name)) ??
    results.find((name) => LOSS.test(name)) ??
    results.find((name) => HELD_OUT.test(name)) ??
    results[0]
  return metric === undefined ? undefined : { metric, by: directionOf(metric) ?? 'last' }
}

/** Groups of one value or one group per run say nothing; used to offer keys. */
export function isUsefulGroup(runs: readonly Run[], kind: 'group' | 'username'): boolean {
  const value = makeGroupValue({ kind })
  return new Set(runs.map(value)).size > 1
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

function sameRuns(a: readonly StyledRun[], b: readonly StyledRun[]): boolean {
  return a.length === b.length && a.every((run, i) => isSameRun(run, b[i]))
}

function isSameRun(a: StyledRun, b: StyledRun | undefined): boolean {
  return (
    a === b ||
    (a.key === b?.key &&
      a.name === b.name &&
      a.slot === b.slot &&
      a.style.color === b.style.color &&
      a.style.dash.length === b.style.dash.length)
  )
}
