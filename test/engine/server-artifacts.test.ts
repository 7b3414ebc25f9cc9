import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { makeDatabase, type ServerDouble, startDouble } from './server-double.ts'

/* Artifacts of a live trackio server: rows by its query endpoint, files by their digest. */

const FIXTURE = join(import.meta.dirname, '..', 'fixtures', 'v0.43.0', 'data', 'demoprojectv4ö.db')
const CONTENT = 'tokenizer of the server'
const DIGEST = createHash('sha256').update(CONTENT).digest('hex')
const GONE = 'f'.repeat(64)
let double: ServerDouble

beforeAll(async () => {
  double = await startDouble({ version: '0.43.0', api_version: 1 })
  double.projects.set('demoprojectv4ö', await makeDatabase(new Uint8Array(readFileSync(FIXTURE))))
  double.intercept = (asked, request) => {
    if (!asked.startsWith('GET /artifact_blob/')) return undefined
    if (asked !== `GET /artifact_blob/demoprojectv4%C3%B6/${DIGEST}`)
      return { status: 404, body: '{"error":"not found"}' }
    const [, from = 0, end = 0] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const part = CONTENT.slice(Number(from), Number(end) + 1)
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${CONTENT.length}`
    const headers = { 'content-type': 'application/octet-stream', 'content-range': range }
    return { status: 206, headers, body: part }
  }
})
afterAll(() => double.stop())

test('all of them are read, and files by ranges; a missing one is missing', async () => {
  const engine = createEngine()
  const source = await engine.open({ kind: 'address', as: 'server', texts: [double.url], base: double.url })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const { artifacts, links, projects } = await engine.ask('artifacts', { project })
  expect(artifacts.map(({ name, versions }) => [name, versions.length])).toEqual([
    ['only-config', 1],
    ['data.set', 1],
    ['tiny-model', 2],
  ])
  expect(links.length).toBe(7)
  expect(projects[0]?.without).toBeUndefined()
  const version = artifacts[2]?.versions[0]?.id ?? ''
  const manifest = await engine.ask('artifactManifest', { project, version })
  expect(manifest?.computed).toBe(manifest?.digest)
  const part = await engine.ask('artifactFile', { project, digest: DIGEST, from: 2, bytes: 5 })
  expect(await part?.text()).toBe(CONTENT.slice(2, 7))
  const files = [DIGEST, GONE].map((digest) => ({ digest, bytes: CONTENT.length }))
  const results = await engine.ask('verifyArtifacts', { project, files })
  expect(results.map(({ result }) => result)).toEqual(['same', 'missing'])
})
