import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { formatList } from '../../../state/address/link-values.ts'
import type { ViewLocation } from '../../../state/address/location.ts'
import { COMPARE } from '../ids.ts'

/**
 * Goes to the page that compares these runs, in this order. `base`: the baseline as the Runs page has it,
 * `run:KEY` or `group:ID`; without it the one that is set there, else the first run.
 */
export function compareRuns(location: ViewLocation, runs: readonly RunKey[], base?: string): void {
  const { own } = location.view()
  const asked: Own = { ...own[COMPARE], runs: formatList(runs), ...(base !== undefined && { base }) }
  location.patch({ page: COMPARE, own: { ...own, [COMPARE]: asked } })
}
