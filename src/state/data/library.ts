import { type Accessor, createSignal } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { fileName } from '../../compute/file-name.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { KeptProject, StorageRoom, TrackedProject } from '../../model/library.ts'
import type { Published, PublishOptions, PublishProgress } from '../../model/publish.ts'
import type { ExportForm, OpenProgress, Waiting } from '../../model/questions.ts'
import type { RunKey } from '../../model/run.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import { during, type Job } from '../base/job.ts'
import { save as saveFile } from '../base/save.ts'
import { isPart, type Parts } from './part.ts'

/** What this browser keeps; `none` where it lets this page keep nothing. */
export type LibraryStatus =
  | { kind: 'unknown' }
  | { kind: 'none'; why: string }
  | { kind: 'ready'; projects: KeptProject[]; tracked: TrackedProject[]; room: StorageRoom }

export interface Library {
  status: Accessor<LibraryStatus>
  /** A copy or a download on its way. */
  job: Accessor<Job | undefined>
  look(): Promise<void>
  keep(project: ProjectId, name: string): Promise<void>
  /** `tracked`: no copy, but what this browser tracked itself. */
  rename(name: string, to: string, tracked: boolean): Promise<void>
  remove(name: string, tracked: boolean): Promise<void>
  /** Publishes a project to the Hub; rejects with what the Hub said. */
  publish(
    project: ProjectId,
    name: string,
    options: Omit<PublishOptions, 'frontend'>,
    waiting: { signal: AbortSignal; onProgress(progress: PublishProgress): void },
  ): Promise<Published>
  /** Where a project was published last from this page. */
  lastSpace(name: string): string
  /** Origin of the Hub, where the address names no other. */
  hub: string
  /** What is kept of the Hub, bytes; 0 where nothing can be. */
  cacheSize(): Promise<number>
  forgetCache(): Promise<void>
  download(project: ProjectId, name: string, form: ExportForm): Promise<void>
  /** All logged rows of a metric in these runs. Rejects with what failed. */
  downloadCsv(project: ProjectId, name: string, metric: string, runs: RunKey[]): Promise<void>
}

export interface LibraryOptions {
  engine: EngineApi
  tell(notice: Notice): void
  parts: Parts
  /** For tests: where the page's own files are, and how a file is saved. */
  frontend?: () => string
  save?: (blob: Blob, name: string) => void
}

const WORDS: Record<ExportForm, string> = {
  db: 'a database',
  parquet: 'Parquet',
  csv: 'CSV',
  html: 'a page of one file',
}

function ownFiles(): string {
  return document.baseURI.replace(/[?#].*$/, '')
}

/**
 * Copies of projects in this browser, and downloads; both go on while the page is used, and can be stopped.
 */
export function createLibrary({
  engine,
  tell,
  parts,
  frontend = ownFiles,
  save = saveFile,
}: LibraryOptions): Library {
  const [status, setStatus] = createSignal<LibraryStatus>({ kind: 'unknown' })
  const job = createSignal<Job>()
  const spaces = new Map<string, string>()

  async function look(): Promise<void> {
    try {
      setStatus({ kind: 'ready', ...(await engine.ask('kept')) })
    } catch (error) {
      const { text, action } = noticeOf(error, 'storage')
      setStatus({ kind: 'none', why: action ? `${text}. ${action}` : text })
    }
  }

  async function run(
    text: string,
    subject: string,
    act: (options: Waiting<OpenProgress>) => Promise<void>,
  ): Promise<void> {
    try {
      await during(job, text, act)
    } catch (error) {
      if (!isAbort(error)) tell(noticeOf(error, subject))
    }
  }

  return {
    status,
    job: job[0],
    look,
    keep: (project, name) =>
      run(`keeping a copy of ${name}`, name, async (options) => {
        // asked for at the first copy, when it is plain what for; a browser may say no and keep it all the
        // same. Firefox asks the person, who may take their time
        void navigator.storage?.persist?.().then(
          (yes) => (yes ? look() : undefined),
          () => false,
        )
        const kept = await engine.ask('keep', { project }, options)
        const action = 'It opens from the Open page, also without a network.'
        tell({ level: 'info', subject: kept.name, text: 'kept in this browser', action })
        await look()
      }),
    async rename(name, to, tracked) {
      await engine.ask('renameKept', { name, to, tracked })
      await look()
    },
    async remove(name, tracked) {
      await engine.ask('removeKept', { name, tracked })
      await look()
    },
    async publish(project, name, options, waiting) {
      const published = await engine.ask(
        'publish',
        { project, options: { ...options, frontend: frontend() } },
        waiting,
      )
      spaces.set(name, published.space)
      return published
    },
    lastSpace: (name) => spaces.get(name) ?? '',
    hub: 'https://huggingface.co',
    cacheSize: () => engine.ask('cacheSize').catch(() => 0),
    forgetCache: () =>
      engine.ask('forgetCache').catch((error: unknown) => tell(noticeOf(error, 'what is kept of the Hub'))),
    download: (project, name, form) =>
      run(`writing ${name} as ${WORDS[form]}`, name, async (options) => {
        const all = (part: boolean) =>
          engine.ask('export', { project, form, frontend: frontend(), part }, options)
        const file = await parts.offer(project, all, options.signal)
        if (!file) return
        save(file.blob, file.name)
        for (const notice of file.notices) tell(notice)
      }),
    async downloadCsv(project, projectName, metric, runs) {
      try {
        await during(job, `writing ${metric} as ${WORDS.csv}`, async ({ signal }) => {
          const blob = await parts.offer(
            project,
            (part) => engine.ask('csv', { project, metric, runs, part }, { signal }),
            signal,
          )
          if (!blob) return
          save(blob, fileName([projectName, metric, ...((await isPart(blob)) ? ['part'] : [])], 'csv'))
        })
      } catch (error) {
        if (!isAbort(error)) throw error
      }
    },
  }
}
