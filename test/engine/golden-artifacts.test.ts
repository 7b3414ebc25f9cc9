import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { createEngine } from '../../src/engine/api.ts'
import type { ArtifactRun, Artifacts, VerifyProgress } from '../../src/model/artifact.ts'
import type { Json } from '../../src/model/run.ts'
import { combinedId } from '../../src/model/source.ts'
import { filesOf, namedFile } from './golden-fixtures.ts'

/*
 * Artifacts of every database of test/fixtures that has some, beside what Python's sqlite3 and json read
 * (test/make/artifacts.py), and of trackio's Parquet exports of the same projects.
 */

interface GoldenRun {
  run: string | null
  name: string
  project: string | null
}
interface Golden {
  artifacts: {
    name: string
    type: string
    description: string | null
    created_at: string
    versions: {
      version: number
      aliases: string[]
      digest: string
      digest_agrees: boolean
      manifest: { path: string; digest: string; size: number; ref?: string }[]
      metadata: Json
      size_bytes: number
      created_at: string
      producer: GoldenRun | null
    }[]
  }[]
  links: (GoldenRun & { version: string; direction: string; created_at: string })[]
  foreign: (GoldenRun & {
    artifact: string
    type: string
    size_bytes: number
    direction: string
    created_at: string
  })[]
}

const GOLDEN: Record<string, Record<string, Golden>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'artifacts.json'), 'utf8'),
)

/** Folders with Parquet of a project that the same script logged into a database of another folder, at another time. */
const TWINS: [folder: string, which: RegExp, of: string, file: string][] = [
  ['parquet-0.36.0', /./, 'v0.36.0', 'pointcloudsév2.db'],
  ['parquet-0.43.0', /./, 'v0.43.0', 'demoprojectv4ö.db'],
  ['static-0.43.0', /bucket/, 'v0.43.0', 'demoprojectv4ö.db'],
]

async function opened(folder: string, which?: RegExp) {
  const engine = createEngine()
  const source = await engine.open({
    kind: 'files',
    name: 'drop',
    files: filesOf(folder, which),
    live: false,
  })
  return { engine, source }
}

const run = ({ run, name, project }: ArtifactRun): GoldenRun => ({
  run: run ?? null,
  name,
  project: project ?? null,
})
const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** The answer as the golden file has it. */
async function described(ask: EngineApi['ask'], found: Artifacts): Promise<Golden> {
  const labels = new Map<string, string>()
  const artifacts = []
  for (const { project, name, type, description, createdAt, versions } of found.artifacts) {
    const described = []
    for (const version of versions) {
      labels.set(version.key, `${name}:v${version.version}`)
      const manifest = await ask('artifactManifest', { project, version: version.id })
      expect(manifest?.notices).toEqual([])
      expect([version.files, version.references]).toEqual([
        manifest?.entries.filter(({ ref }) => ref === null).length,
        manifest?.entries.filter(({ ref }) => ref !== null).length,
      ])
      described.push({
        version: version.version,
        aliases: version.aliases,
        digest: version.digest,
        digest_agrees: manifest?.digest === version.digest && manifest.computed === version.digest,
        manifest: (manifest?.entries ?? []).map(({ path, digest, bytes, ref }) => ({
          ...{ path, digest, size: bytes },
          ...(ref === null ? {} : { ref }),
        })),
        metadata: version.metadata,
        size_bytes: version.bytes,
        created_at: version.createdAt,
        producer: version.producer ? run(version.producer) : null,
      })
    }
    artifacts.push({ name, type, description, created_at: createdAt, versions: described })
  }
  return {
    artifacts,
    links: found.links.map((link) => ({
      ...run(link),
      ...{ version: labels.get(link.version) ?? '', direction: link.direction, created_at: link.createdAt },
    })),
    foreign: found.foreign.map((link) => ({
      ...run(link),
      artifact: `${link.source}/${link.artifact}:v${link.version}`,
      ...{ type: link.type, size_bytes: link.bytes, direction: link.direction, created_at: link.createdAt },
    })),
  }
}

function expectSame(found: Golden, wanted: Golden): void {
  expect(found.artifacts).toEqual(wanted.artifacts)
  expect(found.links.sort(byText)).toEqual(
    wanted.links
      .map(({ run, name, project, version, direction, created_at }) => ({
        ...{ run, name, project, version, direction, created_at },
      }))
      .sort(byText),
  )
  expect(new Set(found.foreign)).toEqual(new Set(wanted.foreign))
}

/** Without ids and times, which are others each time; whether a run was found stays. */
function undated(golden: Golden): Golden {
  const text = JSON.stringify(golden, (key, value) =>
    key === 'created_at' ? '' : key === 'run' && value !== null ? 'found' : value,
  )
  return JSON.parse(text)
}

describe.each(Object.keys(GOLDEN))('%s', (folder) => {
  test('every artifact, version, manifest and link is read as Python reads it', async () => {
    const { engine, source } = await opened(folder)
    for (const [file, wanted] of Object.entries(GOLDEN[folder] ?? {})) {
      const project = source.projects.find((one) => one.file === file)?.id ?? ''
      await engine.ask('settled', { project })
      const found = await engine.ask('artifacts', { project })
      expect(found.notices).toEqual([])
      expectSame(await described(engine.ask, found), wanted)
      const { runs } = await engine.ask('catalogue', { project })
      const keys = new Set(runs.map(({ key }) => key))
      for (const { run } of found.links) if (run !== undefined) expect(keys).toContain(run)
      const counts = await engine.ask('countBeside', { project })
      expect(counts).toContainEqual({ table: 'artifacts', rows: wanted.artifacts.length })
    }
  })
})

test.each(TWINS)(
  '%s %s has the artifacts of the same project in a database',
  async (folder, which, of, file) => {
    const engine = createEngine()
    // a static export does not say what its project is called; links do, by its canonical name
    const name = 'demo project.v4 ö'
    const files = filesOf(folder, which).map((one) => ({ ...one, path: one.path.replace(/^bucket\//, '') }))
    const source = await engine.open({ kind: 'files', name, files, live: false })
    const project = source.projects[0]?.id ?? ''
    await engine.ask('settled', { project })
    const found = await engine.ask('artifacts', { project })
    const wanted = GOLDEN[of]?.[file] as Golden
    expectSame(undated(await described(engine.ask, found)), undated(wanted))
  },
)

test('a Dataset of the scheduler says that it has no files', async () => {
  const { engine, source } = await opened('parquet-0.43.0', /./)
  const project = source.projects[0]?.id ?? ''
  const found = await engine.ask('artifacts', { project })
  expect(found.projects[0]?.without).toMatch(/^a Dataset of trackio’s scheduler has the tables/)
  const digest = '785b0751fc2c53dc14a4ce3d800e69ef9ce1009eb327ccf458afe09c242c26c9'
  expect(await engine.ask('artifactFile', { project, digest })).toBeUndefined()
  const files = [{ digest, bytes: 1024 }]
  expect(await engine.ask('verifyArtifacts', { project, files })).toEqual([
    { digest, bytes: 1024, result: 'missing' },
  ])
})

test('a database that was dropped without its folder says where the files lie', async () => {
  const { engine, source } = await opened('bucket-0.43.0', /\.db$/)
  const found = await engine.ask('artifacts', { project: source.projects[0]?.id ?? '' })
  expect(found.projects[0]?.without).toBe(
    'its files were not opened along: they lie in the folder trackio/artifacts/liveprojecté beside it',
  )
})

describe.each([
  ['static-0.43.0', /bucket/, 5],
  ['bucket-0.43.0', /./, 1],
] as const)('files of %s', (folder, which, count) => {
  test('are given out whole, in part and as a .zip, and agree with their digests', async () => {
    const { engine, source } = await opened(folder, which)
    const project = source.projects.find(({ name }) => !name.startsWith('registry'))?.id ?? ''
    await engine.ask('settled', { project })
    const found = await engine.ask('artifacts', { project })
    expect(found.projects[0]?.without).toBeUndefined()
    const seen = new Map<string, number>()
    let named = 0
    for (const { versions } of found.artifacts) {
      for (const { id } of versions) {
        const manifest = await engine.ask('artifactManifest', { project, version: id })
        const own = manifest?.entries.filter(({ ref }) => ref === null) ?? []
        for (const { digest, bytes } of own) {
          named += bytes
          seen.set(digest, bytes)
          const file = await engine.ask('artifactFile', { project, digest })
          const content = new Uint8Array((await file?.arrayBuffer()) ?? [])
          expect(createHash('sha256').update(content).digest('hex')).toBe(digest)
          const part = await engine.ask('artifactFile', { project, digest, from: 3, bytes: 4 })
          expect(new Uint8Array((await part?.arrayBuffer()) ?? [])).toEqual(content.slice(3, 7))
        }
        const zip = await engine.ask('artifactZip', { project, version: id })
        const names = Object.keys(unzipSync(new Uint8Array((await zip?.arrayBuffer()) ?? [])))
        expect(names.sort()).toEqual(own.map(({ path }) => path).sort())
      }
    }
    expect(seen.size).toBe(count)
    const stored = [...seen.values()].reduce((sum, bytes) => sum + bytes, 0)
    expect(found.projects[0]).toMatchObject({ named, stored })
    const files = [...seen].map(([digest, bytes]) => ({ digest, bytes }))
    const told: VerifyProgress[] = []
    const results = await engine.ask(
      'verifyArtifacts',
      { project, files: [...files, ...files] },
      { onProgress: (progress) => void told.push(progress) },
    )
    expect(results.map(({ result }) => result)).toEqual(files.map(() => 'same'))
    expect(told.at(-1)).toMatchObject({ files: count, totalFiles: count, bytes: stored, totalBytes: stored })
    expect(told.flatMap(({ came }) => came)).toEqual(results)
  })
})

test('a file that is another by now differs, and one that is away is missing', async () => {
  const files = filesOf('bucket-0.43.0', /./)
  const blob = files.find(({ path }) => /blobs/.test(path))
  const other = files.map((one) => (one === blob ? namedFile(one.path, 'another content') : one))
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files: other, live: false })
  const project = source.projects[0]?.id ?? ''
  const digest = blob?.path.split('/').at(-1) ?? ''
  const gone = 'f'.repeat(64)
  const results = await engine.ask('verifyArtifacts', {
    project,
    files: [digest, gone, '../../liveproject.db'].map((digest) => ({ digest, bytes: 50 })),
  })
  expect(results.map(({ result }) => result)).toEqual(['differs', 'missing', 'missing'])
  const found = createHash('sha256').update('another content').digest('hex')
  expect(results[0]).toMatchObject({ found, foundBytes: 15 })
})

test('a check that is given up ends', async () => {
  const { engine, source } = await opened('bucket-0.43.0', /./)
  const project = source.projects[0]?.id ?? ''
  const signal = AbortSignal.abort()
  const files = [{ digest: 'f'.repeat(64), bytes: 1 }]
  await expect(engine.ask('verifyArtifacts', { project, files }, { signal })).rejects.toMatchObject({
    name: 'AbortError',
  })
})

test('side by side, a use of the other project’s artifact is one link, and its run is found', async () => {
  const { engine, source } = await opened('cross-0.43.0')
  const id = combinedId(source.projects.map(({ id }) => id))
  await engine.ask('settled', { project: id })
  const { artifacts, links, foreign, projects } = await engine.ask('artifacts', { project: id })
  expect(projects.map(({ name }) => name)).toEqual(['consumer', 'producer'])
  expect(foreign).toEqual([])
  expect(artifacts.map(({ name }) => name)).toEqual(['last-checkpoint', 'shared-model'])
  const { runs } = await engine.ask('catalogue', { project: id })
  const name = (key: string | undefined): string | undefined => runs.find((one) => one.key === key)?.name
  const label = (key: string): string | undefined =>
    artifacts.flatMap(({ name, versions }) =>
      versions.filter((one) => one.key === key).map(({ version }) => `${name}:v${version}`),
    )[0]
  expect(
    links.map(({ run, version, direction }) => [name(run), direction, label(version)].join(' ')).sort(),
  ).toEqual([
    'only uses input shared-model:v1',
    'producer/overwriter output last-checkpoint:v2',
    'producer/train output shared-model:v0',
    'producer/train output shared-model:v1',
    'train input shared-model:v1',
  ])
})

test('a project without such tables has none', async () => {
  const { engine, source } = await opened('v0.1.1')
  const { artifacts, links, foreign, notices } = await engine.ask('artifacts', {
    project: source.projects[0]?.id ?? '',
  })
  expect([artifacts, links, foreign, notices]).toEqual([[], [], [], []])
})
