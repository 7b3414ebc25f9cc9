import { compareNames, parseRegex } from './group.ts'

/**
 * Names that a text asks for: that very one, `/a pattern/` on names, or with `*` for anything. Those of a pattern
 * are in natural order. Undefined for a text that is only a name, and none of these.
 */
export function pickNames(wanted: string, names: readonly string[]): string[] | undefined {
  if (names.includes(wanted)) return [wanted]
  const source = patternOf(wanted) ?? (wanted.includes('*') ? starred(wanted) : undefined)
  if (source === undefined) return undefined
  const regex = parseRegex(source)
  return regex ? [...new Set(names)].filter((name) => regex.test(name)).sort(compareNames) : []
}

/** What stands between the strokes of `/a pattern/`. */
export function patternOf(wanted: string): string | undefined {
  return /^\/(.+)\/$/.exec(wanted)?.[1]
}

function starred(text: string): string {
  return `^${text
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')}$`
}
