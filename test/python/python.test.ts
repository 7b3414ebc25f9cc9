import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportStatic, f64, pythonMissing, startLogger, TRACKIO, trackioPython } from './python.ts'

describe.skipIf(pythonMissing)('the real trackio', () => {
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trackio-lite-python-'))
    await trackioPython()
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('logs what it is told, and publishes it as a static export', { timeout: 60_000 }, async () => {
    const home = join(folder, 'trackio')
    const logger = await startLogger(home)
    await logger.init({ project: 'static one.é', name: 'a run', config: { lr: 0.5 } })
    for (let step = 0; step < 3; step++)
      await logger.log({ loss: f64(1 / (step + 1)), picture: { $image: [2, 3] } }, step)
    await logger.flush()
    await logger.stop()
    expect(readdirSync(home)).toContain('staticoneé.db')

    // a page of ours, with the files that say that nothing is beside it
    const frontend = join(folder, 'page')
    mkdirSync(frontend)
    for (const [name, text] of [
      ['index.html', '<title>ours</title>'],
      ['config.json', '{"mode":"none"}'],
      ['version', '{"app":"trackio-lite"}'],
    ] as const)
      writeFileSync(join(frontend, name), text)
    const out = join(folder, 'out')
    await exportStatic(home, 'static one.é', out, frontend)
    expect(readFileSync(join(out, 'space', 'index.html'), 'utf8')).toBe('<title>ours</title>')
    expect(JSON.parse(readFileSync(join(out, 'space', 'config.json'), 'utf8'))).toMatchObject({
      mode: 'static',
      project: 'static one.é',
      bucket_id: 'me/demo-bucket',
      version: TRACKIO,
    })
    expect(readdirSync(join(out, 'bucket')).sort()).toEqual([
      'aux',
      'media',
      'metrics.parquet',
      'runs.json',
      'settings.json',
    ])
    expect(JSON.parse(readFileSync(join(out, 'bucket', 'runs.json'), 'utf8'))).toMatchObject([
      { name: 'a run', last_step: 2, log_count: 3 },
    ])
  })
})
