import { methodsOver } from '../../src/bridge/rpc.ts'
import type { PortToWorker } from '../../src/bridge/tracking-start.ts'
import type { WriterApi } from '../../src/bridge/writer-api.ts'
import { serveWriter } from '../../src/bridge/writer-serve.ts'
import { useWriter } from '../../src/client/page-connection.ts'
import { makeDeliveries } from '../../src/engine/publish/deliveries.ts'
import { makePublisher } from '../../src/engine/publish/tracked-project.ts'
import { makeLocalStore } from '../../src/engine/tracking/local-store.ts'
import type { Batch } from '../../src/model/tracking.ts'
import { memoryTree, type WriteTree } from '../../src/storage/opfs/write-tree.ts'
import { openCopy } from '../engine/tracking/copy.ts'

export interface Bench {
  store: WriterApi
  tree: WriteTree
  /** Every batch that arrived, in order. */
  batches: Batch[]
  /** Rows of a query over a project's database as it would be exported. */
  query(sql: string, project?: string): Promise<unknown[][]>
  /** What a payload column holds, parsed. */
  payloads(sql: string, project?: string): Promise<unknown[]>
}

/**
 * The tracking API over a port, with the real writer on memory behind it. `before` may change or hold up what
 * the writer is asked.
 */
export function makeBench(before?: (writer: WriterApi) => WriterApi): Bench {
  const tree = memoryTree()
  const stored = makeLocalStore(tree)
  const [deliveries, publisher] = [makeDeliveries(stored), makePublisher(stored)]
  const store: WriterApi = {
    ...stored,
    ...deliveries,
    ...publisher,
    async authorize(origin, token) {
      await deliveries.authorize(origin, token)
      await publisher.authorize(origin, token)
    },
  }
  const batches: Batch[] = []
  const seen = methodsOver<WriterApi, WriterApi>(store, {
    write(batch) {
      batches.push(batch)
      return store.write(batch)
    },
  })
  const serve = (port: MessagePort): void => {
    serveWriter(before?.(seen) ?? seen, unheld(port))
  }
  const behind = (port: MessagePort): Required<PortToWorker> => ({
    port: unheld(port),
    lost: new Promise(() => {}),
    end: () => port.close(),
    serve,
  })
  useWriter(
    () => {
      const { port1, port2 } = new MessageChannel()
      serve(port2)
      return behind(port1)
    },
    // what the writer lends leads to one that does everything
    (_, store) => behind(store),
  )
  const query = async (sql: string, project = 'demo'): Promise<unknown[][]> => {
    const db = await openCopy(await store.exportDatabase(project))
    const rows = db.rows(sql)
    db.close()
    return rows
  }
  return {
    store,
    tree,
    batches,
    query,
    payloads: async (sql, project) => (await query(sql, project)).map(([bytes]) => JSON.parse(textOf(bytes))),
  }
}

/** Node would not end with an open port; browsers have no unref. */
function unheld(port: MessagePort): MessagePort {
  Reflect.get(port, 'unref')?.call(port)
  return port
}

export function textOf(bytes: unknown): string {
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : String(bytes)
}
