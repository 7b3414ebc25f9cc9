import { createMemo, type JSX } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { createHistogramIndex } from '../../../state/pages/histograms.ts'
import { HistogramCard } from '../../charts/histogram/card.tsx'
import { HISTOGRAMS } from '../ids.ts'

export interface SheetCardProps {
  metric: string
  title: string
  width: number
  height: number
  sectionHidden: boolean
}

/** Histograms as cards beside the lines of the Metrics page. */
export interface SheetHistograms {
  card(props: SheetCardProps): JSX.Element
}

/** One run that has some: every step as a strip. Several: their outlines at the crosshair's step. */
export function createSheetHistograms(): SheetHistograms {
  const { ask, settled, data, view, location } = useApp()
  const index = createHistogramIndex(
    { ask, settled, version: data.version },
    () => view.project() || undefined,
  )
  const holders = createMemo(() => {
    const now = index.answer()
    const found = new Map<string, Set<string>>()
    if (!now) return found
    for (let i = 0; i < now.run.length; i++) {
      const key = now.keys[now.key[i] as number] as string
      const runs = found.get(key) ?? new Set<string>()
      found.set(key, runs)
      runs.add(now.runs[now.run[i] as number] as string)
    }
    return found
  })

  function Card(props: SheetCardProps) {
    const runs = createMemo(
      () => {
        const own = holders().get(props.metric)
        return own ? view.runs().filter(({ key }) => own.has(key)) : []
      },
      [],
      { equals: (a, b) => a.length === b.length && a.every((run, i) => run === b[i]) },
    )
    return (
      <HistogramCard
        metric={props.metric}
        title={props.title}
        kind={runs().length === 1 ? 'heat' : 'outlines'}
        runs={runs()}
        waits={!index.answer() && !index.error()}
        axis={{ kind: 'symlog', range: 'most' }}
        step={undefined}
        width={props.width}
        height={props.height}
        sectionHidden={props.sectionHidden}
        opens="Open in Histograms"
        onOpen={() => {
          const { own } = location.view()
          location.patch({
            page: HISTOGRAMS,
            own: { ...own, [HISTOGRAMS]: { ...own[HISTOGRAMS], view: '', q: '', open: props.metric } },
          })
        }}
      />
    )
  }
  return { card: (props) => <Card {...props} /> }
}
