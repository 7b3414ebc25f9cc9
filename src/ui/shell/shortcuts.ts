import { onCleanup } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { copyLink } from '../common/clipboard.ts'
import { isTyping } from '../common/keys.ts'
import type { Layout } from '../common/layout.ts'
import { blur } from '../components/focus.ts'
import { focusChart } from '../pages/metrics/sheet.tsx'
import { innerPages, pages } from '../pages/registry.ts'
import { currentFigure } from './current-figure.ts'

export interface ShortcutsOptions {
  layout: Layout
  openPalette(): void
  openList(): void
  /** One of them is open, or still on its way: what is typed is not for the page. */
  covered(): boolean
  /** A letter, or the line break of an Enter, that came before the palette's field. */
  ahead(letter: string): void
}

/** Of a page that has no charts. */
const OWN_SEARCH = '.toolbar.own input[type="search"]'
/** Keys that would change charts. */
const OF_CHARTS = 'sxlL[]0'

/**
 * Keys of the whole page. Single letters are off while typing, in dialogs, and where the person turned them
 * off.
 */
export function createShortcuts(options: ShortcutsOptions): { press(key: string): boolean } {
  const app = useApp()
  const { location, view, preferences } = app
  let leader = Number.NEGATIVE_INFINITY

  function single(key: string, at: number): boolean {
    if (at - leader < 1200) {
      leader = Number.NEGATIVE_INFINITY
      const page = [...pages, ...innerPages].find((entry) => entry.key === key)
      if (page) location.patch({ page: page.id })
      return page !== undefined
    }
    if (OF_CHARTS.includes(key) && app.needs() !== 'charts' && app.needs() !== 'system') return false
    switch (key) {
      case 'g':
        leader = at
        return true
      case '?':
        options.openList()
        return true
      case '\\':
        options.layout.toggleSidebar()
        return true
      case '/':
        if (focusOn(OWN_SEARCH)) return true
        if (options.layout.sidebar() === 'rail') options.layout.toggleSidebar()
        return focusOn('input[aria-label="Filter runs"]')
      case 'f':
        return focusOn(OWN_SEARCH) || focusOn('input[aria-label="Search metrics"]')
      case 's':
        return focusOn('input[aria-label="Smoothing"]')
      case 'x':
        view.setX(nextAxis(view.x().kind))
        return true
      case 'l':
        location.patch({ yScale: location.view().yScale === 'log' ? 'linear' : 'log' })
        return true
      case 'L': {
        const metric = currentFigure()?.dataset.metric
        if (metric !== undefined) view.setYScale(metric, view.yScale(metric) === 'log' ? 'linear' : 'log')
        return metric !== undefined
      }
      case 't':
        return switchTable(currentFigure())
      case 'p':
        return pin(currentFigure())
      case '[':
        view.zoomBack()
        return true
      case ']':
        view.zoomForward()
        return true
      case '0':
        view.setZoom(undefined)
        return true
      case 'j':
        return walkCharts(1)
      case 'k':
        return walkCharts(-1)
      default:
        return false
    }
  }

  function withModifier(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase()
    if (key === 'k' && !event.shiftKey) options.openPalette()
    else if (key === 'o' && !event.shiftKey) location.patch({ page: location.pages.open })
    else if (key === 'c' && event.shiftKey) void copyLink(app)
    else if (key === 'z' && !isTyping(event.target)) {
      if (event.shiftKey) location.redo()
      // a run that was deleted before the view
      else if (!app.changes.undo()) location.undo()
    } else return false
    return true
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey) return
    const modified = event.metaKey || event.ctrlKey
    if (
      !modified &&
      (event.key.length === 1 || event.key === 'Enter') &&
      options.covered() &&
      !document.querySelector('dialog[open]')
    ) {
      // Space and Enter would press what has the focus until the palette is here
      event.preventDefault()
      return options.ahead(event.key === 'Enter' ? '\n' : event.key)
    }
    const elsewhere =
      isTyping(event.target) || options.covered() || document.querySelector('dialog[open]') !== null
    // what is pinned stays when the focus goes elsewhere
    if (event.key === 'Escape' && !elsewhere && view.cursor()?.pinned) view.setCursor(undefined)
    if (!modified && (elsewhere || !preferences.value().singleKeys)) return
    if (modified ? withModifier(event) : single(event.key, event.timeStamp)) event.preventDefault()
  }
  document.addEventListener('keydown', onKeyDown)
  onCleanup(() => document.removeEventListener('keydown', onKeyDown))
  return { press: (key) => single(key, Number.POSITIVE_INFINITY) }
}

function nextAxis(kind: string): { kind: 'step' } | { kind: 'relative' } | { kind: 'wall' } {
  return kind === 'step' ? { kind: 'relative' } : kind === 'relative' ? { kind: 'wall' } : { kind: 'step' }
}

function focusOn(selector: string): boolean {
  const input = document.querySelector<HTMLInputElement>(selector)
  if (!input) return false
  input.focus()
  if (input.type !== 'range') input.select()
  return true
}

/** Table or picture; what comes takes the focus that nothing else has. */
function switchTable(figure: HTMLElement | null): boolean {
  const button = figure?.querySelector<HTMLElement>('button[aria-label^="Show as"]')
  if (!button) return false
  blur()
  button.click()
  return true
}

function pin(figure: HTMLElement | null): boolean {
  const button = figure?.querySelector<HTMLElement>('button[aria-label="Pin"]')
  button?.click()
  return button !== null && button !== undefined
}

/** Next chart in page order, made first where it is not yet. */
function walkCharts(step: 1 | -1): boolean {
  const figures = [...document.querySelectorAll<HTMLElement>('figure[data-metric]')].filter(
    (figure) => !figure.closest('dialog'),
  )
  figures.sort((a, b) => {
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()]
    return p.top - q.top || p.left - q.left
  })
  const at = figures.findIndex((figure) => figure.contains(document.activeElement))
  const next = figures[at === -1 ? (step === 1 ? 0 : figures.length - 1) : at + step]
  if (!next) return false
  next.scrollIntoView({ block: 'nearest' })
  focusChart(next.dataset.metric ?? '')
  return true
}
