import { methodsOver } from '../bridge/rpc.ts'
import type { PortToWorker } from '../bridge/tracking-start.ts'
import { isSpace, type WriterApi } from '../bridge/writer-api.ts'
import { connectWriter, type WriterConnection } from '../bridge/writer-connect.ts'
import type { DeliverTo } from '../model/tracking.ts'

/**
 * Starts a program that works at the Hub for the one that writes, which it asks at `store`. `here`: on this
 * thread, as the writer does.
 */
export type StartHubProgram = (end: 'deliver' | 'publish', store: MessagePort, here: boolean) => PortToWorker

/**
 * Without its programs nothing goes out; after a failure (no network) they are not fetched with every batch
 * of rows; ms.
 */
const RETRY_AFTER = 10_000

// by origin; they outlast the writer and its programs
const tokens = new Map<string, string>()

/**
 * A writer with its programs for the Hub. Rows are stored first, by the writer alone, and the code for the
 * Hub is fetched by the first run with a Space, or by the call that publishes: a page that only stores never
 * fetches it, and one that cannot fetch it still stores. `lend`: another port at which the writer answers.
 */
export function withHub(
  store: WriterApi,
  lend: () => MessagePort,
  start: (end: 'deliver' | 'publish', store: MessagePort) => PortToWorker,
): { writer: WriterApi; end(): void } {
  const running = new Set<WriterConnection>()
  let deliveries: Promise<WriterConnection> | undefined
  let failed = 0

  /** One that has the tokens already. */
  async function begun(end: 'deliver' | 'publish'): Promise<WriterConnection> {
    const made = connectWriter(start(end, lend()))
    running.add(made)
    void made.lost.then(() => running.delete(made))
    await Promise.all([...tokens].map(([origin, token]) => made.writer.authorize(origin, token)))
    return made
  }

  function delivering(): Promise<WriterConnection> {
    if (deliveries) return deliveries
    const mine = begun('deliver')
    deliveries = mine
    const forget = (): void => {
      failed = Date.now()
      if (deliveries === mine) deliveries = undefined
    }
    mine.then(({ lost }) => lost.then(forget), forget)
    return mine
  }

  /** In the background: what fails is tried again with later rows, and `deliver` says why. */
  function soon(project: string, space: string | null, to?: DeliverTo): void {
    if (!isSpace(space) || (!deliveries && Date.now() - failed < RETRY_AFTER)) return
    delivering()
      .then(({ writer }) => writer.soon(project, space, to))
      .catch(() => {})
  }

  const writer = methodsOver<WriterApi, WriterApi>(store, {
    async begin(run) {
      const found = await store.begin(run)
      // what an earlier visit left goes out too
      soon(run.project, run.space, run.deliverTo)
      return found
    },
    async write(batch) {
      const receipt = await store.write(batch)
      soon(batch.run.project, batch.space)
      return receipt
    },
    async authorize(origin, token) {
      if (token === undefined) tokens.delete(origin)
      else tokens.set(origin, token)
      await Promise.all([...running].map((one) => one.writer.authorize(origin, token)))
    },
    async deliver(project, space, to) {
      if (isSpace(space)) return (await delivering()).writer.deliver(project, space, to)
      return {
        state: 'kept',
        target: space,
        why: 'rows for a trackio server are not sent from a page',
        action: 'They are marked for it in the database: trackio sync from Python sends them.',
      }
    },
    async publish(project, options, waiting) {
      waiting?.signal?.throwIfAborted()
      const made = await begun('publish')
      try {
        return await made.writer.publish(project, options, waiting)
      } finally {
        made.dispose()
      }
    },
  })
  return {
    writer,
    end() {
      for (const made of running) made.dispose()
    },
  }
}
