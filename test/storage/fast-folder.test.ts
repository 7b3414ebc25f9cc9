import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { listen, makeServer } from '../../src/cli/server.mjs'
import { shareFiles } from '../../src/cli/shared-files.mjs'
import { createEngine } from '../../src/engine/api.ts'
import { findPython } from '../python/python.ts'
import { type FastWriters, startFastWriters } from './fast-writers.ts'

/*
 * A folder that is written as fast as training loops write: what `npx trackio-lite` serves opens all the
 * same, and as a state that SQLite could have shown.
 */

const python = findPython()
let folder: string
let server: Server
let url: string
let writers: FastWriters | undefined

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-fast-')))
})
afterEach(async () => {
  await writers?.stop()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function write(every: number, processes: number): Promise<FastWriters> {
  writers = await startFastWriters(python ?? '', folder, every, processes)
  server = makeServer({ page: folder, shared: await shareFiles(folder), name: 'runs' })
  url = `http://127.0.0.1:${await listen(server, 0, { next: false })}/files/`
  return writers
}

/**
 * The number of the commit of each row that an engine shows, in order; `also`: what else is done meanwhile.
 */
async function opened(also?: (engine: EngineApi, project: string) => Promise<void>): Promise<number[]> {
  const engine = createEngine()
  const { id, projects } = await engine.open({ kind: 'address', as: 'folder', texts: [url], base: url })
  const project = projects[0]?.id ?? ''
  const { runs } = await engine.ask('catalogue', { project })
  const numbers: number[] = []
  for (const { key } of runs)
    numbers.push(
      ...((await engine.ask('history', { project, run: key, metrics: ['number'] })).number?.values ?? []),
    )
  await also?.(engine, project)
  await engine.close(id)
  return numbers.sort((a, b) => a - b)
}

describe.skipIf(python === undefined)(
  'a folder that is written while it is opened',
  { timeout: 120_000 },
  () => {
    test.each([
      [100, 1],
      [50, 1],
      [20, 1],
      [100, 4],
      [50, 4],
      [20, 4],
    ])('every %i ms by %i processes opens ten times of ten, whole', async (every, processes) => {
      const { commits } = await write(every, processes)
      for (let i = 0; i < 10; i++) {
        const before = await commits()
        const numbers = await opened()
        expect(numbers.length / 3, `opening ${i + 1}`).toBeGreaterThanOrEqual(before)
        expect(
          numbers.findIndex((number, at) => number !== Math.floor(at / 3)),
          `opening ${i + 1}: ${numbers.length} rows`,
        ).toBe(-1)
        expect(numbers.length % 3).toBe(0)
      }
    })

    test('is exported as a database that SQLite finds whole, five times of five', async () => {
      const { commits } = await write(20, 4)
      for (let i = 0; i < 5; i++) {
        const before = await commits()
        await opened(async (engine, project) => {
          const { blob } = await engine.ask('export', { project, form: 'db', frontend: '' })
          const copy = join(folder, 'copy')
          writeFileSync(copy, new Uint8Array(await blob.arrayBuffer()))
          const ask = `import sqlite3, sys; db = sqlite3.connect(sys.argv[1])
print(db.execute("pragma integrity_check").fetchone()[0], *db.execute("select count(*) / 3.0, count(distinct json_extract(metrics, '$.number')), max(id) / 3.0 from metrics").fetchone())`
          const [whole, ...counts] = execFileSync(python ?? '', ['-c', ask, copy], { encoding: 'utf8' })
            .trim()
            .split(' ')
          expect([whole, new Set(counts.map(Number)).size, Number(counts[0]) >= before]).toEqual([
            'ok',
            1,
            true,
          ])
        })
      }
    })
  },
)
