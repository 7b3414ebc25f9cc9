import { compareNames } from './group.ts'

/** Metrics under one prefix: those directly in it, then the sections nested one level below. */
export interface Section {
  /** Full prefix: `train`, `train/layer0`; `charts` for names without one. */
  name: string
  /** Unique also where a project logged `charts/x` itself. */
  key: string
  metrics: string[]
  nested: Section[]
  /** Metrics in it, nested ones included. */
  count: number
}

/** Where a section lies on the sheet. Its cards start below its head, row by row; nested sections follow. */
export interface Block {
  section: Section
  /** From the top of the sheet, or of the parent section. */
  top: number
  height: number
  open: boolean
  nested: Block[]
}

export interface SheetMeasure {
  columns: number
  rowHeight: number
  /** 0: no section heads. */
  headHeight: number
  closed: (key: string) => boolean
}

/** Splits a name at its slashes: `a/b/c/d` is `d` of section `a`, nested `a/b/c`; deeper prefixes stay whole, one level deep. */
export function sectionsOf(metrics: readonly string[]): Section[] {
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
  const sorted = [...tops.values()].sort((a, b) => compareNames(a.name, b.name))
  const all = bare.count > 0 ? [bare, ...sorted] : sorted
  for (const section of all) {
    section.metrics.sort(compareNames)
    section.nested.sort((a, b) => compareNames(a.name, b.name))
    for (const inner of section.nested) inner.metrics.sort(compareNames)
  }
  return all
}

/** Lays sections out from the top; closed ones are a head only. */
export function layoutSections(sections: readonly Section[], measure: SheetMeasure): Block[] {
  const blocks: Block[] = []
  let top = 0
  for (const section of sections) {
    const block = layoutSection(section, measure, top)
    blocks.push(block)
    top += block.height
  }
  return blocks
}

/** Last part of a metric's name, as its card shows it inside its section. */
export function leafName(metric: string): string {
  const last = metric.lastIndexOf('/')
  return last <= 0 ? metric : metric.slice(last + 1)
}

/** Design: clamp(1, floor(width / 360), 6) columns; cards are 0.617 of their width high, between 168 and 360. */
export function autoColumns(width: number): number {
  return Math.min(6, Math.max(1, Math.floor(width / 360)))
}

export function cardHeight(width: number): number {
  return Math.min(360, Math.max(168, Math.round(width * 0.617)))
}

function layoutSection(section: Section, measure: SheetMeasure, top: number): Block {
  const open = measure.headHeight === 0 || !measure.closed(section.key)
  const block: Block = { section, top, height: measure.headHeight, open, nested: [] }
  if (!open) return block
  block.height += Math.ceil(section.metrics.length / measure.columns) * measure.rowHeight
  for (const inner of section.nested) {
    const nested = layoutSection(inner, measure, block.height)
    block.nested.push(nested)
    block.height += nested.height
  }
  return block
}

/** Rows of cards that reach into [from, to] (pixels from the first card's top), as a range of indices into the section's metrics. */
export function rowsWithin(count: number, measure: SheetMeasure, from: number, to: number): [number, number] {
  const first = Math.max(0, Math.floor(from / measure.rowHeight)) * measure.columns
  const end = Math.max(0, Math.ceil(to / measure.rowHeight)) * measure.columns
  return [Math.min(first, count), Math.min(end, count)]
}
