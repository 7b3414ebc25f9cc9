import { expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { readAlerts } from '../../src/bridge/logged-alerts.ts'
import { readArtifacts } from '../../src/bridge/logged-artifacts.ts'
import { readTraces } from '../../src/bridge/logged-traces.ts'
import { emptyReader } from '../../src/engine/formats/empty-reader.ts'
import type { TableRows } from '../../src/engine/formats/table-rows.ts'
import { manifestOf } from '../../src/engine/projects/project-artifacts.ts'
import { artifactsOf } from '../../src/engine/tables/artifacts.ts'
import type { Notice } from '../../src/model/source.ts'
import { engineDouble } from '../engine-double.ts'

/* A list that is shorter than what was logged is no answer. */

const LOST: Notice = {
  level: 'warn',
  subject: 'p.db',
  text: 'damaged: others may be missing',
  action: 'Copy it again.',
}
const SAID = { name: 'TrackioError', subject: LOST.subject, action: LOST.action }

function askOf(engine: EngineApi) {
  return <T>(question: (engine: EngineApi) => Promise<T>): Promise<T> => question(engine)
}

const table = (columns: TableRows['columns'], notices: Notice[] = []): TableRows => ({
  ...{ rows: Object.values(columns)[0]?.length ?? 0, columns, notices },
})

async function artifactsFrom(manifest: string, notices: Notice[] = []) {
  const artifacts = table(
    { id: ['1'], name: ['model'], type: ['model'], description: [null], created_at: ['t'] },
    notices,
  )
  const columns = {
    id: ['1'],
    artifact_id: ['1'],
    version: ['0'],
    manifest_digest: ['d'],
    manifest: [manifest],
  }
  const versions = table({ ...columns, metadata: [null], size_bytes: ['1'], created_at: ['t'] })
  const info = { id: 'p', name: 'p', file: 'p.db', source: 's', bytes: 1 }
  const project = { id: 'p', name: 'p', without: undefined }
  const reader = {
    ...emptyReader(() => ({ state: 'done', bytes: 0, totalBytes: 0, rows: 0 })),
    tableRows: async () => versions,
  }
  const engine = engineDouble({
    artifacts: () =>
      artifactsOf({ artifacts, artifact_versions: versions }, { project, runs: [], hasIds: true }),
    artifactManifest: ({ version }) => manifestOf(reader, info, version),
  })
  return readArtifacts(askOf(engine), 'p', {}, async () => undefined)
}

test('artifacts: refused where rows of their tables cannot be read', async () => {
  await expect(artifactsFrom('[]', [LOST])).rejects.toMatchObject(SAID)
})

test('artifacts: a manifest with entries that cannot be read is refused, and an odd one is given', async () => {
  const entry = `{"path":"b","digest":"${'a'.repeat(64)}","size":1}`
  const manifestFrom = async (manifest: string) => (await artifactsFrom(manifest))[0]?.versions[0]?.manifest()
  await expect(manifestFrom('nothing')).rejects.toThrow('its manifest is no JSON: nothing')
  await expect(manifestFrom(`[{"path":"a"},${entry}]`)).rejects.toThrow('entry 1 (a) has no digest')
  expect(await manifestFrom(`[${entry},${entry}]`)).toHaveLength(2)
})

test('traces: refused where rows cannot be read', async () => {
  const list = {
    ...{ store: 1, runs: [], keys: [], readings: 1, complete: true, first: true, notices: [LOST] },
    ...{ run: new Int32Array(), key: new Int32Array(), step: new Float64Array(), time: new Float64Array() },
  }
  const engine = engineDouble({ traces: async () => list as never })
  await expect(readTraces(engine, 'p', {})).rejects.toMatchObject(SAID)
})

test('alerts: those whose time cannot be read are not taken for old', async () => {
  const alert = (time: number) => ({ time }) as never
  const engine = engineDouble({
    alerts: async () => ({ alerts: [alert(3), alert(2), alert(Number.NaN)], notices: [] }),
  })
  const found = await readAlerts(askOf(engine), 'p', { since: 2 })
  expect(found.map(({ time }) => time)).toEqual([3, Number.NaN])
})
