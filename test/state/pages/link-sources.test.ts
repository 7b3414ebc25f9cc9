import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { Artifacts } from '../../../src/model/artifact.ts'
import type { ProjectInfo } from '../../../src/model/source.ts'
import { createLinkSources } from '../../../src/state/pages/link-sources.ts'
import { settle } from '../../settle.ts'

test('a version that was logged and linked while the page is open is not told as deleted', async () => {
  const versions = [{ version: 0 }]
  const artifacts = () => ({ artifacts: [{ name: 'm', versions: [...versions] }] }) as unknown as Artifacts
  const ask = async (question: string) => (question === 'artifacts' ? artifacts() : { runs: [] })
  const [changed, setChanged] = createSignal({})
  const { sources, dispose } = createRoot((dispose) => ({
    dispose,
    sources: createLinkSources({
      ask: ask as never,
      projects: () => [{ id: 'id', name: 'p', source: 's', file: 'p.db' } as ProjectInfo],
      named: () => ['p'],
      changed,
    }),
  }))
  const kinds = () =>
    [0, 1].map((version) => {
      const place = { space: null, bucket: null, server: null }
      return sources.of({ project: 'p', artifact: 'm', version, ...place }).kind
    })
  await settle()
  expect(kinds()).toEqual(['there', 'gone'])
  versions.push({ version: 1 })
  setChanged({})
  await settle()
  expect(kinds()).toEqual(['there', 'there'])
  expect(sources.busy()).toBe(false)
  dispose()
})
