import { layoutOf } from '../../../src/engine/formats/layout.ts'
import { publish } from '../../../src/engine/publish/publish.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import type { PublishOptions, PublishProgress } from '../../../src/model/publish.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import { makeTokenTable } from '../../../src/storage/http/token-table.ts'

export interface Order {
  /** Of the test's server. */
  paths: string[]
  token: string
  options: PublishOptions
  /** Ends the publishing when so many bytes were sent. */
  stopAt?: number
}

export type Outcome =
  | { done: unknown }
  | { failed: { name: string; message: string; subject: string; action: string } }

/** Publishes files of the test's server, as if they had been dropped. */
self.onmessage = async ({ data }: MessageEvent<Order>) => {
  const abort = new AbortController()
  const progress: PublishProgress[] = []
  try {
    const tokens = makeTokenTable()
    tokens.set(data.options.hub ?? '', data.token)
    const files = data.paths.map(async (path) => {
      const answer = await fetch(`/data/${path.split('/').map(encodeURIComponent).join('/')}`)
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
      return { path, file: new File([await answer.blob()], path) }
    })
    const tree = filesTree(await Promise.all(files))
    const [first] = await layoutOf(await tree.list(), { name: 'dropped', prefer: 'database' })
    if (!first) throw new Error('nothing to publish')
    const project = first.path.replace(/^.*\/|\.db$/g, '')
    const done = await publish({ tree, files: first, project }, data.options, {
      tokenFor: tokens.of,
      signal: abort.signal,
      onProgress(one) {
        progress.push(one)
        if (one.stage === 'sending' && data.stopAt !== undefined && one.bytes >= data.stopAt) abort.abort()
      },
    })
    self.postMessage({ outcome: { done }, progress })
  } catch (cause) {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause))
    const { subject, action } = cause instanceof TrackioError ? cause : { subject: '', action: '' }
    self.postMessage({ outcome: { failed: { name, message, subject, action } }, progress })
  }
}
