import { ROWS_CHANNEL } from '../../../src/bridge/writer-api.ts'
import * as trackio from '../../../src/entries/trackio.ts'
import type { RowsWritten } from '../../../src/model/tracking.ts'
import type { Found } from './reader.worker.ts'

/** What the tests call in the page. */
export interface TrackingPage {
  trackio: typeof trackio
  /** Messages that told of new rows, in order. */
  heard: RowsWritten[]
  /** A file of this origin's storage as another tab sees it. */
  stored(path: string): Promise<{ size: number } | null>
  /** What a dashboard of this tab reads of a project. */
  look(project: string): Promise<Found>
}

const heard: RowsWritten[] = []
new BroadcastChannel(ROWS_CHANNEL).onmessage = ({ data }: MessageEvent<RowsWritten>) => heard.push(data)

let reader: Worker | undefined

const page: TrackingPage = {
  trackio,
  heard,
  look(project) {
    reader ??= new Worker(new URL('./reader.worker.ts', import.meta.url), { type: 'module' })
    const asked = reader
    return new Promise((resolve, reject) => {
      asked.onmessage = ({ data }: MessageEvent<Found & { error?: string }>) =>
        data.error ? reject(new Error(data.error)) : resolve(data)
      asked.postMessage({ project })
    })
  },
  async stored(path) {
    const parts = `trackio/${path}`.split('/')
    const name = parts.pop() ?? ''
    let folder = await navigator.storage.getDirectory()
    for (const part of parts) folder = await folder.getDirectoryHandle(part)
    return folder.getFileHandle(name).then(
      async (handle) => ({ size: (await handle.getFile()).size }),
      () => null,
    )
  },
}
Object.assign(window, page)
