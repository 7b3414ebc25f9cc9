import { type Accessor, createMemo } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { Registries } from '../../model/registry.ts'
import type { ProjectId } from '../../model/source.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

export interface RegistriesOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  version: Accessor<number>
  wanted: Accessor<boolean>
  live: Accessor<boolean>
}

/** Registries of the sources on screen; asked for again while those are written to. */
export function createRegistries({ ask, ...options }: RegistriesOptions): {
  status: Accessor<GrowingStatus<{ all: Registries }>>
  all: Accessor<Registries | undefined>
  retry(): void
} {
  const { status, retry } = createGrowing<{ all: Registries }>({
    ...{ subject: 'registries', ...options },
    async ask(id, signal, onText) {
      const onProgress = ({ text }: { text: string }): void => onText(text)
      return { all: await ask('registries', { project: id }, { signal, onProgress }) }
    },
    isSame: (before, now) => JSON.stringify(before.all) === JSON.stringify(now.all),
  })
  return {
    status,
    all: createMemo(() => {
      const now = status()
      return now.kind === 'ready' ? now.all : undefined
    }),
    retry,
  }
}
