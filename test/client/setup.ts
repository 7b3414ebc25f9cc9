import { methodsOver } from '../../src/bridge/rpc.ts'
import type { Batch, WriterApi } from '../../src/bridge/writer-api.ts'
import { serveWriter } from '../../src/bridge/writer-serve.ts'
import { useWriter } from '../../src/client/page.ts'
import { withHub } from '../../src/engine/publish/hub-work.ts'
import { createDesk } from '../../src/engine/writer/desk.ts'
import { memoryTree, type WriteTree } from '../../src/storage/write-tree.ts'
import { openCopy } from '../engine/writer/copy.ts'

export interface Bench {
  desk: WriterApi
  tree: WriteTree
  /** Every batch that arrived, in order. */
  batches: Batch[]
  /** Rows of a query over a project's database as it would be exported. */
  query(sql: string, project?: string): Promise<unknown[][]>
  /** What a payload column holds, parsed. */
  payloads(sql: string, project?: string): Promise<unknown[]>
}

/** The tracking API over a port, with the real writer on memory behind it. `before` may change or hold up what the writer is asked. */
export function makeBench(before?: (writer: WriterApi) => WriterApi): Bench {
  const tree = memoryTree()
  const desk = withHub(createDesk(tree))
  const batches: Batch[] = []
  const seen = methodsOver<WriterApi, WriterApi>(desk, {
    write(batch) {
      batches.push(batch)
      return desk.write(batch)
    },
  })
  useWriter(() => {
    const { port1, port2 } = new MessageChannel()
    serveWriter(before?.(seen) ?? seen, port2)
    // Node would not end with an open port; browsers have no unref
    Reflect.get(port1, 'unref')?.call(port1)
    Reflect.get(port2, 'unref')?.call(port2)
    return port1
  })
  const query = async (sql: string, project = 'demo'): Promise<unknown[][]> => {
    const db = await openCopy(await desk.exportDatabase(project))
    const rows = db.rows(sql)
    db.close()
    return rows
  }
  return {
    desk,
    tree,
    batches,
    query,
    payloads: async (sql, project) => (await query(sql, project)).map(([bytes]) => JSON.parse(textOf(bytes))),
  }
}

export function textOf(bytes: unknown): string {
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : String(bytes)
}
