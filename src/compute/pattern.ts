import type { Match } from '../model/pattern.ts'

/*
 * Regular expressions that a person wrote, or an address brought along. Trying one may take for ever
 * (`(a+)+$` on thirty letters), and what a thread has begun to try it cannot end. So who shows a page hands
 * in how patterns are run (`usePatternRunner`): plainly cheap ones at once, the others where they can be
 * ended.
 */

/** A pattern to be tried on texts, without regard to case. */
export interface Pattern {
  test(text: string): boolean
  exec(text: string): Match | null
}

/** Tries a pattern; null also while there is no answer yet, which whoever runs it keeps account of. */
export type PatternRunner = (source: string, text: string) => Match | null

let runner: PatternRunner = runPattern

/** Says how patterns are run from now on; without one, on the spot. */
export function usePatternRunner(next: PatternRunner = runPattern): void {
  runner = next
}

/** A case-insensitive regular expression, or undefined where the text is not one. */
export function parseRegex(source: string): Pattern | undefined {
  try {
    new RegExp(source, 'i')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // what a person is still typing
    throw error
  }
  return { test: (text) => runner(source, text) !== null, exec: (text) => runner(source, text) }
}

/** The same on the spot: for patterns that are known to be cheap. */
export function runPattern(source: string, text: string): Match | null {
  const found = new RegExp(source, 'i').exec(text)
  return found && [found[0], found[1]]
}

/**
 * Steps that trying a pattern on a text of so many letters takes at most: places to begin at × ways to go on
 * from there × parts of the pattern. Infinity for what this cannot tell: a repeated group, a reference back,
 * a look around.
 */
export function costOf(source: string, length: number): number {
  let parts = 1
  let ways = 1
  /** Alternatives of the groups that are open. */
  const open = [1]
  for (let i = 0; i < source.length; i++) {
    const letter = source[i]
    if (letter === '|') open.push((open.pop() ?? 1) + 1)
    else if (letter === '(') {
      if (source[i + 1] === '?' && !/^\?(:|<\w+>)/.test(source.slice(i + 1))) return Number.POSITIVE_INFINITY
      // what says that a group is none, or names it, is no quantifier
      if (source[i + 1] === '?') i = source[i + 2] === ':' ? i + 2 : source.indexOf('>', i)
      open.push(1)
      parts++
    } else if (letter === ')') {
      ways *= open.pop() ?? 1
      if (/^(?:[*+?]|\{\d)/.test(source.slice(i + 1))) return Number.POSITIVE_INFINITY
    } else {
      if (letter === '\\') {
        if (/^[1-9k]/.test(source.slice(i + 1))) return Number.POSITIVE_INFINITY
        i++
      } else if (letter === '[') i = endOfClass(source, i)
      parts++
      const [, whole = '', from, comma, to] = /^([*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(source.slice(i + 1)) ?? []
      if (whole === '') continue
      const lazy = source[i + 1 + whole.length] === '?' ? 1 : 0
      i += whole.length + lazy
      if (from !== undefined && comma === '') parts += Math.min(Number(from), length)
      else if (whole === '?') ways *= 2
      else ways *= Math.min(length, to ? Math.max(0, Number(to) - Number(from)) : length) + 1
    }
  }
  while (open.length > 0) ways *= open.pop() ?? 1
  const begins = source.startsWith('^') && !source.includes('|') ? 1 : length + 1
  return begins * ways * parts
}

/** Where a class of letters ends, `]`. */
function endOfClass(source: string, start: number): number {
  let i = start + 1
  while (i < source.length && source[i] !== ']') i += source[i] === '\\' ? 2 : 1
  return i
}
