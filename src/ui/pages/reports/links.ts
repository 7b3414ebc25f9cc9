import type { ChartBlock } from '../../../compute/chart-block.ts'
import {
  encode,
  formatGroup,
  formatList,
  formatX,
  ownAxes,
  panels,
} from '../../../state/address/link-values.ts'
import { LINK_PARAMETERS } from '../../../state/address/source-parameters.ts'
import type { BlockView } from './block-view.ts'

/**
 * The view of this app that an address of a report leads to, as a hash; undefined for any other address. It is one
 * where only a query or a hash is given, or the page that is open; one that opens other data is none.
 */
export function viewOf(href: string, here: URL): string | undefined {
  if (!/^[?#]|^https?:\/\//i.test(href)) return undefined
  const url = URL.canParse(href, here.href) ? new URL(href, here.href) : undefined
  if (!url || url.origin !== here.origin || url.pathname !== here.pathname) return undefined
  if (/^#\/\w/.test(url.hash) && sameData(url, here)) {
    // of both the hash counts
    const [page = '', words = ''] = split(url.hash.slice(2))
    const params = new URLSearchParams(words)
    for (const [name, value] of viewParameters(url, here)) if (!params.has(name)) params.append(name, value)
    return hashOf(page, params)
  }
  // `?metrics=loss` alone, as links to trackio’s own dashboard are
  if (url.hash !== '' || !href.includes('?') || !sameData(url, here)) return undefined
  return hashOf('metrics', new URLSearchParams(viewParameters(url, here)))
}

/** A heading of the same text: `#what-changed`. */
export function slugIn(href: string): string | undefined {
  const found = /^#([^/].*)$/.exec(href)?.[1]
  if (found === undefined) return undefined
  try {
    return decodeURIComponent(found)
  } catch (error) {
    if (error instanceof URIError) return found // a % that stands for itself
    throw error
  }
}

/** It names no data, or that which is open. */
function sameData(url: URL, here: URL): boolean {
  const inHash = new URLSearchParams(split(url.hash)[1])
  return LINK_PARAMETERS.every((name) => {
    const named = [...url.searchParams.getAll(name), ...inHash.getAll(name)]
    return named.length === 0 || named.join('\n') === here.searchParams.getAll(name).join('\n')
  })
}

function viewParameters(url: URL, here: URL): [string, string][] {
  if (url.search === here.search) return []
  return [...url.searchParams].filter(([name]) => !LINK_PARAMETERS.includes(name))
}

function split(text: string): [string, string] {
  const mark = text.indexOf('?')
  return mark < 0 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)]
}

function hashOf(page: string, params: URLSearchParams): string {
  return params.size === 0 ? `#/${page}` : `#/${page}?${params}`
}

/** The same chart on the page of metrics. */
export function metricsHash(block: ChartBlock, { metrics, runs, chart }: BlockView): string {
  const { range, group, from, to } = block
  const words: [string, string | undefined][] = [
    ['metrics', formatList(metrics())],
    [
      'panels',
      metrics().length > 1 ? panels.format([{ title: chart(), metrics: [...metrics()] }]) : undefined,
    ],
    ['run_ids', block.runs && formatList(runs().map(({ key }) => key))],
    ['smoothing', block.smoothing && String(block.smoothing.width)],
    ['x', formatX(block.x)],
    ['y', block.y],
    ['range', range.kind === 'manual' ? undefined : range.kind],
    ['axes', range.kind === 'manual' ? ownAxes.format({ [chart()]: { range } }) : undefined],
    ...(group
      ? ([
          ['group', formatGroup(group)],
          ['draw', 'groups'],
          ['agg', block.statistic],
        ] satisfies [string, string][])
      : []),
    ['xmin', from === undefined ? undefined : String(from)],
    ['xmax', to === undefined ? undefined : String(to)],
  ]
  return `#/metrics?${words
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encode(value)}`]))
    .join('&')}`
}
