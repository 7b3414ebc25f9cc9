import { createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import { createKept } from '../../../src/state/pages/kept.ts'

test('what cannot be forgotten is named, and keeps nothing else from being forgotten', async () => {
  const gone: string[] = []
  const library = {
    status: () => ({
      kind: 'ready',
      projects: [],
      tracked: [
        { name: 'a', bytes: 1 },
        { name: 'b', bytes: 1 },
      ],
    }),
    async look() {},
    async remove(name: string) {
      if (name === 'a') throw new Error('in use')
      gone.push(name)
    },
  }
  const hub = {
    cached: async () => [],
    async forgetCache() {
      throw new Error('the disk is gone')
    },
  }
  const kept = createRoot(() => createKept({ library: library as never, hub: hub as never }))
  expect(await kept.forgetAll()).toEqual(['a: in use', 'listings of the Hub: the disk is gone'])
  expect(gone).toEqual(['b'])
})
