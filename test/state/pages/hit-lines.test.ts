import { createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import type { FileHits, FileLook } from '../../../src/model/file.ts'
import { createHitLines } from '../../../src/state/pages/hit-lines.ts'

test('a line with a hit says where it was cut, and shows no half of a letter', async () => {
  const bytes = new TextEncoder().encode(`\ufeffx${'é'.repeat(4000)}\nshort\r\nend`)
  const read = { bytes: bytes.length, stretches: 1 }
  const look: FileLook = { size: bytes.length, kind: 'text', encoding: 'utf-8', mark: 3, read, far: true }
  const ask = (async (_: string, { from, count }: { from: number; count: number }) => ({
    bytes: bytes.slice(from, from + count),
    read,
  })) as unknown as EngineApi['ask']
  const at = Float64Array.of(0, bytes.indexOf(10) + 1, bytes.lastIndexOf(10) + 1)
  const hits = { at, total: 3 } as FileHits
  await createRoot(async (dispose) => {
    const lines = createHitLines(ask, { project: 'p', path: 'a' }, look, () => hits)
    lines.look(0, 3)
    await expect.poll(() => lines.line(2)).toEqual({ text: 'end', cut: false })
    expect(lines.line(1)).toEqual({ text: 'short', cut: false })
    // 4,096 bytes: the mark, x, and 2,046 letters of two
    expect(lines.line(0)).toEqual({ text: `x${'é'.repeat(2046)}`, cut: true })
    dispose()
  })
})
