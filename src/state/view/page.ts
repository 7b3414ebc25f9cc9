import { type Accessor, createComputed, createMemo } from 'solid-js'
import { isFramed, type ViewLocation } from '../address/location.ts'
import { ruleOf } from '../address/page-rules.ts'
import type { Sources } from '../sources/sources.ts'

/**
 * The page on screen: the one of the address, the home page where there is no such one, and the page to open
 * something while nothing is open. The page's root bears its name.
 */
export function createPage(
  location: ViewLocation,
  sources: Sources,
  starting: Accessor<boolean>,
): Accessor<string> {
  const { pages } = location
  const wantedPage = location.field('page')
  const page = createMemo(() => {
    const wanted = wantedPage()
    const { home, open } = pages
    const rule = ruleOf(pages, wanted)
    if (rule?.needs === 'nothing') return wanted
    const underWay = (starting() || sources.opening()) && (location.wanted().length > 0 || sources.isBeside())
    if (sources.list().length === 0 && !underWay && !isFramed(location.view().sidebar)) return open
    return rule ? wanted : home
  })
  createComputed(() => {
    document.documentElement.dataset.page = page()
  })
  return page
}
