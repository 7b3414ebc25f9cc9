import { type Accessor, createMemo } from 'solid-js'
import { PALETTES, slotStyle } from '../../compute/color.ts'
import { makeMetricTest } from '../../compute/filter.ts'
import { freeTitle, isNumbered, type Member, membersOf, type Panel, titleOf } from '../../compute/panel.ts'
import { rampColors, rampStep } from '../../compute/ramp.ts'
import type { Section } from '../../compute/section.ts'
import { PINNED, SEVERAL } from '../../compute/sections.ts'
import { lineKey } from '../../model/line-key.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Patterns } from '../address/patterns.ts'
import type { StyledRun } from '../runs/runs.ts'
import type { RunStyle, ShownRun } from './chart-context.ts'

export interface PanelsOptions {
  location: ViewLocation
  names: Accessor<string[]>
  shown: Accessor<StyledRun[]>
  theme: Accessor<'light' | 'dark'>
  patterns: Patterns
}

/** Charts of several metrics. */
export interface Panels {
  titles: Accessor<string[]>
  find(title: string): Panel | undefined
  members(title: string): readonly Member[]
  /** Its lines, one for each shown run and metric; undefined where no chart of several has this title. */
  lines(title: string): ShownRun[] | undefined
  /** Titles that a search finds: by themselves, or by one of their metrics. */
  searched: Accessor<string[]>
  /** The sheet's sections with them: in a section of their own before the others, pinned ones among the pins. */
  placed(sections: readonly Section[], pins: readonly string[]): Section[]
  /** Puts a chart in the place of one that is there, or behind all; gives its title. */
  save(panel: Panel, before: string | undefined): string
  remove(title: string): void
  move(title: string, before: string | undefined): void
}

/** Charts of several metrics, as the link has them. Fetched with the first of them. */
export function createPanels({ location, names, shown, theme, patterns }: PanelsOptions): Panels {
  const linked = location.field('panels')
  const search = location.field('search')
  const known = createMemo(() => new Set(names()))
  const panels = createMemo(() => {
    const all: Panel[] = []
    const taken = (title: string): boolean => known().has(title) || all.some((one) => one.title === title)
    for (const panel of linked())
      all.push({ ...panel, title: freeTitle(panel.title || titleOf(panel), taken) })
    return all
  })
  const members = createMemo<ReadonlyMap<string, readonly Member[]>>(
    (before) =>
      patterns.attempt(
        () => new Map(panels().map((panel) => [panel.title, membersOf(panel, names())])),
        () => before,
      ),
    new Map(),
  )
  const lines = createMemo(
    () => new Map([...members()].map(([title, all]) => [title, linesOf(all, shown(), theme())])),
  )

  const searched = createMemo<string[]>((before) => {
    const { text, regex } = search()
    const titles = panels().map(({ title }) => title)
    if (text === '') return titles
    return patterns.attempt(
      () => {
        const test = makeMetricTest(text, regex)
        return titles.filter(
          (title) =>
            test(title) ||
            members()
              .get(title)
              ?.some(({ metric }) => test(metric)),
        )
      },
      () => before.filter((title) => titles.includes(title)),
    )
  }, [])

  return {
    titles: createMemo(() => panels().map(({ title }) => title)),
    find: (title) => panels().find((panel) => panel.title === title),
    members: (title) => members().get(title) ?? [],
    lines: (title) =>
      panels().some((panel) => panel.title === title) ? (lines().get(title) ?? []) : undefined,
    searched,
    placed: (sections, pins) => withPanels(sections, searched(), pins),
    save(panel, before) {
      const others = panels().filter(({ title }) => title !== before)
      const taken = (title: string): boolean =>
        known().has(title) || others.some((one) => one.title === title)
      const title = freeTitle(panel.title || titleOf(panel), taken)
      const made = { ...panel, title }
      const next = panels().map((one) => (one.title === before ? made : one))
      location.patch({ panels: before === undefined ? [...next, made] : next })
      return title
    },
    remove: (title) => location.patch({ panels: panels().filter((panel) => panel.title !== title) }),
    move(title, before) {
      const panel = panels().find((one) => one.title === title)
      const others = panels().filter((one) => one.title !== title)
      const at = before === undefined ? -1 : others.findIndex((one) => one.title === before)
      if (panel) location.patch({ panels: others.toSpliced(at < 0 ? others.length : at, 0, panel) })
    },
  }
}

/**
 * One run: a colour for each metric, of numbered ones along the continuous scale. Several: the run's own
 * colour, and a dash for each metric.
 */
export function linesOf(
  members: readonly Member[],
  runs: readonly StyledRun[],
  theme: 'light' | 'dark',
): ShownRun[] {
  const ramp = rampColors(theme)
  const numbered = isNumbered(members)
  const own = (i: number): RunStyle => {
    if (numbered) return { color: ramp[rampStep(i / Math.max(1, members.length - 1))] ?? '', dash: [] }
    const { color, dash } = slotStyle(i)
    return { color: PALETTES[theme][color] ?? '', dash }
  }
  return runs.flatMap((run) =>
    members.map(({ metric, label }, i) => ({
      ...run,
      key: lineKey(run.key, metric),
      name: runs.length === 1 ? label : `${run.name} ${label}`,
      style: runs.length === 1 ? own(i) : { color: run.style.color, dash: slotStyle(10 * i).dash },
    })),
  )
}

function withPanels(
  sections: readonly Section[],
  several: readonly string[],
  pins: readonly string[],
): Section[] {
  const section = (name: string, key: string, metrics: string[]): Section[] =>
    metrics.length > 0 ? [{ name, key, metrics, nested: [], count: metrics.length }] : []
  const pinned = sections.find(({ key }) => key === PINNED)
  const there = new Set([...several, ...(pinned?.metrics ?? [])])
  return [
    ...section(
      'Pinned',
      PINNED,
      pins.filter((name) => there.has(name)),
    ),
    ...section(
      'Several metrics',
      SEVERAL,
      several.filter((title) => !pins.includes(title)),
    ),
    ...sections.filter((one) => one !== pinned),
  ]
}
