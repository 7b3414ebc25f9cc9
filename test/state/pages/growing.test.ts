import { createEffect, createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { createGrowing } from '../../../src/state/pages/growing.ts'
import { settle } from '../../settle.ts'

test('what stands beside a project is asked for, whoever else follows the project', async () => {
  await createRoot(async (dispose) => {
    const [project, setProject] = createSignal<string>()
    const [other, setOther] = createSignal(0)
    // Solid puts the last of those who follow a signal in the place of one that runs again: their order is no order
    createEffect(() => [other(), project()])
    const { status } = createGrowing<{ of: string }>({
      ...{ subject: 'files', project, version: () => 0, wanted: () => true, live: () => false },
      ask: async (of) => ({ of }),
      isSame: (a, b) => a.of === b.of,
    })
    await settle()
    setOther(1)
    for (const id of ['a', 'b']) {
      setProject(id)
      await settle()
      expect(status()).toEqual({ kind: 'ready', of: id })
    }
    dispose()
  })
})
