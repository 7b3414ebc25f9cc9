import type { RunKey } from '../../model/run.ts'
import type { App } from '../../state/app.ts'
import { HISTOGRAMS, MEDIA, TABLES, TRACES } from './ids.ts'
import { formatPanes, type Pane } from './media/open-panes.ts'

/* From tables of runs to the pages of what runs logged beside numbers: to a key, of some runs. */

type From = Pick<App, 'location' | 'runs'>

/** All values of a key, of these runs. */
export function openMedia(app: From, key: string, of: readonly RunKey[]): void {
  showOnly(app, of)
  goTo(app, MEDIA, { q: key })
}

/** Single values side by side, whichever runs are shown. */
export function openPanes(app: From, panes: readonly Pane[]): void {
  goTo(app, MEDIA, { open: formatPanes(panes) })
}

export function openTables(app: From, key: string, of: readonly RunKey[]): void {
  showOnly(app, of)
  goTo(app, TABLES, { key })
}

/** Two tables of a key, row by row. A step is NaN where none was logged. */
export function openTableDiff(
  app: From,
  key: string,
  ...[from, to]: [{ run: RunKey; step: number }, { run: RunKey; step: number }]
): void {
  // the page compares tables of runs that are shown
  app.runs.set([from.run, to.run], true)
  const side = ({ run, step }: typeof from): string =>
    JSON.stringify(Number.isFinite(step) ? [run, step] : [run])
  goTo(app, TABLES, { key, diff: 'on', from: side(from), to: side(to) })
}

export function openHistogram(app: From, key: string, of: readonly RunKey[], step: number | undefined): void {
  showOnly(app, of)
  goTo(app, HISTOGRAMS, { open: key, view: 'outlines', step: step === undefined ? '' : String(step) })
}

export function openTraces(app: From, run: RunKey): void {
  goTo(app, TRACES, { run })
}

function goTo({ location }: From, page: string, own: Record<string, string>): void {
  location.patch({ page, own: { ...location.view().own, [page]: own } })
}

/** To show alone what is shown alone already would show all. */
function showOnly({ runs }: From, keys: readonly RunKey[]): void {
  const alone = runs.shown().length === keys.length && keys.every((key) => runs.isShown(key))
  if (!alone) runs.solo(keys)
}
