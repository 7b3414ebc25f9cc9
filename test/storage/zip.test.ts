import { unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { makeZip } from '../../src/engine/exports/zip.ts'
import { withUnzipped } from '../../src/storage/files/zip.ts'

async function zipOf(files: Record<string, string>): Promise<Blob> {
  const zip = makeZip()
  for (const [path, text] of Object.entries(files)) await zip.add(path, new Blob([text]))
  return zip.end()
}

const named = (blob: BlobPart, path = 'demo.zip') => [{ path, file: new File([blob], path) }]
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())

async function read(blob: BlobPart): Promise<Record<string, string>> {
  const files = await withUnzipped(named(blob))
  return Object.fromEntries(await Promise.all(files.map(async ({ path, file }) => [path, await file.text()])))
}

describe('a .zip that is written here', () => {
  test('is one for other programs, with names of any letters', async () => {
    const files = { 'demo/metrics.parquet': 'PAR1', 'demo/media/run ö/1/é 😀.png': 'x', 'demo/empty': '' }
    const read = unzipSync(await bytesOf(await zipOf(files)))
    expect(
      Object.fromEntries(
        Object.entries(read).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]),
      ),
    ).toEqual(files)
  })

  test('is read here, below a folder of its name', async () => {
    expect(await read(await zipOf({ 'a/b.db': 'one', 'c.db': 'two' }))).toEqual({
      'demo/a/b.db': 'one',
      'demo/c.db': 'two',
    })
  })

  test('has room for more files than two bytes count', async () => {
    const zip = makeZip()
    const empty = new Blob([])
    for (let i = 0; i < 65_600; i++) await zip.add(`f${i}`, empty)
    const bytes = await bytesOf(zip.end().slice(-98))
    const view = new DataView(bytes.buffer)
    expect([view.getUint32(0, true), view.getBigUint64(32, true)]).toEqual([0x06064b50, 65_600n])
    expect([view.getUint32(56, true), view.getUint32(76, true), view.getUint16(86, true)]).toEqual([
      ...[0x07064b50, 0x06054b50, 0xffff],
    ])
  })
})

describe('a .zip of another program', () => {
  const packed = (files: Record<string, string>) =>
    zipSync(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
      { level: 9 },
    )

  test('is unpacked, without what macOS puts beside', async () => {
    const text = 'again and '.repeat(1000)
    const files = { 'x/demo.db': text, 'x/.DS_Store': '1', '__MACOSX/x/._demo.db': '2', 'x/sub/': '' }
    expect(await read(packed(files).slice())).toEqual({ 'demo/x/demo.db': text })
  })

  test('tells in eight bytes what four have no room for', async () => {
    const plain = await bytesOf(await zipOf({ a: 'one', b: 'two' }))
    const end = plain.length - 22
    const view = new DataView(plain.buffer)
    const large = new DataView(new ArrayBuffer(76 + 22))
    large.setUint32(0, 0x06064b50, true)
    large.setBigUint64(32, 2n, true)
    large.setBigUint64(40, BigInt(view.getUint32(end + 12, true)), true)
    large.setBigUint64(48, BigInt(view.getUint32(end + 16, true)), true)
    large.setUint32(56, 0x07064b50, true)
    large.setBigUint64(64, BigInt(end), true)
    large.setUint32(76, 0x06054b50, true)
    for (const at of [84, 86]) large.setUint16(at, 0xffff, true)
    for (const at of [88, 92]) large.setUint32(at, 0xffffffff, true)
    expect(await read(new Blob([plain.slice(0, end), large.buffer]))).toEqual({
      'demo/a': 'one',
      'demo/b': 'two',
    })
  })

  test.each([
    ['no .zip at all', new Uint8Array(100), 'no directory at its end: cut off, or no zip'],
    ['cut off', packed({ a: 'abc'.repeat(100) }).slice(0, 60), 'no directory at its end: cut off, or no zip'],
    ['', new Uint8Array(0), 'no directory at its end: cut off, or no zip'],
  ])('that is %s says so', async (_, bytes, words) => {
    await expect(read(bytes)).rejects.toThrow(words)
  })

  test('whose list says less than there is, is cut or is encrypted, says which file', async () => {
    const text = 'abc'.repeat(1000)
    const change = (at: (view: DataView) => void, bytes = packed({ 'a.db': text }).slice()) => {
      at(new DataView(bytes.buffer))
      return read(bytes)
    }
    const list = (view: DataView) => view.getUint32(view.byteLength - 22 + 16, true)
    await expect(change((view) => view.setUint32(list(view) + 24, 10, true))).rejects.toThrow(
      'a.db in it cannot be read: it is not as long as it says',
    )
    await expect(change((view) => view.setUint16(list(view) + 8, 1, true))).rejects.toThrow('it is encrypted')
    await expect(change((view) => view.setUint16(list(view) + 10, 14, true))).rejects.toThrow(
      'packed by lzma',
    )
    await expect(change((view) => view.setUint32(0, 0, true))).rejects.toThrow('it is not where it should be')
    await expect(change((view) => view.setUint8(40, 0xff))).rejects.toThrow(/a\.db in it cannot be read/)
    // a bomb is not unpacked to see how large it is
    await expect(change((view) => view.setUint32(list(view) + 24, 0xfffffffe, true))).rejects.toThrow(
      "its files would be 4.3 GB in this page's memory",
    )
  })
})

test('what is unpacked says how far it is, and can be given up', async () => {
  const text = new Uint8Array(40 << 20)
  const packed = zipSync({ 'a.db': text, b: new Uint8Array(10) }, { level: 1 })
  const told: [string, number, number][] = []
  const file = named(packed.slice())
  const [first] = await withUnzipped(file, { onProgress: (...at) => void told.push(at) })
  expect(first?.file.size).toBe(text.length)
  expect(told[0]).toEqual(['unpacking demo.zip', 0, text.length + 10])
  expect(told.at(-1)).toEqual(['unpacking demo.zip', text.length, text.length + 10])
  expect(told.length).toBeGreaterThan(3)
  expect(told.map(([, bytes]) => bytes)).toEqual(told.map(([, bytes]) => bytes).sort((a, b) => a - b))

  const abort = new AbortController()
  const given = withUnzipped(file, {
    signal: abort.signal,
    onProgress: (_, bytes) => bytes > 0 && abort.abort(),
  })
  await expect(given).rejects.toMatchObject({ name: 'AbortError' })
})
