import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/api.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import type { FileEntry, FileRef } from '../../../src/model/file.ts'
import type { TableQuery } from '../../../src/model/logged-table.ts'
import type { NamedFile } from '../../../src/model/source.ts'
import { filesOf, namedFile } from '../golden-fixtures.ts'
import { logRow, makeDatabase, type ServerDouble, startDouble } from '../server-double.ts'

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures')
/** By fixture and the project's folder of media: what `trackio.save` copied, as Python lists it (test/make/saved-files.py). */
const LISTED: Record<string, Record<string, [path: string, size: number][]>> = JSON.parse(
  readFileSync(join(FIXTURES, 'files.json'), 'utf8'),
)

async function opened(files: NamedFile[]) {
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  return { engine, source, close: () => engine.close(source.id) }
}

const folders = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'attack')
  .map(({ name }) => name)

describe('files that trackio.save copied are those that Python finds, with their bytes', () => {
  test.each(folders)('%s', async (folder) => {
    const expected = Object.entries(LISTED[folder] ?? {}).flatMap(([project, files]) =>
      files.map(([path, size]) => [`${project}/files/${path}`, path, size]),
    )
    let one: Awaited<ReturnType<typeof opened>>
    try {
      one = await opened(filesOf(folder, /./))
    } catch (error) {
      // a damaged one, of which others tell
      if (!(error instanceof TrackioError)) throw error
      expect(expected).toEqual([])
      return
    }
    const { engine, source, close } = one
    const saved: FileEntry[] = []
    for (const { id } of source.projects) {
      const { files } = await engine.ask('files', { project: id })
      saved.push(...files.filter(({ part }) => part === 'saved'))
      // the project's own data are among them, and every one can be opened
      expect(files.some(({ part }) => part === 'data')).toBe(true)
      for (const { ref, size } of files) expect((await engine.ask('fileLook', { file: ref })).size).toBe(size)
    }
    expect(saved.map(({ ref, path, size }) => [ref.path, path, size]).sort()).toEqual(expected.sort())
    await close()
  })
})

describe('a project with files', () => {
  const csv = `n,word\n${Array.from({ length: 300 }, (_, i) => `${i},${i % 2 ? 'odd' : 'even'}`).join('\n')}\n`
  const text = 'one\ntwo é\nthree\n'
  let engine: Awaited<ReturnType<typeof opened>>['engine']
  let close: () => Promise<void>
  let project = ''
  const refOf = (path: string): FileRef => ({
    project,
    path: `demo/media/gpt2-124m-optimizers/files/${path}`,
  })

  beforeAll(async () => {
    const db = readFileSync(join(import.meta.dirname, '../../../public/gpt2-124m-optimizers.db'))
    const one = await opened([
      namedFile('demo/gpt2-124m-optimizers.db', new Uint8Array(db)),
      ...Object.entries({
        'data/rows.csv': csv,
        'a.txt': text,
        'b.json': '{"big": 12345678901234567890, "list": [1, {"deep": null}]}',
        'broken.json': '{"a": }',
        '../up.txt': 'x',
      }).map(([path, words]) => namedFile(`demo/media/gpt2-124m-optimizers/files/${path}`, words)),
      namedFile('demo/media/other/files/not-mine.txt', 'x'),
    ])
    engine = one.engine
    close = one.close
    project = one.source.projects[0]?.id ?? ''
  })
  afterAll(() => close())

  test('lists its own, not those of others', async () => {
    const { files, listed } = await engine.ask('files', { project })
    expect(
      files
        .filter(({ part }) => part === 'saved')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['../up.txt', 'a.txt', 'b.json', 'broken.json', 'data/rows.csv'].sort())
    expect(files.filter(({ part }) => part === 'data').map(({ path }) => path)).toEqual([
      'demo/gpt2-124m-optimizers.db',
    ])
    // files that were given one by one say nothing of what stands beside them
    expect(listed).toBe(false)
  })

  test('rows are sorted, filtered, found and copied like those that runs logged', async () => {
    const query: TableQuery = {
      ...{ project, key: 'rows.csv', runs: [], filters: [], find: '' },
      file: { of: refOf('data/rows.csv'), as: 'csv' },
    }
    const view = await engine.ask('tableView', query)
    expect(view.columns.map(({ id, kind }) => [id, kind])).toEqual([
      ['.n', 'number'],
      ['.word', 'text'],
    ])
    expect([view.rows, view.file?.all, view.file?.read.bytes]).toEqual([300, true, csv.length])
    const odd: TableQuery = {
      ...query,
      filters: [{ column: '.word', op: '=', value: 'odd' }],
      order: { column: '.n', descending: true },
      find: '29',
    }
    const found = await engine.ask('tableView', odd)
    expect(found.shown).toBe(150)
    // 299, 297, … 291, then 229 and 129, 29
    expect([...found.hits]).toEqual([0, 1, 2, 3, 4, 35, 85, 135])
    const rows = await engine.ask('tableRows', { ...odd, columns: ['.n'], from: 0, count: 2, most: 10 })
    expect(rows.cells.map(([cell]) => cell?.text)).toEqual(['299', '297'])
    const copied = await engine.ask('tableText', {
      ...odd,
      columns: ['.n', '.word'],
      form: 'csv',
      from: 0,
      count: 1,
    })
    expect(await copied.text()).toBe('n,word\n299,odd\n')
    const [summary] = await engine.ask('tableSummary', { ...query, columns: ['.n'] })
    expect([summary?.least, summary?.greatest]).toEqual([0, 299])
  })

  test('bytes, lines, a search and sha256 are of the file', async () => {
    const file = refOf('a.txt')
    const { bytes } = await engine.ask('fileBytes', { file, from: 4, count: 6 })
    expect(new TextDecoder().decode(bytes)).toBe('two é')
    expect([...(await engine.ask('fileLines', { file, encoding: 'utf-8' })).lines]).toEqual([3])
    const search = { text: 'É', matchCase: false, pattern: false }
    const hits = await engine.ask('searchFile', { file, encoding: 'utf-8', search })
    expect([...hits.line]).toEqual([1])
    const hash = await engine.ask('fileHash', { file })
    const expected = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
    expect(hash).toBe(Buffer.from(expected).toString('hex'))
    expect(await (await engine.ask('fileBlob', { file })).text()).toBe(text)
  })

  test('JSON comes by its members, and what is none says where', async () => {
    const query = { file: refOf('b.json'), encoding: 'utf-8' as const, first: 0, count: 10 }
    const root = await engine.ask('jsonPart', { ...query, from: -1 })
    expect(root.nodes[0]).toMatchObject({ kind: 'object', count: 2, from: 0 })
    const { nodes } = await engine.ask('jsonPart', { ...query, from: 0 })
    expect(nodes.map(({ key, text, count }) => [key, text, count])).toEqual([
      ['big', '12345678901234567890', 0],
      ['list', '', 2],
    ])
    await expect(engine.ask('jsonPart', { ...query, file: refOf('broken.json'), from: -1 })).rejects.toThrow(
      'no JSON: byte 6: a value should be where "}" is',
    )
  })

  test('what is not there says so', async () => {
    await expect(engine.ask('fileLook', { file: refOf('gone.txt') })).rejects.toThrow(/^not there/)
  })
})

describe('a trackio server', () => {
  let double: ServerDouble
  const asked: string[] = []
  const content = `line ${'x'.repeat(200_000)}\nlast\n`

  beforeAll(async () => {
    double = await startDouble()
    const db = await makeDatabase('0.43')
    logRow(db, { run: 'a', id: '1', at: '2026-01-01T00:00:00+00:00', step: 0, values: '{"loss": 1}' })
    double.projects.set('demo', db)
    double.intercept = (what, request) => {
      if (what === 'get_project_files')
        return {
          status: 200,
          body: JSON.stringify({
            data: [
              {
                name: 'logs/train 100%.log',
                path: '/data/media/demo/files/logs/train 100%.log',
                size: content.length,
              },
              { name: 'gone.txt', path: '/data/media/demo/files/gone.txt', size: 3 },
            ],
          }),
        }
      if (what !== 'GET /file') return undefined
      const path = decodeURIComponent(new URL(request.url ?? '', 'http://x').searchParams.get('path') ?? '')
      asked.push(`${path} ${request.headers.range ?? 'whole'}`)
      if (path !== '/data/media/demo/files/logs/train 100%.log') return { status: 404, body: '' }
      const [, from = '0', end = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
      const stop = Math.min(content.length, end === '' ? content.length : Number(end) + 1)
      if (!request.headers.range) return { status: 200, body: content }
      return {
        status: 206,
        headers: {
          'content-type': 'text/plain',
          'content-range': `bytes ${from}-${stop - 1}/${content.length}`,
        },
        body: content.slice(Number(from), stop),
      }
    }
  })
  afterAll(() => double.stop())

  test('names its files, and gives out the ranges that are looked at', async () => {
    const engine = createEngine()
    const source = await engine.open({
      kind: 'address',
      as: 'server',
      texts: [double.url],
      base: 'http://127.0.0.1/',
    })
    const project = source.projects[0]?.id ?? ''
    const { files, listed } = await engine.ask('files', { project })
    expect(listed).toBe(true)
    expect(files.map(({ part, path, size }) => [part, path, size])).toEqual([
      ['saved', 'logs/train 100%.log', content.length],
      ['saved', 'gone.txt', 3],
    ])
    const [log, gone] = files
    const look = await engine.ask('fileLook', { file: log?.ref as FileRef })
    expect([look.kind, look.far, look.size]).toEqual(['text', true, content.length])
    const { bytes, read } = await engine.ask('fileBytes', {
      ...{ file: log?.ref as FileRef, from: content.length - 5, count: 100 },
    })
    expect(new TextDecoder().decode(bytes)).toBe('last\n')
    expect(read.bytes).toBeLessThan(10_000)
    expect(asked.every((one) => one.startsWith('/data/media/demo/files/logs/train 100%.log bytes='))).toBe(
      true,
    )
    await expect(engine.ask('fileLook', { file: gone?.ref as FileRef })).rejects.toThrow(
      /no such file any more/,
    )
    const blob = await engine.ask('fileBlob', { file: log?.ref as FileRef })
    expect(await blob.text()).toBe(content)
    await engine.close(source.id)
  })
})
