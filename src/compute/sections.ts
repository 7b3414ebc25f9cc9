import { compareNames } from './group.ts'
import type { Section } from './section.ts'
import { compareMetrics, putInOrder, rankSections, sectionId } from './section-order.ts'

/** Key of the section that pinned metrics make; no prefix ends without a slash. */
export const PINNED = '*pinned'
/** The same of charts of several metrics. */
export const SEVERAL = '*several'

/** Whether a person can put it elsewhere: the sections above come first. */
export function isMovable({ key }: Section): boolean {
  return !key.startsWith('*')
}

/** What stands where, beside the order by name. */
export interface Arrangement {
  /** Make a section of their own, the first, in this order. */
  pinned?: readonly string[]
  /**
   * Set by hand: names of metrics, and ids of sections (`sectionId`); those that are listed come first among
   * their siblings.
   */
  order?: readonly string[]
  /** Of sections by key; without one they are ranked by what they hold. */
  ranks?: ReadonlyMap<string, number>
}

/**
 * Where a section lies on the sheet. Its cards start below its head, row by row; nested sections follow.
 * Small neighbours lie side by side.
 */
export interface Block {
  section: Section
  /** From the top of the sheet, or of the parent section. */
  top: number
  height: number
  open: boolean
  /** First of the sheet's columns that it takes, how many, and how many of them each chart has. */
  column: number
  columns: number
  span: number
  nested: Block[]
}

export interface SheetMeasure {
  columns: number
  rowHeight: number
  /** 0: no section heads. */
  headHeight: number
  closed: (key: string) => boolean
}

/**
 * Splits names at their slashes: `a/b/c/d` is `d` of section `a`, nested `a/b/c`; deeper prefixes stay whole,
 * one level deep. In no order but that of the names.
 */
export function splitSections(metrics: readonly string[]): Section[] {
  const bare: Section = { name: 'charts', key: '', metrics: [], nested: [], count: 0 }
  const tops = new Map<string, Section>()
  const inners = new Map<string, Section>()
  for (const metric of metrics) {
    const last = metric.lastIndexOf('/')
    if (last <= 0) {
      bare.metrics.push(metric)
      bare.count++
      continue
    }
    const prefix = metric.slice(0, last)
    const first = prefix.indexOf('/')
    const name = first <= 0 ? prefix : prefix.slice(0, first)
    let top = tops.get(name)
    if (!top) {
      top = { name, key: `${name}/`, metrics: [], nested: [], count: 0 }
      tops.set(name, top)
    }
    top.count++
    if (first <= 0) {
      top.metrics.push(metric)
      continue
    }
    let inner = inners.get(prefix)
    if (!inner) {
      inner = { name: prefix, key: `${prefix}/`, metrics: [], nested: [], count: 0 }
      inners.set(prefix, inner)
      top.nested.push(inner)
    }
    inner.metrics.push(metric)
    inner.count++
  }
  return bare.count > 0 ? [bare, ...tops.values()] : [...tops.values()]
}

/**
 * Metrics in sections as they stand on the sheet: results, and sections of them, before counters and timings;
 * what a person pinned or put in order first.
 */
export function sectionsOf(
  names: readonly string[],
  { pinned = [], order = [], ranks }: Arrangement = {},
): Section[] {
  const pins = new Set(pinned)
  const metrics = pins.size > 0 ? names.filter((name) => !pins.has(name)) : names
  const all = splitSections(metrics)
  const places = ranks ?? rankSections(all)
  const arranged = (sections: Section[]): Section[] => {
    const rank = ({ key }: Section): number => places.get(key) ?? 0
    return putInOrder(
      sections.sort((a, b) => rank(a) - rank(b) || compareNames(a.name, b.name)),
      sectionId,
      order,
    )
  }
  for (const section of all) {
    section.nested = arranged(section.nested)
    for (const one of [section, ...section.nested])
      one.metrics = putInOrder(one.metrics.sort(compareMetrics), (name) => name, order)
  }
  const there = new Set(names)
  const first = [...pins].filter((name) => there.has(name))
  if (first.length === 0) return arranged(all)
  return [{ name: 'Pinned', key: PINNED, metrics: first, nested: [], count: first.length }, ...arranged(all)]
}

/** Lays sections out from the top; closed ones are a head only. */
export function layoutSections(sections: readonly Section[], measure: SheetMeasure): Block[] {
  const blocks: Block[] = []
  let top = 0
  for (const row of flow(sections, measure)) {
    const laid =
      row.length > 1 || isSmall(row[0], measure)
        ? layoutRow(row, measure, top)
        : row.map((one) => layoutSection(one, measure, top))
    blocks.push(...laid)
    top += Math.max(...laid.map(({ height }) => height))
  }
  return blocks
}

/** From the top of the first to the end of the last. */
export function heightOf(blocks: readonly Block[]): number {
  return blocks.reduce((end, { top, height }) => Math.max(end, top + height), 0)
}

/** Last part of a metric's name, as its card shows it inside its section. */
export function leafName(metric: string): string {
  const last = metric.lastIndexOf('/')
  return last <= 0 ? metric : metric.slice(last + 1)
}

/**
 * Design: clamp(1, floor(width / 360), 6) columns; cards are 0.617 of their width high, between 168 and 360.
 */
export function autoColumns(width: number): number {
  return Math.min(6, Math.max(1, Math.floor(width / 360)))
}

export function cardHeight(width: number): number {
  return Math.min(360, Math.max(168, Math.round(width * 0.617)))
}

/**
 * Sections row by row: neighbours of one or two charts each (half a row's worth, of many columns) share a row
 * as long as they fit. Whether one is folded makes no difference, so that no head leaves its place when it is
 * pressed.
 */
function flow(sections: readonly Section[], measure: SheetMeasure): Section[][] {
  const rows: Section[][] = []
  let room = 0
  for (const section of sections) {
    const small = isSmall(section, measure)
    if (small && section.count <= room) {
      rows.at(-1)?.push(section)
      room -= section.count
    } else {
      rows.push([section])
      room = small ? measure.columns - section.count : 0
    }
  }
  return rows
}

function isSmall(section: Section | undefined, { columns, headHeight }: SheetMeasure): boolean {
  if (!section || headHeight === 0 || section.nested.length > 0) return false
  return section.count < columns && (section.count <= 2 || section.count * 2 <= columns)
}

/** Charts of a row that would be mostly blank have several columns each, until half of it is filled. */
function layoutRow(row: readonly Section[], measure: SheetMeasure, top: number): Block[] {
  const { columns, rowHeight, headHeight, closed } = measure
  const count = row.reduce((sum, section) => sum + section.count, 0)
  const span = Math.ceil(columns / 2 / count)
  const height = headHeight + (row.some(({ key }) => !closed(key)) ? rowHeight : 0)
  let column = 0
  return row.map((section, i) => {
    // the last one has what is left
    const own = i === row.length - 1 ? columns - column : section.count * span
    column += own
    return {
      section,
      top,
      height,
      open: !closed(section.key),
      column: column - own,
      columns: own,
      span,
      nested: [],
    }
  })
}

function layoutSection(section: Section, measure: SheetMeasure, top: number): Block {
  const { columns, rowHeight, headHeight } = measure
  const open = headHeight === 0 || !measure.closed(section.key)
  const block: Block = { section, top, height: headHeight, open, column: 0, columns, span: 1, nested: [] }
  if (!open) return block
  const head = headHeight + Math.ceil(section.metrics.length / columns) * rowHeight
  block.nested = layoutSections(section.nested, measure).map((inner) => ({ ...inner, top: head + inner.top }))
  block.height = Math.max(head, heightOf(block.nested))
  return block
}

/** Charts of a block that stand side by side. */
export function perRow({ columns, span }: Block): number {
  return Math.max(1, Math.floor(columns / span))
}

/**
 * Rows of cards, `columns` in each, that reach into [from, to] (pixels from the first card's top), as a range
 * of indices into the section's metrics.
 */
export function rowsWithin(
  count: number,
  { columns, rowHeight }: Pick<SheetMeasure, 'columns' | 'rowHeight'>,
  from: number,
  to: number,
): [number, number] {
  const first = Math.max(0, Math.floor(from / rowHeight)) * columns
  const end = Math.max(0, Math.ceil(to / rowHeight)) * columns
  return [Math.min(first, count), Math.min(end, count)]
}
