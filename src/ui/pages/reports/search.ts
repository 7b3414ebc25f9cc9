import { createEffect, createMemo, createSignal, on, onCleanup, onMount } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { isTyping } from '../../common/keys.ts'
import { clearHits, markHits, rangesOf, showHit } from './find.ts'
import type { ReportsModel } from './model.ts'
import { printReport } from './printing.ts'

/** Hits of the search in the text that is shown, walked from report to report. */
export function createSearch(model: ReportsModel, text: () => HTMLElement | undefined) {
  const app = useApp()
  const { preferences } = app
  const [at, setAt] = createSignal(0)
  const [field, setField] = createSignal<HTMLInputElement>()
  /** Of the next report, from which end its hits are gone through. */
  let landing: 'first' | 'last' = 'first'
  let walked = false
  const ranges = createMemo(() => {
    const root = text()?.querySelector<HTMLElement>('.report-text')
    return root ? rangesOf(root, model.text()) : []
  })
  createEffect(
    on(ranges, (found) => {
      setAt(landing === 'last' ? Math.max(0, found.length - 1) : 0)
      landing = 'first'
      if (walked) show()
      walked = false
    }),
  )
  createEffect(() => markHits(ranges(), at()))
  onCleanup(clearHits)

  function show(): void {
    const [range, scroller] = [ranges()[at()], text()]
    if (range && scroller) showHit(range, scroller)
  }

  /** To the next hit, or the one before; behind the last one of a report to the first one of the next. */
  function go(by: 1 | -1): void {
    const next = at() + by
    if (next >= 0 && next < ranges().length) {
      setAt(next)
      return show()
    }
    const list = model.listed()
    const here = list.findIndex(({ id }) => id === model.chosen()?.id)
    const report = list[here < 0 ? 0 : (here + by + list.length) % list.length]
    if (!report) return
    landing = by > 0 ? 'first' : 'last'
    if (report.id === model.chosen()?.id) {
      setAt(landing === 'first' ? 0 : Math.max(0, ranges().length - 1))
      return show()
    }
    walked = true
    model.choose(report)
  }

  onMount(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const key = event.key.toLowerCase()
      // the browser's own would print what is on screen, and charts that are drawn for it
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key === 'p' && text()) {
        event.preventDefault()
        return void printReport(app)
      }
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && key === 'f') {
        // pressed again in the field, it is the browser's
        if (!field() || document.activeElement === field()) return
        field()?.focus()
        field()?.select()
        event.preventDefault()
        return
      }
      if (model.text() === '') return
      const enter = event.key === 'Enter' && event.target === field()
      if (!enter && (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))) return
      if (!enter && !preferences.value().singleKeys) return
      if (enter) go(event.shiftKey ? -1 : 1)
      else if (key === 'n') go(event.shiftKey ? -1 : 1)
      else if (event.key === 'p') go(-1)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    // before the keys of the whole page: `p` pins a chart there
    window.addEventListener('keydown', onKey, true)
    onCleanup(() => window.removeEventListener('keydown', onKey, true))
  })

  return {
    get here() {
      return ranges().length
    },
    get at() {
      return at()
    },
    go,
    ref: setField,
  }
}
