import type { Run } from '../../model/run.ts'
import type { ShownRule } from '../address/link.ts'

/** Of more runs than this, only the newest are shown at first. */
export const MOST_AT_START = 50

/** Of groups that are drawn as one line each, so many runs at first. */
const MOST_IN_GROUPS = 1000

/**
 * The runs of the newest groups, oldest first, that are shown at first where groups are drawn: a group is shown
 * whole, or its line would stand for a part of it.
 */
export function shownOfGroups(groups: readonly { runs: readonly Run[] }[]): Set<string> {
  const shown: Run[] = []
  for (const { runs } of groups.slice(-MOST_AT_START).reverse()) {
    if (shown.length > 0 && shown.length + runs.length > MOST_IN_GROUPS) break
    shown.push(...runs)
  }
  return keysOf(shown)
}

/**
 * The runs that a rule shows, of all runs oldest first. `latest` counts within `filtered`. A rule that names
 * only unknown runs is `auto`.
 */
export function shownKeys(rule: ShownRule, runs: readonly Run[], filtered: readonly Run[]): Set<string> {
  switch (rule.kind) {
    case 'auto':
      return keysOf(runs.slice(-MOST_AT_START))
    case 'only': {
      const keys = new Set(rule.keys)
      const names = new Set(rule.names)
      const found = runs.filter(
        (run) => keys.has(run.key) || (run.id !== null && keys.has(run.id)) || names.has(run.name),
      )
      const asked = keys.size + names.size > 0
      return found.length === 0 && asked ? keysOf(runs.slice(-MOST_AT_START)) : keysOf(found)
    }
    case 'except': {
      const hidden = new Set(rule.keys)
      return keysOf(runs.filter((run) => !hidden.has(run.key)))
    }
    case 'latest':
      return keysOf([...filtered].sort((a, b) => a.slot - b.slot).slice(-rule.count))
  }
}

/** Names and ids of a rule that no run has. */
export function unknownRuns(rule: ShownRule, runs: readonly Run[]): string[] {
  if (rule.kind !== 'only') return []
  const keys = new Set(runs.flatMap((run) => (run.id === null ? [run.key] : [run.key, run.id])))
  const names = new Set(runs.map((run) => run.name))
  return [...rule.keys.filter((key) => !keys.has(key)), ...rule.names.filter((name) => !names.has(name))]
}

/**
 * The rule for "these and no others": all runs stay "all", so that new ones show too; a subset names what is
 * shown or, where that is shorter, what is hidden.
 */
export function ruleFor(shown: ReadonlySet<string>, runs: readonly Run[]): ShownRule {
  if (shown.size >= runs.length)
    return runs.length <= MOST_AT_START ? { kind: 'auto' } : { kind: 'except', keys: [] }
  const hidden = runs.filter(({ key }) => !shown.has(key))
  if (shown.size === 0 || hidden.length >= shown.size) return { kind: 'only', keys: [...shown], names: [] }
  return { kind: 'except', keys: hidden.map(({ key }) => key) }
}

/** New runs of a project in which some were hidden stay hidden; undefined where the rule need not change. */
export function keepHidden(rule: ShownRule, added: readonly string[]): ShownRule | undefined {
  if (rule.kind !== 'except' || rule.keys.length === 0 || added.length === 0) return undefined
  return { kind: 'except', keys: [...rule.keys, ...added] }
}

/**
 * Colour slots: as remembered, else the run's rank, else (where another run was seen with that slot) the next
 * free one. Runs come oldest first.
 */
export function assignSlots(
  runs: readonly Run[],
  remembered: Readonly<Record<string, number>>,
): Map<string, number> {
  const slots = new Map<string, number>()
  const taken = new Set<number>()
  for (const { key } of runs) {
    // a run may be called `constructor`
    const slot = Object.hasOwn(remembered, key) ? remembered[key] : undefined
    if (slot === undefined) continue
    slots.set(key, slot)
    taken.add(slot)
  }
  let next = taken.size === 0 ? 0 : Math.max(...taken) + 1
  for (const { key, slot } of runs) {
    if (slots.has(key)) continue
    if (!taken.has(slot)) slots.set(key, slot)
    else slots.set(key, next++)
    taken.add(slots.get(key) ?? slot)
  }
  return slots
}

function keysOf(runs: readonly Run[]): Set<string> {
  return new Set(runs.map(({ key }) => key))
}
