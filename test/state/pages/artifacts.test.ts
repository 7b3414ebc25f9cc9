import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import type { ArtifactManifest } from '../../../src/model/artifact.ts'
import { createManifest, type ManifestOf } from '../../../src/state/pages/artifacts.ts'

test('files of the version before stay in sight, and are nobody else’s', async () => {
  const answers = new Map<string, (found: ArtifactManifest) => void>()
  const ask = ((_: string, { version }: { version: string }) =>
    new Promise((resolve) => answers.set(version, resolve))) as unknown as EngineApi['ask']
  const found = (computed: string): ArtifactManifest => ({
    entries: [],
    digest: computed,
    computed,
    notices: [],
  })
  const version = (of: string): ManifestOf => ({ project: 'p', version: of, digest: of })
  await createRoot(async (dispose) => {
    const [of, setOf] = createSignal<ManifestOf | undefined>(version('1'))
    const manifest = createManifest(ask, of)
    await expect.poll(() => answers.has('1')).toBe(true)
    answers.get('1')?.(found('one'))
    await expect.poll(() => manifest.current()?.computed).toBe('one')
    setOf(version('2'))
    expect(manifest.status()).toMatchObject({ kind: 'ready', computed: 'one' })
    expect(manifest.current()).toBeUndefined()
    await expect.poll(() => answers.has('2')).toBe(true)
    answers.get('2')?.(found('two'))
    await expect.poll(() => manifest.current()?.computed).toBe('two')
    dispose()
  })
})
