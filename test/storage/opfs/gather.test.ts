import { expect, test } from 'vitest'
import { gatherWrites } from '../../../src/storage/opfs/gather.ts'
import { memoryFile, type SyncFile } from '../../../src/storage/opfs/sync-file.ts'
import { makeRandom } from '../../random.ts'

test('gathered writes leave the same file as writes made at once, in far fewer calls', () => {
  const random = makeRandom(11)
  for (let round = 0; round < 60; round++) {
    let calls = 0
    const below = counted(memoryFile(), () => calls++)
    const gathered = gatherWrites(below)
    const plain = memoryFile()
    let at = 0
    let writes = 0
    for (let i = 0; i < 200; i++) {
      const what = random()
      if (what < 0.85) {
        // most follow on the last one, as pages of a log do; a few are larger than what is gathered
        if (random() < 0.08) at = Math.floor(random() * 300_000)
        const bytes = new Uint8Array(random() < 0.02 ? 300_000 : 1 + Math.floor(random() * 5000)).fill(
          random() * 256,
        )
        gathered.write(bytes, at)
        plain.write(bytes, at)
        at += bytes.length
        writes++
      } else if (what < 0.92) {
        const offset = Math.floor(random() * 200_000)
        const [one, other] = [new Uint8Array(3000), new Uint8Array(3000)]
        expect(gathered.read(one, offset)).toBe(plain.read(other, offset))
        expect(Buffer.compare(one, other)).toBe(0)
      } else if (what < 0.95) {
        const size = Math.floor(random() * 200_000)
        gathered.truncate(size)
        plain.truncate(size)
      } else gathered.settle()
      expect(gathered.size).toBe(plain.size)
    }
    gathered.flush()
    // toEqual of half a million bytes takes a second
    expect(Buffer.compare(bytesOf(below), bytesOf(plain))).toBe(0)
    expect(calls).toBeLessThan(writes / 2)
  }
})

test('gathered writes that find no room fail where they are settled, and are not tried again', () => {
  const below = memoryFile()
  let full = true
  const gathered = gatherWrites(
    counted(below, () => {
      if (full) throw new DOMException('no room', 'QuotaExceededError')
    }),
  )
  gathered.write(new Uint8Array([1, 2, 3]), 0)
  expect(() => gathered.flush()).toThrow('no room')
  full = false
  gathered.write(new Uint8Array([9]), 1)
  gathered.flush()
  expect(bytesOf(below)).toEqual(new Uint8Array([0, 9]))
})

function counted(file: SyncFile, called: () => void): SyncFile {
  return {
    get size() {
      return file.size
    },
    read: (target, offset) => file.read(target, offset),
    write(source, offset) {
      called()
      file.write(source, offset)
    },
    truncate: (size) => file.truncate(size),
    flush: () => file.flush(),
    close: () => file.close(),
  }
}

function bytesOf(file: SyncFile): Uint8Array {
  const bytes = new Uint8Array(file.size)
  file.read(bytes, 0)
  return bytes
}
