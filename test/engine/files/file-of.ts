import { makeCoverage } from '../../../src/compute/coverage.ts'
import type { OpenFile } from '../../../src/engine/files/open-file.ts'

/** A file in memory as the engine opens one; `far`: as if it came over a network. */
export function fileOf(name: string, data: Uint8Array, far = false): OpenFile {
  const coverage = makeCoverage(data.length)
  const part = (offset: number, length: number): Uint8Array => {
    const found = data.subarray(offset, offset + length)
    coverage.add(offset, found.length)
    return found
  }
  return {
    ref: { project: 'p', path: name },
    name,
    size: data.length,
    far,
    bytes: { size: data.length, read: part, load: async (offset, length) => part(offset, length) },
    read: coverage.read,
    blob: async () => new Blob([data.slice()]),
    beside: async () => undefined,
  }
}

export function textFile(name: string, text: string, far = false): OpenFile {
  return fileOf(name, new TextEncoder().encode(text), far)
}
