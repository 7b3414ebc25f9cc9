import { createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import type { FileLook } from '../../../src/model/file.ts'
import { createFileText } from '../../../src/state/pages/file-text.ts'

test('the whole text is what was read, with more lines in a slice than a call takes arguments', async () => {
  // the last line begins in the first of two slices
  const text = `${'\n'.repeat((256 << 10) - 5)}${'x'.repeat(10)}`
  const bytes = new TextEncoder().encode(text)
  const read = { bytes: bytes.length, stretches: 1 }
  const look: FileLook = { size: bytes.length, kind: 'text', encoding: 'utf-8', mark: 0, read, far: true }
  const ask = (async (_: string, { from, count }: { from: number; count: number }) => ({
    bytes: bytes.slice(from, from + count),
    read,
  })) as unknown as EngineApi['ask']
  await createRoot(async (dispose) => {
    const file = createFileText(ask, { project: 'p', path: 'a' }, look, () => undefined)
    file.look(0, 1e6)
    await expect.poll(() => file.ready()).toBe(true)
    expect(file.whole()).toBe(text)
    dispose()
  })
})
