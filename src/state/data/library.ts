import { type Accessor, createSignal } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { noticeOf } from '../../model/errors.ts'
import type { KeptProject, StorageRoom, TrackedProject } from '../../model/library.ts'
import type { NamedFile, Notice, ProjectId } from '../../model/source.ts'
import type { Jobs } from '../base/job.ts'

/** What this browser keeps; `none` where it lets this page keep nothing. */
export type LibraryStatus =
  | { kind: 'unknown' }
  | { kind: 'none'; why: string }
  | { kind: 'ready'; projects: KeptProject[]; tracked: TrackedProject[]; room: StorageRoom }

export interface Library {
  status: Accessor<LibraryStatus>
  look(): Promise<void>
  keep(project: ProjectId, name: string): Promise<void>
  /** `tracked`: no copy, but what this browser tracked itself. */
  rename(name: string, to: string, tracked: boolean): Promise<void>
  remove(name: string, tracked: boolean): Promise<void>
  /** Asks the browser not to clear any of it by itself; false where it does not promise. */
  askToLast(): Promise<boolean>
}

/** Copies of projects in this browser. */
export function createLibrary(
  engine: EngineApi,
  jobs: Jobs,
  tell: (notice: Notice) => void,
  rest: (project: ProjectId, signal: AbortSignal) => Promise<NamedFile[]>,
): Library {
  const [status, setStatus] = createSignal<LibraryStatus>({ kind: 'unknown' })

  async function look(): Promise<void> {
    try {
      setStatus({ kind: 'ready', ...(await engine.ask('kept')) })
    } catch (error) {
      const { text, action } = noticeOf(error, 'storage')
      setStatus({ kind: 'none', why: action ? `${text}. ${action}` : text })
    }
  }

  return {
    status,
    look,
    keep: (project, name) =>
      jobs.run(`keeping a copy of ${name}`, name, async (options) => {
        // asked for at the first copy, when it is plain what for; a browser may say no and keep it all the
        // same. Firefox asks the person, who may take their time
        void navigator.storage?.persist?.().then(
          (yes) => (yes ? look() : undefined),
          () => false,
        )
        const kept = await engine.ask(
          'keep',
          { project, beside: await rest(project, options.signal) },
          options,
        )
        const action = 'It opens from the Open page, also without a network.'
        tell({ level: 'info', subject: kept.name, text: 'kept in this browser', action })
        await look()
      }),
    async rename(name, to, tracked) {
      await engine.ask('renameKept', { name, to, tracked })
      await look()
    },
    async askToLast() {
      const yes = (await navigator.storage?.persist?.()) ?? false
      await look()
      return yes
    },
    async remove(name, tracked) {
      await engine.ask('removeKept', { name, tracked })
      await look()
    },
  }
}
