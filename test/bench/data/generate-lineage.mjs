// node generate-lineage.mjs <shape> <file>: a database of runs and artifact versions that hang together, with no
// Python: datasets, and runs that use one or two versions and make none, one or two more.
import { renameSync, rmSync, statSync } from 'node:fs'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { installFileVfs } from './file-vfs.mjs'
import { LINEAGES } from './lineage-shapes.mjs'
import { makeRandom } from './random.mjs'
import { SCHEMA } from './schema.mjs'

const [name, path] = process.argv.slice(2)
const shape = LINEAGES[name]
if (!shape || !path) {
  console.error(`usage: node generate-lineage.mjs <${Object.keys(LINEAGES).join('|')}> <file>`)
  process.exit(2)
}
const START = Date.UTC(2026, 8, 1, 8)
const { uniform: random } = makeRandom(11)
const encoder = new TextEncoder()
const time = (n) => new Date(START + n * 60_000).toISOString().replace('Z', '+00:00')

const part = `${path}.part`
rmSync(part, { force: true })
const sqlite3 = await sqlite3InitModule()
const close = installFileVfs(sqlite3, 'bench', part)
const db = new sqlite3.oo1.DB('/bench.db', 'cw', 'bench')
db.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE')
db.exec(`${SCHEMA}; BEGIN`)
const insert = (table, row) => {
  const names = Object.keys(row)
  db.exec({
    sql: `INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`,
    bind: Object.values(row),
  })
}

const ARTIFACTS = ['prompts', 'base', 'policy', 'judge', 'eval-samples']
ARTIFACTS.forEach((artifact, i) => {
  insert('artifacts', { id: i + 1, name: artifact, type: i === 0 ? 'dataset' : 'model', created_at: time(0) })
})
const next = ARTIFACTS.map(() => 0)
const versions = []
let nodes = 0
let links = 0

function version(artifact, run) {
  const number = next[artifact]++
  const id = versions.length + 1
  const digest = id.toString(16).padStart(64, '0')
  const manifest = JSON.stringify([{ path: 'weights.bin', digest, size: 1000 + id }])
  insert('artifact_versions', {
    ...{ id, artifact_id: artifact + 1, version: number, manifest_digest: digest, manifest },
    ...{ size_bytes: 1000 + id, producer_run_id: run, producer_run_name: run, created_at: time(nodes) },
  })
  versions.push(id)
  nodes++
  if (run) link(run, id, 'output')
}

function link(run, id, direction) {
  links++
  insert('run_artifact_links', {
    ...{ run_id: run, run_name: run, artifact_version_id: id, direction, created_at: time(nodes) },
  })
}

version(0)
version(1)
while (nodes < shape.nodes) {
  const run = `run-${nodes}`
  insert('metrics', {
    ...{ run_id: run, timestamp: time(nodes), run_name: run, step: 100 },
    metrics: encoder.encode('{"loss":1.0}'),
  })
  nodes++
  // older versions are used more: datasets and base models by hundreds
  const used = new Set([versions[0], versions[Math.floor(random() ** 2 * versions.length)]])
  for (const id of used) link(run, id, 'input')
  for (let made = Math.floor(random() * 3); made > 0 && nodes < shape.nodes; made--)
    version(1 + Math.floor(random() * 4), run)
}
db.exec('COMMIT')
db.close()
close()
renameSync(part, path)
console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB, ${nodes} nodes, ${links} edges`)
