import { createRoot, createSignal } from 'solid-js'
import { afterEach, expect, test, vi } from 'vitest'
import type { LayoutWorker } from '../../../src/bridge/lineage-layout.ts'
import type { Artifacts } from '../../../src/model/artifact.ts'
import type { ProjectInfo } from '../../../src/model/source.ts'
import { createLineage } from '../../../src/state/pages/lineage.ts'
import { createPicture, type WantedPicture } from '../../../src/state/pages/lineage-picture.ts'
import { settle } from '../../settle.ts'

afterEach(() => void vi.useRealTimers())

test('a run that was deleted since is told as such', async () => {
  vi.useFakeTimers()
  const link = { project: undefined, name: 'one', id: 'r', direction: 'input', created: 1 }
  const foreign = { ...link, source: 'q', artifact: 'm', version: 0, versionId: '1', type: 'model', bytes: 1 }
  const artifacts = (run: string | undefined) =>
    ({ artifacts: [], links: [], foreign: [{ ...foreign, run }], notices: [] }) as unknown as Artifacts
  let run: string | undefined = 'r'
  const { status, setVersion, dispose } = createRoot((dispose) => {
    const [version, setVersion] = createSignal(1)
    const { status } = createLineage({
      ask: (async () => artifacts(run)) as never,
      project: () => 'id',
      projects: () => [{ id: 'id', name: 'p', source: 's', file: 'p.db' } as ProjectInfo],
      version,
      wanted: () => true,
      live: () => false,
    })
    return { status, setVersion, dispose }
  })
  const missing = () => {
    const now = status()
    const nodes = now.kind === 'ready' ? now.lineage.nodes : []
    return nodes.find(({ kind }) => kind === 'run')?.missing
  }
  await vi.advanceTimersByTimeAsync(0)
  expect([status().kind, missing()]).toEqual(['ready', undefined])
  run = undefined
  setVersion(2)
  await vi.advanceTimersByTimeAsync(2000)
  expect(missing()).toBe('deleted')
  dispose()
})

test('a graph that is not wanted any more is waited for no longer', async () => {
  const worker = { postMessage: () => {}, terminate: () => {} } as unknown as LayoutWorker
  const { setWanted, waiting, failed, dispose } = createRoot((dispose) => {
    const [wanted, setWanted] = createSignal<WantedPicture | undefined>({
      subject: '1',
      lineage: { nodes: [], from: new Uint32Array(), to: new Uint32Array() },
    } as unknown as WantedPicture)
    return { setWanted, dispose, ...createPicture(() => worker, wanted) }
  })
  await settle()
  expect(waiting()).toBe(true)
  setWanted(undefined)
  await settle()
  expect([waiting(), failed()]).toEqual([false, undefined])
  setWanted({ subject: '2' } as unknown as WantedPicture)
  await settle()
  worker.onerror?.call(worker as never, { message: 'out of memory' } as ErrorEvent)
  await settle()
  expect(failed()?.text).toBe('out of memory')
  setWanted(undefined)
  expect(failed()).toBeUndefined()
  dispose()
})
