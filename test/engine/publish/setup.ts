import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeFilesList } from '../../../build/files-list.ts'
import { layoutOf } from '../../../src/engine/formats/layout.ts'
import type { PublishSource } from '../../../src/engine/publish/static-files.ts'
import type { NamedFile } from '../../../src/model/source.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import { makeTokenTable } from '../../../src/storage/http/token-table.ts'
import { type Served, serve } from '../../browser/server.ts'
import { type HubDouble, startHub } from '../../hub/double.ts'
import { randomBytes } from '../../hub/helpers.ts'
import { filesOf } from '../golden-fixtures.ts'

export const TOKEN = 'hf_ann'

export const tokens = makeTokenTable()

/** A Hub where Ann may do everything, and the token for it set as the page would. */
export async function hubOfAnn(options?: Parameters<typeof startHub>[0]): Promise<HubDouble> {
  const hub = await startHub(options)
  hub.setToken('ann', TOKEN)
  tokens.set(hub.url, TOKEN)
  return hub
}

/** A project of a fixture as the engine has it. Media and artifacts come along where the fixture has them. */
export async function sourceFrom(folder: string, project?: string): Promise<PublishSource> {
  // what is packed stands there unpacked as well, or is unpacked on the way
  const files = filesOf(folder, /./)
  const tree = filesTree(files.filter(({ path }, i) => files.findIndex((one) => one.path === path) === i))
  const first = (await layoutOf(await tree.list(), { name: project ?? folder, prefer: 'database' })).find(
    (one) =>
      project === undefined || one.path.includes(project) || ('project' in one && one.project === project),
  )
  if (!first) throw new Error(`${folder}: nothing to publish`)
  return { tree, files: first, project: project ?? first.path.replace(/^.*\/|\.db$/g, '') }
}

/** Files as a source: the first thing among them that can be published. */
export async function sourceOf(files: NamedFile[]): Promise<PublishSource> {
  const tree = filesTree(files)
  const [first] = await layoutOf(await tree.list(), { name: 'made', prefer: 'database' })
  if (!first) throw new Error('nothing to publish')
  return { tree, files: first, project: first.path.replace(/^.*\/|\.db$/g, '') }
}

export interface Frontend {
  folder: string
  /** Address for `frontend`. */
  url: string
  served: Served
  /** Puts files in and lists them, as a build does. */
  write(files: Record<string, string | Uint8Array>): void
  close(): Promise<void>
}

/** A small built app, served as a plain host does. */
export async function frontendOf(
  files: Record<string, string | Uint8Array> = {
    'index.html': '<title>ours</title>',
    'config.json': '{"mode":"none"}',
    'assets/index-abcdefgh.js': 'console.log("é")',
    'assets/sqlite-abcdefgh.wasm': randomBytes(1, 30_000),
    'favicon.svg': '<svg/>',
  },
): Promise<Frontend> {
  const folder = mkdtempSync(join(tmpdir(), 'frontend-'))
  const write: Frontend['write'] = (more) => {
    for (const [path, content] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    writeFilesList(folder)
  }
  write(files)
  const served = await serve(folder)
  return {
    folder,
    url: served.url,
    served,
    write,
    async close() {
      await served.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
