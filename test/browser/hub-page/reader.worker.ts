import { expose } from 'comlink'
import type { HubRepo } from '../../../src/model/source.ts'
import { makeTokenTable } from '../../../src/storage/http/token-table.ts'
import type { KeptBytes } from '../../../src/storage/hub/cached-bytes.ts'
import { cacheSize, forgetCache } from '../../../src/storage/hub/hub-cache.ts'
import { type HubTree, hubTree } from '../../../src/storage/hub/hub-tree.ts'

const tokens = makeTokenTable()
let tree: HubTree
let file: KeptBytes
/** What pauses have added to the clock, ms: nobody waits for them here. */
let waited = 0
let said: string[] = []

const clock = {
  now: () => Date.now() + waited,
  async pause(ms: number) {
    waited += ms
  },
}

/** Errors as text, as comlink keeps only their message. */
async function told<T>(answer: Promise<T> | (() => T)): Promise<T | string> {
  try {
    return await (typeof answer === 'function' ? answer() : answer)
  } catch (cause) {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  }
}

const reader = {
  open(hub: string, repo: HubRepo) {
    said = []
    tree = hubTree(repo, { hub, tokenFor: tokens.of, clock, onWait: (text) => said.push(text) })
  },
  list: () => told(tree.list().then((list) => list.map(({ path, size }) => `${path} ${size}`))),
  notices: () => tree.notices().map(({ text }) => text),
  said: () => said,
  async bytes(path: string) {
    return told(
      tree.bytes(path).then((bytes) => {
        file = bytes
        return file.size
      }),
    )
  },
  load: (offset: number, length: number) => told(file.load(offset, length).then((bytes) => [...bytes])),
  /** As SQLite reads: without waiting. */
  read: (offset: number, length: number) => told(() => [...file.read(offset, length)]),
  text: (path: string) => told(tree.blob(path).then((blob) => blob.text())),
  setToken: tokens.set,
  cacheSize,
  forgetCache,
}

export type Reader = typeof reader

expose(reader)
