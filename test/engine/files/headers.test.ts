import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readGguf } from '../../../src/engine/files/gguf.ts'
import { hashOf } from '../../../src/engine/files/hash.ts'
import { lookAt } from '../../../src/engine/files/look.ts'
import { readNpy } from '../../../src/engine/files/numpy.ts'
import { readSafetensors } from '../../../src/engine/files/safetensors.ts'
import type { FileHeader, TensorInfo } from '../../../src/model/file.ts'
import { memoryBytes } from '../../../src/storage/bytes.ts'
import { readZip } from '../../../src/storage/files/zip-entries.ts'
import { fileOf } from './file-of.ts'

const MADE = join(import.meta.dirname, 'made')
const expected = JSON.parse(readFileSync(join(MADE, 'expected.json'), 'utf8'))
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(MADE, name)))
const byName = (tensors: readonly TensorInfo[]): TensorInfo[] =>
  [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1))

type Tensors = Extract<FileHeader, { kind: 'tensors' }>

async function tensorsOf(name: string): Promise<Tensors> {
  const look = await lookAt(fileOf(name, bytesOf(name)), undefined)
  expect([look.kind, look.odd]).toEqual(['tensors', undefined])
  return look.header as Tensors
}

describe('a header says what the library that wrote it reads', () => {
  test('safetensors', async () => {
    const header = await tensorsOf('adapter.safetensors')
    const { tensors, metadata } = expected['adapter.safetensors']
    expect(byName(header.tensors)).toEqual(tensors)
    expect(Object.fromEntries(header.metadata)).toEqual(metadata)
    expect(header.notes).toEqual([])
  })

  test.each(['floats', 'columns', 'scalar', 'words', 'records'])('%s.npy', async (name) => {
    const header = await tensorsOf(`${name}.npy`)
    const { dtype, shape, bytes, order } = expected.numpy[`${name}.npy`]
    const [tensor] = header.tensors
    expect(tensor).toMatchObject({ name, shape, bytes })
    // numpy calls a record by its size, the file by its fields
    if (name !== 'records') expect(tensor?.dtype).toBe(dtype)
    else expect(tensor?.dtype).toBe("[('a', '<i4'), ('b', '<f8')]")
    expect(header.metadata[0]?.[1].startsWith(order)).toBe(true)
  })

  test.each(['arrays.npz', 'packed.npz'])('%s', async (name) => {
    const header = await tensorsOf(name)
    expect(byName(header.tensors)).toEqual(byName(expected.numpy[name]))
  })

  test('GGUF, with a vocabulary in few words', async () => {
    const header = await tensorsOf('tiny.gguf')
    expect(byName(header.tensors)).toEqual(byName(expected['tiny.gguf']))
    const metadata = new Map(header.metadata)
    expect(metadata.get('llama.block_count')).toBe('2')
    expect(metadata.get('llama.rope.freq_base')).toBe('10000')
    expect(metadata.get('tokenizer.ggml.add_bos_token')).toBe('true')
    expect(metadata.get('tokenizer.ggml.tokens')).toBe('"word0", "word1", "word2", "word3", … 5,000 × text')
    expect(header.notes).toEqual([])
  })

  test.each(['checkpoint.pt', 'notes.zip'])('%s', async (name) => {
    const { header } = await lookAt(fileOf(name, bytesOf(name)), undefined)
    const archive = header as Extract<FileHeader, { kind: 'archive' }>
    expect(archive.entries.map(({ path, size, packed }) => [path, size, packed])).toEqual(expected.zip[name])
    expect(archive.format).toBe(name.endsWith('.pt') ? 'PyTorch' : 'zip')
  })

  test('little of a file is read for it', async () => {
    const file = bytesOf('adapter.safetensors')
    const large = new Uint8Array(20 << 20)
    large.set(file)
    const opened = fileOf('adapter.safetensors', large)
    const { read } = await lookAt(opened, undefined)
    expect(read).toEqual({ bytes: 4096, stretches: 1 })
  })
})

describe('what is broken says so', () => {
  const failing = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'read',
      (error: Error) => error.message,
    )

  test('a header that promises more than there is', async () => {
    const file = bytesOf('adapter.safetensors')
    const cut = await readSafetensors('a', memoryBytes(file.subarray(0, file.length - 40)))
    expect(cut.notes).toEqual(['cut off: its tensors reach to byte 2,304, the file has 2,264'])
    expect(await failing(readSafetensors('a', memoryBytes(file.subarray(0, 100))))).toMatch(
      /^no safetensors file: its header should have \d+ bytes, the file has 100$/,
    )
    const huge = new Uint8Array(16).fill(0xff)
    expect(await failing(readSafetensors('a', memoryBytes(huge)))).toMatch(/should have/)
    const odd = headerOnly('{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}, "__proto__": 3}')
    expect((await readSafetensors('a', memoryBytes(odd))).notes[0]).toMatch(
      /^2 entries of its header are no tensors/,
    )
    expect(await failing(readSafetensors('a', memoryBytes(headerOnly('[]'))))).toMatch(/no JSON object/)
    expect(await failing(readSafetensors('a', memoryBytes(headerOnly('{"a":'))))).toMatch(/no JSON/)
  })

  test('an array that is cut off', async () => {
    const file = bytesOf('floats.npy')
    const { notes } = await readNpy('floats.npy', memoryBytes(file.subarray(0, file.length - 8)))
    expect(notes).toEqual(['cut off: 480 bytes are promised, 472 are there'])
    expect(await failing(readNpy('x.npy', memoryBytes(file.subarray(0, 9))))).toMatch(/^no \.npy file/)
  })

  test('an array whose header should have gigabytes is not read for it', async () => {
    const head = new Uint8Array(64)
    head.set([0x93, ...new TextEncoder().encode('NUMPY'), 2, 0, 0xf0, 0xff, 0xff, 0x7f])
    let asked = 0
    const huge = {
      size: 3 * 2 ** 30,
      read: () => head,
      load: async (_: number, length: number) => {
        asked = Math.max(asked, length)
        return head
      },
    }
    expect(await failing(readNpy('x.npy', huge))).toMatch(/^no \.npy file/)
    expect(asked).toBeLessThan(1 << 20)
  })

  test('GGUF with lengths that nothing has', async () => {
    const file = bytesOf('tiny.gguf')
    for (let at = 4; at < 400; at += 3) {
      const wrong = file.slice()
      wrong.fill(0xff, at, at + 8)
      const said = await failing(readGguf('a', memoryBytes(wrong), undefined))
      if (said !== 'read') expect(said).toMatch(/^no GGUF file that can be read: /)
    }
    for (const length of [9, 24, 60, 5000, 60_000])
      expect(await failing(readGguf('a', memoryBytes(file.subarray(0, length)), undefined))).toMatch(
        /breaks off/,
      )
  })

  test('a list that promises more than a vocabulary has is no reason to read all of a file', async () => {
    const head = new DataView(new ArrayBuffer(64))
    // GGUF, 3, no tensors, one key of one letter
    const words = [0x46554747, 3, 0, 0, 1, 0, 1, 0]
    for (const [i, word] of words.entries()) head.setUint32(i * 4, word, true)
    const at = words.length * 4
    head.setUint8(at, 0x6b)
    head.setUint32(at + 1, 9, true)
    head.setUint32(at + 5, 8, true)
    head.setBigUint64(at + 9, 2n ** 60n, true)
    const said = await failing(readGguf('a', memoryBytes(new Uint8Array(head.buffer)), undefined))
    expect(said).toMatch(/a list of [\d,]{25} × text/)
  })

  test('a zip that is cut off, or has a directory that leads nowhere', async () => {
    const file = bytesOf('notes.zip')
    expect(await failing(readZip('a', memoryBytes(file.subarray(0, file.length - 30))))).toMatch(
      /^no directory/,
    )
    for (let at = file.length - 36; at < file.length; at++) {
      const wrong = file.slice()
      wrong[at] = 0xff
      const said = await failing(readZip('a', memoryBytes(wrong)))
      if (said !== 'read') expect(said).toMatch(/directory/)
    }
  })

  test('a file that is not what its name says is shown as bytes, with why', async () => {
    const look = await lookAt(
      fileOf('x.safetensors', new TextEncoder().encode('hello, these are words')),
      undefined,
    )
    expect(look.kind).toBe('binary')
    expect(look.odd).toMatch(/^no safetensors file/)
  })
})

describe('sha256', () => {
  test.each(Object.entries<string>(expected.sha256))('%s', async (name, hex) => {
    expect(await hashOf(name, memoryBytes(bytesOf(name)))).toBe(hex)
  })

  test('goes on in pieces, and ends when it is given up', async () => {
    const abort = new AbortController()
    const told: number[] = []
    const large = memoryBytes(new Uint8Array(20 << 20))
    const work = hashOf('a', large, {
      signal: abort.signal,
      onProgress: (bytes) => {
        told.push(bytes)
        if (told.length === 2) abort.abort()
      },
    })
    await expect(work).rejects.toMatchObject({ name: 'AbortError' })
    expect(told).toEqual([1 << 20, 2 << 20])
  })
})

/** A safetensors file without any tensor's bytes. */
function headerOnly(json: string): Uint8Array {
  const text = new TextEncoder().encode(json)
  const file = new Uint8Array(8 + text.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  return file
}
