import { type Accessor, createEffect, createMemo, on } from 'solid-js'
import type { Section } from '../../compute/section.ts'
import { foldedAtStart, movedOrder, rankSections, sectionId } from '../../compute/section-order.ts'
import { PINNED, type Arrangement as Placing, sectionsOf, splitSections } from '../../compute/sections.ts'
import type { ViewLocation } from '../address/location.ts'
import { type Preferences, rememberList } from '../address/preferences.ts'
import type { ProjectData } from './catalogue.ts'

/** What is moved: a metric by its name, a section by its id (`sectionId`). */
export type Movable = { metric: string } | { section: string }

export interface Arrangement {
  pins: Accessor<readonly string[]>
  isPinned(metric: string): boolean
  setPinned(metric: string, pinned: boolean): void
  /** For `sectionsOf`; ranks stay as long as the project is on screen. */
  placing: Accessor<Placing>
  /** Keys of the sections that are folded at start. */
  folded: Accessor<ReadonlySet<string>>
  /**
   * Puts it before another of its section (of its level), or behind the last of `shown`: of what is filtered
   * away nothing changes.
   */
  move(what: Movable, before: string | undefined, shown: readonly string[]): void
  isOrdered: Accessor<boolean>
  resetOrder(): void
}

interface Settled {
  project: string | undefined
  ranks: Map<string, number>
  folded: Set<string>
  /** Every row was read once: what is folded at start is decided. */
  read: boolean
}

export interface ArrangementOptions {
  location: ViewLocation
  preferences: Preferences
  data: ProjectData
  projectName: Accessor<string | undefined>
  names: Accessor<string[]>
  /** Puts a chart of several metrics in order; false where it is none. */
  movePanel(title: string, before: string | undefined): boolean
}

/**
 * Which metrics are pinned, and the order of metrics and sections: the link's, else what this browser keeps
 * for the project.
 */
export function createArrangement({
  location,
  preferences,
  data,
  projectName,
  names,
  movePanel,
}: ArrangementOptions): Arrangement {
  const pins = createKept('pins')
  const order = createKept('order')
  const pinned = createMemo(() => new Set(pins()))

  const settled = createMemo<Settled>(
    (before) => {
      const project = data.catalogue()?.project.id
      const known = before.project === project
      const sections = splitSections(names())
      const ranks = rankSections(sections, known ? before.ranks : undefined)
      return known && before.read
        ? { ...before, ranks }
        : {
            project,
            ranks,
            folded: foldedAtStart(sections, ranks),
            read: data.exact() && project !== undefined,
          }
    },
    { project: undefined, ranks: new Map(), folded: new Set(), read: false },
  )
  const placing = createMemo((): Placing => ({ pinned: pins(), order: order(), ranks: settled().ranks }))

  return {
    pins,
    isPinned: (metric) => pinned().has(metric),
    setPinned(metric, on) {
      const others = pins().filter((other) => other !== metric)
      location.patch({ pins: on ? [...others, metric] : others })
    },
    placing,
    folded: createMemo(() => settled().folded),
    move,
    isOrdered: createMemo(() => order().length > 0),
    resetOrder: () => location.patch({ order: [] }),
  }

  function move(what: Movable, before: string | undefined, shown: readonly string[]): void {
    if ('metric' in what && pinned().has(what.metric)) {
      // a pin that the project does not have yet keeps its place
      const next = movedOrder([], pins(), [], what.metric, before ?? behind(pins(), shown))
      return location.patch({ pins: [...next, ...pins().filter((metric) => !next.includes(metric))] })
    }
    if ('metric' in what && movePanel(what.metric, before)) return
    const id = 'metric' in what ? what.metric : what.section
    const now = siblingsIn(sectionsOf(names(), placing()), what)
    const automatic = siblingsIn(sectionsOf(names(), { ...placing(), order: [] }), what)
    if (now.includes(id))
      location.patch({ order: movedOrder(order(), now, automatic, id, before ?? behind(now, shown)) })
  }

  /**
   * A list that the link carries and this browser keeps. A link that says nothing of it takes what is kept;
   * what a person changes is kept.
   */
  function createKept(kind: 'pins' | 'order'): Accessor<readonly string[]> {
    const linked = location.field(kind)
    const kept = () => preferences.value()[kind][projectName() ?? '']
    createEffect(
      on([projectName, linked] as const, ([project, list], before) => {
        if (project === undefined) return
        const known = before?.[0] === project && !location.isFollowing()
        if (known && before?.[1] !== list)
          preferences.set(rememberList(preferences.value(), kind, project, list ?? []))
        else if (!known && list === undefined && kept()) location.adopt({ [kind]: kept() })
      }),
    )
    return createMemo(() => linked() ?? kept() ?? [], [], {
      equals: (a, b) => a.length === b.length && a.every((id, i) => id === b[i]),
    })
  }
}

/** What stands behind the last of `shown`. */
function behind(all: readonly string[], shown: readonly string[]): string | undefined {
  return all[all.findLastIndex((id) => shown.includes(id)) + 1]
}

/** Ids of all that stand in one section, or of all sections of one level. */
function siblingsIn(sections: readonly Section[], what: Movable): string[] {
  const lists = [sections.filter(({ key }) => key !== PINNED), ...sections.map(({ nested }) => nested)]
  if ('section' in what)
    return (lists.find((list) => list.some((one) => sectionId(one) === what.section)) ?? []).map(sectionId)
  return lists.flat().find(({ metrics }) => metrics.includes(what.metric))?.metrics ?? []
}
