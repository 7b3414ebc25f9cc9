import { type GroupStatistic, STATISTICS } from '../model/groups.ts'
import type { RangeMode, Scale, Smoothing, XAxis } from '../model/view.ts'
import type { GroupKey } from './group.ts'

/*
 * A chart as a text asks for it, in a fenced block of lines `name: value`:
 *
 *   metrics: train/loss, eval/loss
 *   runs: dr-grpo-*
 *   to: 1200
 *
 * or as one object of JSON with the same names. What is not understood is said with its line: a chart of half
 * of what was asked for would be another one.
 */

/** The language that a fence names. */
export const CHART_BLOCK = 'trackio'

export interface ChartBlock {
  title: string
  /** As written: names, their ends, patterns. */
  metrics: string[]
  /** Names, patterns, `this`, `all`, `shown`; undefined: those that are shown. */
  runs: string[] | undefined
  x: XAxis
  from: number | undefined
  to: number | undefined
  /** Undefined: as the charts have it where nobody set it. */
  smoothing: Smoothing | undefined
  y: Scale
  range: RangeMode
  /** Of the chart with its caption, px. */
  height: number
  group: GroupKey | undefined
  statistic: GroupStatistic
}

export type ParsedBlock = { block: ChartBlock } | { why: string }

/** Of the last day that a Date may have, ms since 1970. */
const LAST_MS = 8.64e15
const HEIGHT = 236
const HEIGHTS: [number, number] = [120, 1000]
const SMOOTHINGS: [number, number] = [0, 100]

type Value = string | string[]
type Reader = (block: ChartBlock, value: Value) => void

/** Why a line cannot be read: the words that follow its place. */
class Refused extends Error {}

const READERS: Record<string, Reader> = {
  title: (block, value) => (block.title = oneOf(value)),
  metrics: (block, value) => (block.metrics = listOf(value)),
  runs: (block, value) => (block.runs = listOf(value)),
  x: (block, value) => (block.x = axisOf(oneOf(value))),
  from: (block, value) => (block.from = placeOf(oneOf(value))),
  to: (block, value) => (block.to = placeOf(oneOf(value))),
  smoothing(block, value) {
    const text = oneOf(value)
    block.smoothing =
      text === 'auto' ? undefined : { kind: 'mean', width: whole(text, SMOOTHINGS), factor: 1 }
  },
  y: (block, value) => (block.y = among(oneOf(value), ['linear', 'log'])),
  range: (block, value) => (block.range = rangeOf(oneOf(value))),
  height: (block, value) => (block.height = whole(oneOf(value), HEIGHTS)),
  group: (block, value) => (block.group = groupOf(oneOf(value))),
  statistic: (block, value) => (block.statistic = among(oneOf(value), STATISTICS)),
}
/** Other words for the same: one of several, and what links call it. */
const ALSO: Record<string, string> = {
  metric: 'metrics',
  run: 'runs',
  x_axis: 'x',
  'x-axis': 'x',
  xmin: 'from',
  xmax: 'to',
  y_axis: 'y',
  group_by: 'group',
}

export function parseChartBlock(text: string): ParsedBlock {
  try {
    const block: ChartBlock = {
      title: '',
      metrics: [],
      runs: undefined,
      x: { kind: 'step' },
      from: undefined,
      to: undefined,
      smoothing: undefined,
      y: 'linear',
      range: { kind: 'robust' },
      height: HEIGHT,
      group: undefined,
      statistic: 'mean',
    }
    const given = new Set<string>()
    for (const { name, value, where } of entriesOf(text)) {
      const known = name.toLowerCase()
      const field = ALSO[known] ?? known
      const read = Object.hasOwn(READERS, field) ? READERS[field] : undefined
      if (!read) throw new Refused(`${where}“${cut(name)}” is none of ${Object.keys(READERS).join(', ')}`)
      if (given.has(field)) throw new Refused(`${where}${field} is given twice`)
      given.add(field)
      within(`${where}${known}: `, () => read(block, value))
    }
    if (block.metrics.length === 0) throw new Refused('it names no metrics: “metrics: train/loss”')
    if (block.from !== undefined && block.to !== undefined && block.from >= block.to)
      throw new Refused(`from ${block.from} is not below to ${block.to}`)
    for (const end of ['from', 'to'] as const)
      if (block.x.kind === 'wall' && Math.abs(block[end] ?? 0) > LAST_MS)
        throw new Refused(`${end} ${block[end]} is no time: ms since 1970, or a date`)
    return { block }
  } catch (error) {
    if (error instanceof Refused) return { why: error.message }
    throw error
  }
}

interface Entry {
  name: string
  value: Value
  /** `line 3: `, or nothing where it has no line of its own. */
  where: string
}

function entriesOf(text: string): Entry[] {
  return text.trimStart().startsWith('{') ? jsonEntries(text) : lineEntries(text)
}

function jsonEntries(text: string): Entry[] {
  let object: unknown
  try {
    object = JSON.parse(text)
  } catch (error) {
    throw new Refused(`it begins as JSON and is none: ${error instanceof Error ? error.message : error}`)
  }
  return Object.entries(object as object).map(([name, value]: [string, unknown]) => {
    const plain = (one: unknown): string => {
      if (typeof one === 'string') return one
      if (typeof one === 'number') return String(one)
      throw new Refused(`${cut(name)}: ${cut(JSON.stringify(one))} is neither a text nor a number`)
    }
    return { name, value: Array.isArray(value) ? value.map(plain) : plain(value), where: '' }
  })
}

function lineEntries(text: string): Entry[] {
  const entries: Entry[] = []
  let open: Entry | undefined
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const where = `line ${i + 1}: `
    const plain = withoutComment(line)
    if (plain.trim() === '') continue
    const item = /^\s*-\s+(.*)$/.exec(plain)?.[1]
    if (item !== undefined) {
      if (!open) throw new Refused(`${where}an item of no list`)
      open.value = [...listOf(open.value), ...within(where, () => [unquoted(item.trim())])]
      continue
    }
    const [, name, rest] = /^\s*([\w-]+)\s*:(?:\s+(.*)|)$/.exec(plain) ?? []
    if (name === undefined) throw new Refused(`${where}“${cut(line.trim())}” is not “name: value”`)
    const entry: Entry = { name, value: within(where, () => valueIn((rest ?? '').trim())), where }
    entries.push(entry)
    open = (rest ?? '').trim() === '' ? entry : undefined
  }
  return entries
}

function within<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refused) throw new Refused(where + error.message)
    throw error
  }
}

/** `a, b`, `[a, b]`, `"a, b"`. */
function valueIn(text: string): Value {
  if (text === '') return []
  const inside = /^\[(.*)\]$/.exec(text)?.[1]
  if (inside !== undefined) return partsOf(inside).map(unquoted)
  return text
}

/** At the commas outside of quotes, of brackets and of `/…/`. */
function partsOf(text: string): string[] {
  const parts: string[] = []
  let [from, depth, quote] = [0, 0, '']
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] as string
    if (quote !== '') {
      if (letter === '\\') i++
      else if (letter === quote) quote = ''
    } else if ((letter === '"' || letter === "'" || letter === '/') && text.slice(from, i).trim() === '')
      quote = letter
    else if ('([{'.includes(letter)) depth++
    else if (')]}'.includes(letter)) depth = Math.max(0, depth - 1)
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== '')
}

function listOf(value: Value): string[] {
  const parts = Array.isArray(value) ? value : partsOf(value).map(unquoted)
  return parts.filter((part) => part !== '')
}

function oneOf(value: Value): string {
  const text = Array.isArray(value) ? value : [unquoted(value.trim())]
  const [only] = text
  if (text.length !== 1 || only === undefined || only === '')
    throw new Refused(text.length > 1 ? `one value is asked for, not ${text.length}` : 'a value is missing')
  return only
}

function unquoted(text: string): string {
  const quote = text[0]
  if (quote !== '"' && quote !== "'") return text
  if (text.length < 2 || text.at(-1) !== quote) throw new Refused(`${cut(text)} is not closed`)
  const inside = text.slice(1, -1)
  return quote === "'" ? inside.replaceAll("''", "'") : inside.replace(/\\(["\\])/g, '$1')
}

/** `#` begins a comment at the start of a line and after a space, outside of quotes. */
function withoutComment(line: string): string {
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] as string
    if (quote !== '') {
      if (letter === '\\' && quote === '"') i++
      else if (letter === quote) quote = ''
    } else if ((letter === '"' || letter === "'") && /^$|[\s,:[-]/.test(line[i - 1] ?? '')) quote = letter
    else if (letter === '#' && /^$|\s/.test(line[i - 1] ?? '')) return line.slice(0, i)
  }
  return line
}

function axisOf(text: string): XAxis {
  switch (text) {
    case 'step':
    case 'wall':
      return { kind: text }
    case 'time':
    case 'relative':
      return { kind: 'relative' }
    default:
      return { kind: 'metric', name: text.replace(/^metric:/, '') }
  }
}

/** A place on the x axis: a number, or a date for the wall clock, in ms since 1970. */
function placeOf(text: string): number {
  const number = Number(text.replace(/(?<=\d)[,_ ](?=\d)/g, ''))
  if (Number.isFinite(number)) return number
  const date = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(date)) throw new Refused(`“${cut(text)}” is neither a number nor a date`)
  return date
}

function whole(text: string, [least, most]: [number, number]): number {
  const number = Number(text.replace(/px$/, ''))
  if (!Number.isInteger(number) || number < least || number > most)
    throw new Refused(`“${cut(text)}” is no whole number from ${least} to ${most}`)
  return number
}

function among<T extends string>(text: string, values: readonly T[]): T {
  const found = values.find((value) => value === text)
  if (found === undefined) throw new Refused(`“${cut(text)}” is none of ${values.join(', ')}`)
  return found
}

function rangeOf(text: string): RangeMode {
  if (text === 'robust' || text === 'full' || text === 'zero') return { kind: text }
  const [, min, max] = /^(\S+?)\s*(?:\.\.|\bto\b)\s*(\S+)$/.exec(text) ?? []
  const [low, high] = [Number(min), Number(max)]
  if (min === undefined || !Number.isFinite(low) || !Number.isFinite(high) || low >= high)
    throw new Refused(`“${cut(text)}” is none of robust, full, zero, and no range like 0.2..0.9`)
  return { kind: 'manual', min: low, max: high }
}

/** `group`, `username`, `seeds`, `/pattern on names/`, else a config key. */
function groupOf(text: string): GroupKey {
  if (text === 'group' || text === 'username' || text === 'seeds') return { kind: text }
  const pattern = /^\/(.+)\/$/.exec(text)?.[1]
  if (pattern !== undefined) return { kind: 'regex', source: pattern }
  return { kind: 'config', path: text.replace(/^config:/, '') }
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
