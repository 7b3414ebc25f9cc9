import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publish } from '../../../src/engine/publish/publish.ts'
import type { HubDouble } from '../../hub/double.ts'
import { randomBytes } from '../../hub/helpers.ts'
import { publish as publishWithPython } from '../../hub/python.ts'
import { f64, pythonMissing, startLogger, startServer, type Talk, talk } from '../../python/python.ts'
import { namedFile } from '../golden-fixtures.ts'
import { type Frontend, frontendOf, hubOfAnn, sourceOf, TOKEN, tokens } from './setup.ts'

/* The same folder published by trackio and by us. */

describe.skipIf(pythonMissing)('beside the real trackio', () => {
  const PROJECT = 'projé' // one that both spell alike: trackio's importer knows canonical names only
  let place: string
  let folder: string
  let hub: HubDouble
  let app: Frontend
  let checker: Talk

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'publish-python-'))
    folder = join(place, 'trackio')
    hub = await hubOfAnn()
    // files of one piece: the client's chunker cuts a few pieces in two that Python's leaves whole, and the
    // double refuses those
    app = await frontendOf({
      'index.html': '<meta name="trackio-frontend" content="/__trackio/frontend_version"><title>ours</title>',
      version: '{"app":"ours"}',
      'config.json': '{"mode":"none"}',
      'assets/lib-abcdefgh.wasm': randomBytes(1, 5000),
    })
    const logger = await startLogger(folder)
    await logger.init({
      project: PROJECT,
      name: 'run 1/é',
      config: { lr: 0.1, layers: [1, 2], nested: { a: null } },
      group: 'g',
    })
    for (let step = 0; step < 40; step++) {
      await logger.log(
        {
          loss: f64(1 / (step + 1)),
          odd: step % 7 === 0 ? f64(Number.NaN) : step,
          text: `t${step}`,
          ...(step % 13 === 0 && { picture: { $image: [2, 3] } }),
        },
        step,
      )
    }
    await logger.finish()
    await logger.init({ project: PROJECT, name: 'run 2', config: { lr: 0.2, optimizer: 'adam' } })
    for (let step = 0; step < 3; step++)
      await logger.log({
        'eval/acc': step / 3,
        table: { _type: 'trackio.table', _value: [{ a: 1 }, { a: 2 }] },
      })
    await logger.finish()
    await logger.stop()
    checker = await talk('check_published.py', [], join(place, 'imported'))
  }, 300_000)
  afterAll(async () => {
    await checker?.stop()
    await hub?.stop()
    await app?.close()
    rmSync(place, { recursive: true, force: true })
  })

  test('the bucket holds the same, for pyarrow and for trackio’s importer, and the Space says the same', {
    timeout: 120_000,
  }, async () => {
    await publishWithPython(hub, TOKEN, folder, {
      project: PROJECT,
      space_id: 'ann/theirs',
      sdk: 'static',
      frontend_dir: app.folder,
    })
    const done = await publish(
      await sourceOf(filesIn(folder)),
      {
        hub: hub.url,
        frontend: app.url,
        spaceId: 'ann/ours',
      },
      { tokenFor: tokens.of },
    )
    expect(done.notices).toEqual([])
    for (const id of ['ours', 'theirs']) writeOut(hub.files('bucket', `ann/${id}-bucket`), join(place, id))
    const answer = await checker.ask(
      JSON.stringify({ ours: join(place, 'ours'), theirs: join(place, 'theirs'), project: PROJECT }),
    )
    expect(answer.differs).toEqual([])
    expect(answer).toMatchObject({ checked: 9 })
    expect(answer.rows).toBeGreaterThan(40)

    const [ours, theirs] = [hub.files('space', 'ann/ours'), hub.files('space', 'ann/theirs')]
    // the logos are for trackio's own page
    expect([...theirs.keys()].filter((path) => !path.startsWith('static/trackio/')).sort()).toEqual(
      [...ours.keys()].sort(),
    )
    expect(String(ours.get('README.md'))).toBe(String(theirs.get('README.md')))
    const config = (files: Map<string, Buffer>) => JSON.parse(String(files.get('config.json')))
    expect({ ...config(ours), version: config(theirs).version, bucket_id: 'ann/theirs-bucket' }).toEqual(
      config(theirs),
    )
  })

  test('the app is taken from a page that a trackio server serves', { timeout: 60_000 }, async () => {
    const server = await startServer(folder, app.folder)
    const done = await publish(
      await sourceOf(filesIn(folder)),
      {
        hub: hub.url,
        frontend: server.url,
        spaceId: 'ann/served',
      },
      { tokenFor: tokens.of },
    )
    await server.stop()
    expect(done.space).toBe('ann/served')
    const [ours, theirs] = ['ann/ours', 'ann/served'].map((id) => hub.files('space', id))
    for (const path of ['index.html', 'version', 'assets/lib-abcdefgh.wasm'])
      expect(theirs?.get(path)?.equals(ours?.get(path) ?? Buffer.alloc(0))).toBe(true)
  })

  test('each takes over what the other published', { timeout: 120_000 }, async () => {
    const source = await sourceOf(filesIn(folder))
    // theirs again by us: the tables are written anew, media and page are known
    const done = await publish(
      source,
      { hub: hub.url, frontend: app.url, spaceId: 'ann/theirs' },
      { tokenFor: tokens.of },
    )
    expect(done).toMatchObject({ data: { id: 'ann/theirs-bucket' } })
    expect(done.same).toBe(4 + 5) // pictures, and all of the page but config.json
    await publishWithPython(hub, TOKEN, folder, {
      project: PROJECT,
      space_id: 'ann/ours',
      sdk: 'static',
      frontend_dir: app.folder,
    })
    for (const id of ['ours', 'theirs'])
      writeOut(hub.files('bucket', `ann/${id}-bucket`), join(place, `${id} again`))
    const answer = await checker.ask(
      JSON.stringify({
        ours: join(place, 'theirs again'),
        theirs: join(place, 'ours again'),
        project: PROJECT,
      }),
    )
    expect(answer.differs).toEqual([])
  })
})

function filesIn(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => namedFile(relative(folder, path), new Uint8Array(readFileSync(path))))
}

function writeOut(files: Map<string, Buffer>, to: string): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(to, path)), { recursive: true })
    writeFileSync(join(to, path), bytes)
  }
}
