import type { Delivered, DeliverTo } from '../../model/tracking.ts'
import { wordsOf } from '../base/warn.ts'

/** What became of a run when it ended. */
export interface Finished {
  project: string
  run: string
  /** Rows that were logged, metrics and system metrics. */
  rows: number
  /**
   * Rows that are nowhere: they found no room in memory, were no rows (`log(null)`), or the run could not
   * begin.
   */
  dropped: number
  /** Values that could not be stored and were left out of their rows. */
  leftOut: number
  /** Media files that could not be stored; the rows that name them are. */
  unstored: number
  /**
   * Rows still waiting because the storage refused them; they are tried again as long as the page is open.
   */
  waiting: number
  /** `memory`: they are gone with the tab, unless `download()` saves them. */
  kept: 'stored' | 'memory'
  /** For a run with a `spaceId` or `serverUrl`: what happened to its rows there. */
  delivery?: Delivered
  /**
   * For a run with a `spaceId`: artifacts that it logged (`model:v3`). Their files are brought to the Space's bucket,
   * but the Space does not list them: log fragments have no place for an artifact.
   */
  unlisted?: string[]
}

/** As long as trackio's own finish waits, ms. */
const LONGEST_DELIVERY = 30_000

/** Waits for rows on their way to a Space, so long and no longer. Never rejects. */
export async function waitForDelivery(
  writer: { deliver(project: string, space: string, to: DeliverTo): Promise<Delivered> },
  project: string,
  target: string,
  to: DeliverTo,
): Promise<Delivered> {
  const kept = (why: string, action: string): Delivered => ({ state: 'kept', target, why, action })
  const late = new Promise<Delivered>((resolve) => {
    const said = kept(
      `not there after ${LONGEST_DELIVERY / 1000} s`,
      'They go on their way while this page is open.',
    )
    setTimeout(() => resolve(said), LONGEST_DELIVERY)
  })
  const sent = writer.deliver(project, target, to)
  return Promise.race([sent, late]).catch((cause: unknown) => kept(wordsOf(cause), ''))
}
