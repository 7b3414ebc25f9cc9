import type { Plugin } from 'vite'

/**
 * The SQLite package brings storage, worker and table APIs of its own as blocks of start-up code that no
 * bundler can tell to be unused: a third of what a browser would fetch for its JavaScript. The blocks that
 * hold one of these lines are left out. The version is pinned, and a package in which each is not found once
 * fails the build.
 */
const UNUSED = [
  'sqlite3.initWorker1API = function',
  'sqlite3.vtab = vtab',
  'sqlite3_kvvfs_methods = capi.sqlite3_kvvfs_methods',
  'const opfsUtil = sqlite3.opfs = Object.create',
  'const installOpfsVfs = async',
  'sqlite3.installOpfsSAHPoolVfs = async',
  'const installOpfsWlVfs = async',
]
const START = '\t\tglobalThis.sqlite3ApiBootstrap.initializers.push(function(sqlite3) {'
const END = /^\t\t\}\);$/

export function slimSqlite(): Plugin {
  return {
    name: 'slim-sqlite',
    transform(code, id) {
      if (!/@sqlite\.org\/sqlite-wasm\/dist\/index\.mjs/.test(id)) return undefined
      return { code: withoutUnused(code, id), map: null }
    },
  }
}

function withoutUnused(code: string, id: string): string {
  const kept: string[] = []
  const found: string[] = []
  let block: string[] | undefined
  for (const line of code.split('\n')) {
    if (line === START) block = []
    if (!block) {
      kept.push(line)
      continue
    }
    block.push(line)
    if (!END.test(line)) continue
    const own = block.join('\n')
    const unused = UNUSED.filter((words) => own.includes(words))
    found.push(...unused)
    if (unused.length === 0) kept.push(own)
    block = undefined
  }
  const missing = UNUSED.filter((words) => found.filter((one) => one === words).length !== 1)
  if (missing.length > 0) throw new Error(`slim-sqlite: not once in ${id}: ${missing.join('; ')}`)
  return kept.join('\n')
}
