import { compareNames } from './group.ts'
import { parseRegex } from './pattern.ts'

/** A chart of several metrics, as a person made it: which ones they are, by name or by a pattern. */
export interface Panel {
  /** Its name, under which it is pinned, put in order and linked. */
  title: string
  /** A regular expression on names; metrics that come later are in it too. */
  pattern?: string | undefined
  metrics?: readonly string[] | undefined
}

/** A metric of it, and what its lines are called: what the first group of the pattern caught, or its name. */
export interface Member {
  metric: string
  label: string
}

/**
 * The metrics of a chart that the project has: picked ones in their order, those of a pattern by what it
 * caught, in natural order. Labels that are not one for each are names in full.
 */
export function membersOf(
  { pattern, metrics = [] }: Omit<Panel, 'title'>,
  names: readonly string[],
): Member[] {
  if (pattern === undefined) {
    const there = new Set(names)
    return metrics.filter((metric) => there.has(metric)).map((metric) => ({ metric, label: metric }))
  }
  const regex = parseRegex(pattern)
  const found = names.flatMap((metric): Member[] => {
    const match = regex?.exec(metric)
    return match ? [{ metric, label: match[1] || metric }] : []
  })
  const unique = new Set(found.map(({ label }) => label)).size === found.length
  return (unique ? found : found.map(({ metric }) => ({ metric, label: metric }))).sort((a, b) =>
    compareNames(a.label, b.label),
  )
}

/** Every label is a number: layers, heads, devices. */
export function isNumbered(members: readonly Member[]): boolean {
  return members.length > 1 && members.every(({ label }) => /^\d+$/.test(label))
}

/** What a chart is called that nobody named. */
export function titleOf({ pattern, metrics = [] }: Omit<Panel, 'title'>): string {
  return pattern === undefined ? metrics.join(' + ') : `/${pattern}/`
}

/** The title, with a number where another chart or a metric has it. */
export function freeTitle(title: string, taken: (title: string) => boolean): string {
  if (!taken(title)) return title
  let number = 2
  while (taken(`${title} ${number}`)) number++
  return `${title} ${number}`
}
