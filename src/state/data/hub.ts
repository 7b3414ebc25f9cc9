import type { EngineApi } from '../../bridge/engine-api.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Published, PublishOptions, PublishProgress } from '../../model/publish.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import { ownFiles } from './own-files.ts'

export interface Hub {
  /** Its origin, where the address names no other. */
  origin: string
  /** Publishes a project; rejects with what the Hub said. */
  publish(
    project: ProjectId,
    name: string,
    options: Omit<PublishOptions, 'frontend'>,
    waiting: { signal: AbortSignal; onProgress(progress: PublishProgress): void },
  ): Promise<Published>
  /** Where a project was published last from this page. */
  lastSpace(name: string): string
  /** What is kept of it in this browser, bytes; 0 where nothing can be. */
  cacheSize(): Promise<number>
  forgetCache(): Promise<void>
}

export function makeHub(engine: EngineApi, tell: (notice: Notice) => void): Hub {
  const spaces = new Map<string, string>()
  return {
    origin: 'https://huggingface.co',
    async publish(project, name, options, waiting) {
      const published = await engine.ask(
        'publish',
        { project, options: { ...options, frontend: ownFiles() } },
        waiting,
      )
      spaces.set(name, published.space)
      return published
    },
    lastSpace: (name) => spaces.get(name) ?? '',
    cacheSize: () => engine.ask('cacheSize').catch(() => 0),
    forgetCache: () =>
      engine.ask('forgetCache').catch((error: unknown) => tell(noticeOf(error, 'what is kept of the Hub'))),
  }
}
