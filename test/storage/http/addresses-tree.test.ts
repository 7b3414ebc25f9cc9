import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addressesTree, type WebFile } from '../../../src/storage/http/addresses-tree.ts'

/** By path of the host: what lies there. */
let files: Record<string, string>
let asked: string[]
let tags: Record<string, string>
let server: Server
let host = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const body = files[path.replace(/\?.*$/, '')]
    if (body === undefined) return void response.writeHead(404).end()
    response.writeHead(200, tags[path] === undefined ? {} : { etag: tags[path] }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  host = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(() => server.close())
beforeEach(() => {
  files = {}
  tags = {}
  asked = []
})

const at = (...paths: string[]): WebFile[] => paths.map((path) => ({ url: new URL(path, host) }))
const text = async (blob: Promise<Blob>): Promise<string> => (await blob).text()

test('files are known by their names; those of one name in different folders stay apart, each with its own neighbours', async () => {
  for (const folder of ['a', 'b']) {
    for (const name of ['runs.db', 'runs.db-wal', 'media/x.png'])
      files[`/${folder}/${name}`] = `${name} of ${folder}`
  }
  const tree = addressesTree(at('/a/runs.db', '/b/runs.db'))
  const [first, second] = (await tree.list()).map(({ path }) => path)
  expect([first, second]).toEqual(['runs.db', '2/runs.db'])
  expect(await text(tree.blob('2/runs.db'))).toBe('runs.db of b')
  expect([await tree.find('runs.db-wal'), await tree.find('2/runs.db-wal')]).toMatchObject([
    { size: 16 },
    { size: 16 },
  ])
  expect(await text(tree.blob('2/runs.db-wal'))).toBe('runs.db-wal of b')
  expect(await text(tree.blob('media/x.png'))).toBe('media/x.png of a')
  expect(await text(tree.blob('2/media/x.png'))).toBe('media/x.png of b')
})

test('a name that begins like another is not taken for its neighbour', async () => {
  Object.assign(files, { '/a/x': '1', '/b/x.db': '2', '/b/x.db-wal': '3' })
  const tree = addressesTree(at('/a/x', '/b/x.db'))
  const [, path] = (await tree.list()).map((entry) => entry.path)
  expect(await text(tree.blob(`${path}-wal`))).toBe('3')
})

test('tables of one folder stand together, whatever folder the first file is of', async () => {
  Object.assign(files, { '/a/p.db': '1', '/b/q.parquet': '2', '/b/q_configs.parquet': '3' })
  const tree = addressesTree(at('/a/p.db', '/b/q.parquet', '/b/q_configs.parquet'))
  expect((await tree.list()).map(({ path }) => path)).toEqual(['p.db', '2/q.parquet', '2/q_configs.parquet'])
})

test('what a file is meant as counts where its name does not tell', async () => {
  files['/download'] = '1'
  files['/download-wal'] = '2'
  const db: WebFile[] = [1, 2].map((id) => ({ url: new URL(`/download?id=${id}`, host), format: 'db' }))
  const tree = addressesTree(db)
  expect((await tree.list()).map(({ path }) => path)).toEqual(['download.db', '2/download.db'])
  expect(asked).toEqual(['/download?id=1', '/download?id=2'])
  expect(await text(tree.blob('2/download.db-wal'))).toBe('2')
  expect(asked.at(-1)).toBe('/download-wal?id=2')
})

test('a percent sign that encodes nothing is part of a name', async () => {
  files['/100%.db'] = '1'
  expect((await addressesTree(at('/100%.db')).list()).map(({ path }) => path)).toEqual(['100%.db'])
})

test('a path that data names leads nowhere above its folder', async () => {
  files['/secret'] = '1'
  const tree = addressesTree(at('/a/runs.db'))
  expect(await tree.find('media/../../secret')).toBeUndefined()
  expect(asked).toEqual([])
})

test('a file that is listed again is asked for again, and its stamp tells whether it is the same', async () => {
  files['/a.db'] = 'one'
  const tree = addressesTree(at('/a.db'))
  const stamp = async () => (await tree.list())[0]?.stamp
  tags['/a.db'] = '"1"'
  const first = await stamp()
  expect(await stamp()).toBe(first)
  files['/a.db'] = 'two'
  tags['/a.db'] = '"2"'
  expect(await stamp()).not.toBe(first)
  expect(await text(tree.blob('a.db'))).toBe('two')
  // without a version it may be another one
  tags = {}
  expect(await stamp()).not.toBe(await stamp())
})

test('giving up is no answer', async () => {
  const tree = addressesTree(at('/a.db'))
  await expect(tree.find('a.db-wal', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
})
