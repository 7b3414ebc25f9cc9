import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeSha256 } from '../../src/compute/sha256.ts'
import { makeRandom } from '../random.ts'

test('gives the digest that node gives, however the bytes are cut', () => {
  const next = makeRandom(7)
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 128, 1000, 70_001]) {
    const bytes = Uint8Array.from({ length }, () => Math.floor(next() * 256))
    const hash = makeSha256()
    for (let at = 0; at < length; ) {
      const end = Math.min(length, at + 1 + Math.floor(next() * 150))
      hash.add(bytes.subarray(at, end))
      at = end
    }
    expect(hash.hex()).toBe(createHash('sha256').update(bytes).digest('hex'))
  }
})
