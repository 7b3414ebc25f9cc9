import { afterEach, expect, test, vi } from 'vitest'
import { fileBytes } from '../../../src/storage/files/file.ts'

afterEach(() => vi.unstubAllGlobals())

test('a file that became shorter while it is read is no shorter answer', async () => {
  // in a private window of Chromium a File does not die when it changes: it shows what is there now
  const shrunk = new Blob(['12'])
  vi.stubGlobal(
    'FileReaderSync',
    class {
      readAsArrayBuffer = () => new ArrayBuffer(2)
    },
  )
  const slice = { size: 5, arrayBuffer: () => shrunk.arrayBuffer() }
  const bytes = await fileBytes('block', { size: 10, slice: () => slice } as unknown as Blob)
  expect(() => bytes.read(0, 5)).toThrow('changed or vanished')
  await expect(bytes.load(0, 5)).rejects.toThrow('changed or vanished')
})
