import { describe, expect, it } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { createEngine } from '../../src/engine/api.ts'
import type { Catalogue } from '../../src/model/catalogue.ts'
import { TrackioError } from '../../src/model/errors.ts'
import type { Series } from '../../src/model/metric.ts'
import type { NamedFile, Notice } from '../../src/model/source.ts'
import { filesOf, fixtureFolders, namedFile, reachableRows, renamed } from './golden-fixtures.ts'

/*
 * Files that are damaged, cut off or not trackio's: each is named in what a person is told, what can be read
 * is read, and files beside it open as ever.
 */

interface Outcome {
  engine: EngineApi
  catalogues: Catalogue[]
  /** Notices of the source and its projects; what `open` threw stands as one too. */
  notices: Notice[]
}

const GOOD = 'metrics of a healthy neighbour.db'

describe.each(fixtureFolders('words'))('%s', (folder) => {
  it('opens alone without a crash, names the file in whatever is wrong, reads no fewer rows than Python', async () => {
    const { notices, catalogues } = await drop(filesOf(folder))
    expect(catalogues.reduce((sum, catalogue) => sum + catalogue.rows, 0)).toBeGreaterThanOrEqual(
      reachableRows(folder),
    )
    for (const notice of notices) expect(`${notice.subject} ${notice.text}`).toMatch(/\w+\.db|project/)
  })

  it('leaves the other files of the drop as they are', async () => {
    const { catalogues } = await drop([...filesOf(folder), ...healthy()])
    const good = catalogues.find((catalogue) => catalogue.project.file.endsWith(GOOD))
    expect(good?.rows).toBe(await rowsOfHealthy())
    expect(good?.exact).toBe(true)
  })
})

describe('damaged files', () => {
  it('0 bytes: an empty project, no error', async () => {
    const { catalogues, notices } = await drop(filesOf('damaged-empty'))
    expect(catalogues.map((catalogue) => catalogue.project.name)).toEqual(['project'])
    expect(catalogues[0]?.runs).toEqual([])
    expect(catalogues[0]?.reading.state).toBe('done')
    expect(notices.filter((notice) => notice.level === 'error')).toEqual([])
  })

  it('cut in half: says so, and what is left is right', async () => {
    const { notices, engine, catalogues } = await drop(filesOf('damaged-truncated'))
    expectSaid(notices, 'project.db', /cut|truncated|short|incomplete/)
    for (const catalogue of catalogues) await checkAcc(engine, catalogue)
  })

  it('one page of garbage: says so and keeps the rows of the other pages', async () => {
    const { notices, engine, catalogues } = await drop(filesOf('damaged-page'))
    expectSaid(notices, 'project.db', /damaged|corrupt|malformed|unreadable|garbage/)
    expect(catalogues[0]?.runs.map((run) => run.name).sort()).toEqual(['run a', 'run b'])
    expect(catalogues[0]?.rows).toBeGreaterThanOrEqual(280)
    expect(catalogues[0]?.reading.state).not.toBe('reading')
    for (const catalogue of catalogues) await checkAcc(engine, catalogue)
  })

  it('random bytes: not an SQLite file', async () => {
    const { catalogues, notices } = await drop(filesOf('damaged-random'))
    expect(catalogues).toEqual([])
    expectSaid(notices, 'project.db', /not an? .*sqlite|not an? .*database/i)
  })

  it('payloads that are no JSON objects: counted, the others read; an unreadable config is no config', async () => {
    const { engine, catalogues, notices } = await drop(filesOf('damaged-json'))
    const [catalogue] = catalogues
    expect(catalogue?.exact).toBe(true)
    expectSaid(notices, 'project', /\b6\b|\bsix\b/)
    expect(catalogue?.metrics.find((metric) => metric.name === 'loss')?.points).toBe(294)
    expect(catalogue?.runs.map((run) => run.config)).toEqual([null, null])
    const [runA] = catalogue?.runs ?? []
    const { loss, acc } = await engine.ask('history', {
      project: catalogue?.project.id ?? '',
      run: runA?.key ?? '',
    })
    const at = loss?.steps.indexOf(27) ?? -1
    expect([loss?.values[at], acc?.values[at]]).toEqual([Number.POSITIVE_INFINITY, 0.5])
    expect(loss?.values.length).toBe(144)
  })

  it('a write-ahead log cut inside a frame: rows up to its last whole commit', async () => {
    const { catalogues, notices } = await drop(filesOf('damaged-wal'))
    expect(catalogues[0]?.runs.map((run) => [run.name, run.rows])).toEqual([['checkpointed', 50]])
    expect(notices.filter((notice) => notice.level === 'error')).toEqual([])
  })

  it('a database of another program: says that it is not trackio’s', async () => {
    const { catalogues, notices } = await drop(filesOf('foreign-places'))
    expect(catalogues).toEqual([])
    expectSaid(notices, 'project.db', /trackio/)
  })
})

describe('damaged further', () => {
  it('text as UTF-16, which trackio never writes: says so', async () => {
    const { catalogues, notices } = await drop(filesOf('foreign-utf16'))
    expect(catalogues).toEqual([])
    expectSaid(notices, 'project.db', /UTF-16/)
  })

  it('a cut at any page boundary or inside a page is told, and never throws', async () => {
    const whole = await bytesOf('v0.43.0', 'demoprojectv4ö.db')
    const header = new DataView(whole.buffer)
    expect(header.getUint32(28) * 4096).toBe(whole.length)
    for (const length of [
      100,
      4096,
      4097,
      40_960,
      65_536,
      139_264,
      139_265,
      whole.length - 4096,
      whole.length - 1,
    ]) {
      const { notices } = await drop([namedFile('cut.db', whole.slice(0, length))])
      expectSaid(notices, 'cut.db', /cut|truncated|short|incomplete/)
    }
  }, 60_000)

  it('fewer bytes than a header, text and other files are not databases', async () => {
    for (const content of [
      'SQLite format 3\0',
      'x',
      'PK\u0003\u0004 a zip file',
      '<!doctype html><p>404',
      'a,b\n1,2\n'.repeat(900),
    ]) {
      const { notices, catalogues } = await drop([namedFile('odd.db', content)])
      expect(catalogues).toEqual([])
      expectSaid(notices, 'odd.db', /sqlite|database|cut|short/i)
    }
  })

  it('whole pages without a plain header: perhaps encrypted', async () => {
    const { notices } = await drop([namedFile('secret.db', noise(24_576, 7))])
    expectSaid(notices, 'secret.db', /encrypted/)
  })

  it('a wrong magic is not an SQLite file', async () => {
    const bytes = await bytesOf('v0.43.0', 'demoprojectv4ö.db')
    bytes[14] = 0x34
    const { notices, catalogues } = await drop([namedFile('four.db', bytes)])
    expect(catalogues).toEqual([])
    expectSaid(notices, 'four.db', /not an? .*sqlite|not an? .*database/i)
  })

  it('garbage in any one page: told or harmless, no crash, no endless loop, and no number made up', async () => {
    const whole = await bytesOf('damaged-json', 'project.db')
    for (let page = 0; page * 4096 < whole.length; page += 3) {
      const bytes = whole.slice()
      bytes.set(noise(4096, page), page * 4096)
      const { catalogues, engine } = await drop([namedFile('hurt.db', bytes)])
      for (const catalogue of catalogues) await checkAcc(engine, catalogue, 27)
    }
  }, 120_000)

  it('a page that points to itself or in a circle ends', async () => {
    const whole = await bytesOf('damaged-json', 'project.db')
    const view = new DataView(whole.buffer)
    for (let at = 4096; at < whole.length; at += 4096) {
      if (view.getUint8(at) !== 5) continue // an inner page of a table
      for (const target of [at / 4096 + 1, 1, 0, 0xffffffff]) {
        const bytes = whole.slice()
        new DataView(bytes.buffer).setUint32(at + 8, target)
        const { notices } = await drop([namedFile('circle.db', bytes)])
        expectSaid(notices, 'circle.db', /damaged|corrupt|malformed|unreadable|broken/)
      }
    }
  }, 60_000)
})

describe('write-ahead logs', () => {
  it('without its log a database in WAL mode opens and says that newer rows may be missing', async () => {
    const { catalogues, notices } = await drop(renamedWithoutLog('wal-0.43.0'))
    expect(catalogues[0]?.runs.map((run) => [run.name, run.rows])).toEqual([['checkpointed', 30]])
    expectSaid(notices, 'walproject.db', /newer rows/)
  })

  it('a log alone says which database it belongs to', async () => {
    const { catalogues, notices } = await drop(
      filesOf('wal-0.43.0').filter(({ path }) => path.endsWith('-wal')),
    )
    expect(catalogues).toEqual([])
    expectSaid(notices, 'walproject.db', /walproject\.db/)
  })

  it('a log of another database, of noise or of 0 bytes adds no rows', async () => {
    const [database] = renamedWithoutLog('wal-0.43.0')
    if (!database) throw new Error('no database')
    for (const bytes of [new Uint8Array(0), new Uint8Array(32), new Uint8Array(9000).fill(0x37)]) {
      const { catalogues } = await drop([database, namedFile('walproject.db-wal', bytes)])
      expect(catalogues[0]?.rows).toBe(30)
    }
  })

  it('a log whose later frame is damaged counts up to the last whole commit before it', async () => {
    const files = filesOf('wal-0.43.0')
    const log = files.find(({ path }) => path.endsWith('-wal'))
    const full = (await drop(files)).catalogues[0]?.rows ?? 0
    const bytes = new Uint8Array(await (log?.file ?? new File([], '')).arrayBuffer())
    const frame = 24 + 4096
    const frames = Math.floor((bytes.length - 32) / frame)
    let before = 30
    for (let broken = 1; broken < frames; broken += 7) {
      const hurt = bytes.slice()
      hurt[32 + broken * frame + 24 + 2000] = (hurt[32 + broken * frame + 24 + 2000] ?? 0) ^ 0x55
      const { catalogues, notices } = await drop([
        ...renamedWithoutLog('wal-0.43.0'),
        namedFile('walproject.db-wal', hurt),
      ])
      expect(notices.filter((notice) => notice.level === 'error')).toEqual([])
      const rows = catalogues[0]?.rows ?? -1
      expect(rows).toBeGreaterThanOrEqual(before)
      expect(rows).toBeLessThanOrEqual(full)
      before = rows
    }
  }, 60_000)
})

async function drop(files: NamedFile[]): Promise<Outcome> {
  const engine = createEngine()
  try {
    const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
    const catalogues: Catalogue[] = []
    const notices = [...source.notices]
    for (const project of source.projects) {
      await engine.ask('settled', { project: project.id })
      const catalogue = await engine.ask('catalogue', { project: project.id })
      catalogues.push(catalogue)
      notices.push(
        ...catalogue.notices.map((notice) => ({ ...notice, subject: `${notice.subject} (${project.file})` })),
      )
    }
    return { engine, catalogues, notices }
  } catch (error) {
    if (!(error instanceof TrackioError)) throw error
    return {
      engine,
      catalogues: [],
      notices: [{ level: 'error', subject: error.subject, text: error.message, action: error.action }],
    }
  }
}

function expectSaid(notices: Notice[], subject: string, words: RegExp): void {
  const said = notices.map(
    (notice) => `${notice.level}: ${notice.subject}: ${notice.text} ${notice.action ?? ''}`,
  )
  expect(
    said.filter((line) => line.includes(subject) && words.test(line)),
    `${words} among ${JSON.stringify(said)}`,
  ).not.toEqual([])
}

/** The damaged files log acc = step / 150, so every recovered value can be checked. */
async function checkAcc(engine: EngineApi, catalogue: Catalogue, except = -1): Promise<void> {
  for (const run of catalogue.runs) {
    const history = await engine.ask('history', {
      project: catalogue.project.id,
      run: run.key,
      metrics: ['acc'],
    })
    const acc: Series | undefined = history.acc
    acc?.steps.forEach((step, i) => {
      if (step !== except) expect(acc.values[i]).toBe(step / 150)
    })
  }
}

/** Bytes without a pattern, the same ones for the same seed. */
function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => {
    const mixed = Math.imul(i + 1 + seed * 65_537, 0x9e3779b1)
    return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 24
  })
}

function healthy(): NamedFile[] {
  return renamed(filesOf('v0.3.2'), 'diffusionv1.db', GOOD)
}

let known: number | undefined
async function rowsOfHealthy(): Promise<number> {
  known ??= (await drop(healthy())).catalogues[0]?.rows ?? 0
  expect(known).toBeGreaterThan(0)
  return known
}

function renamedWithoutLog(folder: string): NamedFile[] {
  return filesOf(folder).filter(({ path }) => !path.endsWith('-wal'))
}

async function bytesOf(folder: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = filesOf(folder).find((named) => named.path === path)
  if (!found) throw new Error(`${folder}: no ${path}`)
  return new Uint8Array(await found.file.arrayBuffer())
}
