import { compareNames, parseRegex } from './group.ts'

/**
 * Metrics that a link's `metrics` names, in its order: each part of the comma list is a name; else one in
 * which `/` and `_` count as alike; else the last part of names (`loss` finds `train/loss` and `eval/loss`);
 * else a regular expression. What one part finds is in natural order. `missing` are the parts that found
 * nothing. Where none found anything, the text as a whole may be one expression.
 */
export function resolveMetrics(
  text: string,
  names: readonly string[],
): { metrics: string[]; missing: string[] } {
  const all = new Set(names)
  const whole = text.trim()
  if (all.has(whole)) return { metrics: [whole], missing: [] }
  const parts = splitParts(text)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const found = new Set<string>()
  const missing: string[] = []
  for (const part of parts) {
    const hits = all.has(part) ? [part] : hitsOf(part, names)
    for (const name of hits) found.add(name)
    if (hits.length === 0) missing.push(part)
  }
  if (found.size > 0 || parts.length < 2) return { metrics: [...found], missing }
  const matched = matching(whole, names)
  return matched.length > 0 ? { metrics: matched, missing: [] } : { metrics: [], missing }
}

function hitsOf(part: string, names: readonly string[]): string[] {
  const folded = fold(part)
  const alike = names.filter((name) => fold(name) === folded)
  if (alike.length > 0) return alike.sort(compareNames)
  const last = names.filter((name) => name.endsWith(`/${part}`))
  return last.length > 0 ? last.sort(compareNames) : matching(part, names)
}

function matching(source: string, names: readonly string[]): string[] {
  const regex = parseRegex(source)
  return regex ? names.filter((name) => regex.test(name)).sort(compareNames) : []
}

function fold(name: string): string {
  return name.replaceAll('/', '_')
}

/**
 * At the commas outside of brackets, so that `a{1,2}` stays whole; at all of them where brackets do not
 * close.
 */
function splitParts(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let inClass = false
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (letter === '\\') i++
    else if (inClass) inClass = letter !== ']'
    else if (letter === '[') inClass = true
    else if (letter === '(' || letter === '{') depth++
    else if (letter === ')' || letter === '}') depth--
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
    if (depth < 0) break
  }
  return depth === 0 && !inClass ? [...parts, text.slice(start)] : text.split(',')
}
