import type { CompareLine } from './lines.ts'
import { PICTURE } from './side-lines.ts'

/** Width of a letter of 13 px, on the safe side: what breaks has room. */
const LETTER = 6.7
const LINE = 17

export function widthsOf(phone: boolean): { key: number; effect: number } {
  return phone ? { key: 150, effect: 172 } : { key: 236, effect: 300 }
}

/** Of the room that is left, as wide as it goes. */
export function runWidth(room: number, count: number, phone: boolean): number {
  const { key, effect } = widthsOf(phone)
  const [least, most] = phone ? [140, 200] : [138, 260]
  return Math.round(Math.max(least, Math.min(most, (room - key - effect - 1) / Math.max(1, count))))
}

/** Lines that a text breaks into. */
export function linesFor(text: string, width: number): number {
  const each = Math.max(6, Math.floor(width / LETTER))
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / each)), 0)
}

/** Names of keys break, they are never clipped. */
export function rowHeight(line: CompareLine, keyWidth: number, phone: boolean): number {
  const least = phone ? 40 : 28
  if (line.kind === 'section' || line.kind === 'effect') return least
  const sides = sideHeight(line, phone ? PICTURE.phone : PICTURE.wide)
  const lines = linesFor(line.kind === 'metric' ? `${line.label}, last` : line.label, keyWidth - 28)
  return Math.max(least, sides, 11 + LINE * lines)
}

/** Height of a card of words, px. */
export const WORDS = 44

/** A picture with its step under it; two lines of words; else nothing of its own. */
export function sideHeight(line: CompareLine, picture: number): number {
  if (line.kind === 'media') return (line.seen ? picture : WORDS) + 14 + 18
  return line.kind === 'table' || line.kind === 'traces' || line.kind === 'failure' ? 44 : 0
}

/** As high as the longest name of a run needs. */
export function headHeight(names: readonly string[], width: number): number {
  const lines = names.reduce((most, name) => Math.max(most, linesFor(name, width - 64)), 1)
  return Math.max(52, 34 + LINE * lines)
}
