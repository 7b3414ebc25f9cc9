import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { afterBuild } from './after-build.ts'

/**
 * Writes `built.json` beside the page: every built file with its size and the two hashes that the Hub knows
 * files by (git's id of a small one, SHA-256 of a large one). With it a page can publish itself, and see
 * without fetching anything what is published already (src/engine/publish/frontend.ts).
 */
export function filesList(): Plugin {
  return afterBuild('files-list', (_, folder) => writeFilesList(folder))
}

/**
 * Not `files.json`: a trackio server that serves this folder answers everything below /file and /version
 * itself.
 */
const LIST = 'built.json'
/** So what it answers for itself stands in the list. */
const INSIDE = ['version']

export function writeFilesList(folder: string): void {
  const list = filesBelow(folder)
    .filter((path) => path !== LIST)
    .sort()
    .map((path) => {
      const bytes = readFileSync(join(folder, path))
      const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return {
        path,
        size: bytes.length,
        git,
        sha256,
        ...(INSIDE.includes(path) && { text: bytes.toString() }),
      }
    })
  writeFileSync(join(folder, LIST), `${JSON.stringify({ files: list })}\n`)
}

function filesBelow(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    return entry.isDirectory() ? filesBelow(folder, path) : [path]
  })
}
