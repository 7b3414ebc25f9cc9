import type { EngineApi } from '../../bridge/engine-api.ts'
import { noticeOf } from '../../model/errors.ts'
import type { CachedPlace } from '../../model/library.ts'
import type { Published, PublishOptions, PublishProgress } from '../../model/publish.ts'
import type { NamedFile, Notice, ProjectId } from '../../model/source.ts'
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
  /** What is kept of it in this browser, by place; none where nothing can be. */
  cached(): Promise<CachedPlace[]>
  /** Of one place, or all of it. */
  forgetCache(of?: string): Promise<void>
}

export function makeHub(
  engine: EngineApi,
  tell: (notice: Notice) => void,
  rest: (project: ProjectId, signal: AbortSignal) => Promise<NamedFile[]>,
): Hub {
  const spaces = new Map<string, string>()
  return {
    origin: 'https://huggingface.co',
    async publish(project, name, options, waiting) {
      const published = await engine.ask(
        'publish',
        {
          project,
          options: { ...options, frontend: ownFiles() },
          beside: await rest(project, waiting.signal),
        },
        waiting,
      )
      spaces.set(name, published.space)
      return published
    },
    lastSpace: (name) => spaces.get(name) ?? '',
    cached: () => engine.ask('cached').catch(() => []),
    forgetCache: (of) =>
      engine
        .ask('forgetCache', { of })
        .catch((error: unknown) => tell(noticeOf(error, 'what is kept of the Hub'))),
  }
}
