import { batch, createMemo, createSignal, onCleanup } from 'solid-js'
import {
  type Brush,
  type BrushTerm,
  brushed,
  formatTerms,
  negated,
  parseBrushes,
  withBrush,
} from '../../../../compute/brush.ts'
import { useApp } from '../../../../state/app.ts'
import { createSubjectOf } from '../filter-subjects.ts'
import type { RunsModel } from '../model.ts'
import type { AxisView } from './axes.ts'

export type Held = ReturnType<typeof createHeld>

/**
 * What the brushes hold. The brushes are the filter's text, read back; while one moves, what it holds is known
 * from the columns alone, and the text is a draft until it is let go.
 */
export function createHeld(model: RunsModel) {
  const { runs } = useApp()
  const subjectOf = createSubjectOf()
  const terms = createMemo((): readonly BrushTerm[] => parseBrushes(model.filter(), subjectOf) ?? [])
  const listed = createMemo(() => {
    const mask = new Uint8Array(model.all().length)
    for (const run of model.listed()) mask[run] = 1
    return mask
  })
  const [moving, setMoving] = createSignal<Uint8Array>()
  /** What the table lists while a brush moves over many runs: what was held when it rested last. */
  const [rested, setRested] = createSignal<Uint8Array>()
  let rests: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(rests))
  /** What the other conditions let by, while one brush moves. */
  let others: { subject: string; terms: readonly BrushTerm[]; mask: Uint8Array } | undefined

  function othersOf(subject: string): { terms: readonly BrushTerm[]; mask: Uint8Array } | undefined {
    if (others?.subject === subject) return others
    const now = terms()
    const rest = now.filter((term) => term.subject !== subject)
    const found = runs.matching(formatTerms(rest))
    if (!found) return undefined
    const mask = Uint8Array.from(model.all(), ({ key }) => (found.has(key) ? 1 : 0))
    others = { subject, terms: now, mask }
    return others
  }

  return {
    terms,
    brushOf: (subject: string | undefined) =>
      subject === undefined ? undefined : terms().find((term) => term.subject === subject)?.brush,
    /** 1 for each run that is held. */
    mask: () => moving() ?? listed(),
    moving: () => moving() !== undefined,
    /** Places of the held runs; of many those that were held when the brush rested last. */
    resting: createMemo(() => placesIn(rested() ?? moving() ?? listed())),
    /** Sets the brush of an axis; `done`: it stands in the filter from now on. */
    brush(view: AxisView, brush: Brush | undefined, done: boolean) {
      const { subject } = view
      const data = view.column.data()
      if (subject === undefined || !data) return
      const rest = othersOf(subject)
      const text = formatTerms(withBrush(rest?.terms ?? terms(), subject, brush))
      if (done || !rest) {
        others = undefined
        clearTimeout(rests)
        batch(() => {
          setMoving(undefined)
          setRested(undefined)
          model.setFilter(text)
        })
        return
      }
      const mask = brush ? brushed(data, brush) : rest.mask.slice()
      let count = 0
      for (let i = 0; i < mask.length; i++) {
        mask[i]! &= rest.mask[i]!
        count += mask[i]!
      }
      batch(() => {
        if (mask.length > AT_ONCE && rested() === undefined) setRested(moving() ?? listed())
        setMoving(mask)
        model.setDraft({ text, count })
      })
      clearTimeout(rests)
      if (mask.length > AT_ONCE) rests = setTimeout(() => setRested(mask), REST_MS)
    },
    /** The filter without any brush. */
    clear: () => model.setFilter(formatTerms(terms().filter(({ brush }) => !brush))),
    /** What is held is left out instead. */
    leaveOut() {
      const brushes = terms().filter(({ brush }) => brush)
      const rest = terms().filter(({ brush }) => !brush)
      const text = negated(brushes.length > 0 ? brushes : rest)
      model.setFilter(formatTerms([...(brushes.length > 0 ? rest : []), { text }]))
    },
  }
}

/** A table of so many runs follows each move of a brush; one of more as soon as it rests for so long. */
export const AT_ONCE = 2000
const REST_MS = 80

/** Places where a mask is 1. */
export function placesIn(mask: Uint8Array): number[] {
  const found: number[] = []
  for (let i = 0; i < mask.length; i++) if (mask[i]) found.push(i)
  return found
}
