import { TrackioError } from '../model/errors.ts'
import { canonicalProject } from '../model/project-name.ts'
import type { ProjectFile } from '../model/tracking.ts'
import type { Artifact } from './artifacts/artifact.ts'
import type { ArtifactOptions } from './artifacts/run-artifacts.ts'
import { knownOptions } from './base/options.ts'
import { warn, wordsOf } from './base/warn.ts'
import { pageConnection, writer } from './page-connection.ts'
import type { AlertLevel, AlertOptions } from './run/alerts.ts'
import type { Finished } from './run/finish.ts'
import { Run } from './run/run.ts'
import { type InitOptions, runSettings } from './run/run-options.ts'
import type { FileSource } from './values/media.ts'

/** The run that module functions log to; undefined before `init` and after `finish`. */
export let run: Run | undefined
/** Config of the newest run, as `trackio.config` in Python. */
export let config: Record<string, unknown> = {}

/** The project of the newest `init`; `save` uses it. */
let lastProject: string | undefined
let memorySaid = false

/**
 * Begins a run, and finishes the one before. Resolves with it once the storage knows it; it may be logged to
 * at once, also without waiting. Rejects (in trackio's words) for reserved project names, config keys that
 * begin with `_`, `resume: 'must'` without such a run.
 *
 * @example
 * const run = await trackio.init({ project: 'my-project', config: { lr: 1e-4 } })
 * trackio.log({ loss: 0.45 })
 * await trackio.finish()
 */
export function init(project: string, options?: Omit<InitOptions, 'project'>): Promise<Run>
export function init(options: InitOptions): Promise<Run>
export function init(first: string | InitOptions, more?: InitOptions): Promise<Run> {
  let begun: Run
  try {
    // the current run is ended last: a wrong option must not cost it
    begun = new Run(runSettings(first, more), pageConnection(), run?.end() ?? Promise.resolve())
  } catch (cause) {
    return Promise.reject(cause)
  }
  run = begun
  config = begun.config
  if (lastProject !== begun.project) console.info(`* Trackio project initialized: ${begun.project}`)
  lastProject = begun.project
  return begun.begun.then(
    ({ resumed, keeping }) => {
      console.info(resumed ? `* Resumed existing run: ${begun.name}` : `* Created new run: ${begun.name}`)
      if (keeping.kind === 'memory' && !memorySaid) {
        memorySaid = true
        console.warn(
          `trackio: this page may not store anything (${keeping.why ?? 'no storage'}), so runs are kept in memory and are gone with the tab. Call trackio.download() to save them.`,
        )
      }
      return begun
    },
    (cause: unknown) => {
      if (run === begun) run = undefined
      throw cause
    },
  )
}

/**
 * Logs a row to the current run: numbers, texts, lists, objects, and trackio's values (Image, Table …).
 * Returns at once; what cannot be stored is left out with a warning. `step` is one above the last unless
 * given. Throws only without a run.
 *
 * @example trackio.log({ loss: 0.45, 'eval/accuracy': 0.9 })
 */
export function log(metrics: Record<string, unknown>, step?: number | { step?: number }): void {
  current('log').log(metrics, step)
}

/** Logs system metrics to the current run, with their own time and no step. Throws only without a run. */
export function logSystem(metrics: Record<string, unknown>): void {
  current('log_system').logSystem(metrics)
}

/**
 * Fires an alert on the current run: on the console, in the dashboard, and at the webhook if there is one.
 * `level` is `warn`, and `step` that of the last row, unless given. Throws only without a run, and for
 * options that there are not.
 *
 * @example trackio.alert('loss is NaN', { text: 'at epoch 3', level: trackio.AlertLevel.ERROR })
 */
export function alert(
  title: string | ({ title: string } & AlertOptions),
  options?: string | AlertOptions | null,
  level?: AlertLevel | string,
  webhookUrl?: string | null,
): void {
  const active = current('alert')
  if (typeof title === 'object') {
    const { title: words, ...rest } = title
    active.alert(words, camel(rest))
  } else if (typeof options === 'object' && options !== null) active.alert(title, camel(options))
  else
    active.alert(title, {
      text: options ?? null,
      ...(level === undefined ? {} : { level }),
      webhookUrl: webhookUrl ?? null,
    })
}

function camel(options: AlertOptions): AlertOptions {
  return knownOptions('alert', options, ['text', 'level', 'step', 'webhookUrl'])
}

/**
 * Logs files (an Artifact, or one file) as an output of the current run. Resolves when they are stored;
 * rejects with a TrackioError without a run, and for names and aliases that trackio refuses.
 */
export async function logArtifact(
  artifact: Artifact | FileSource,
  options: ArtifactOptions = {},
): Promise<Artifact> {
  return current('log_artifact').logArtifact(
    artifact,
    knownOptions('logArtifact', options, ['name', 'type', 'aliases', 'overwrite']),
  )
}

/**
 * Fetches an artifact (`name`, `name:v3`, `name:alias`) and notes it as an input of the current run. Rejects
 * with a TrackioError without a run, where there is none of that name, or it is of another `type`.
 */
export async function useArtifact(artifact: Artifact | string, type?: string): Promise<Artifact> {
  return current('use_artifact').useArtifact(artifact, type)
}

/**
 * Resolves once all that was logged until now is stored. Rejects with why it cannot be; it stays in memory
 * and is tried again.
 */
export async function flush(): Promise<void> {
  await run?.begun
  await pageConnection().outbox.flush()
}

/**
 * Ends the current run: resolves, when every row is stored, with what became of them. Those for a Space are
 * waited for 30 s at most. Rejects only without a run.
 */
export async function finish(): Promise<Finished> {
  const active = current('finish')
  run = undefined
  return active.finish()
}

/**
 * Keeps files of a project that belong to no run: a File or Blob with a name, or paths with blobs. Resolves
 * with the folder that they are in. `project`: default that of the newest run. Rejects with a TrackioError
 * without a project or a name, and where they cannot be stored.
 *
 * @example await trackio.save(new Blob([yaml]), 'config.yaml')
 */
export async function save(
  file: Blob | Record<string, Blob>,
  name?: string,
  project?: string,
): Promise<string> {
  const into = project ?? run?.project ?? lastProject
  if (into === undefined) {
    throw new TrackioError(
      'save',
      'No project specified. Either call trackio.init() first or provide a project parameter to trackio.save().',
    )
  }
  const files: [string, Blob][] =
    file instanceof Blob ? [[name ?? (file instanceof File ? file.name : ''), file]] : Object.entries(file)
  if (files.length === 0 || files.some(([path]) => path === ''))
    throw new TrackioError('save', 'a Blob has no name; pass one: save(blob, "config.yaml")')
  const space = run?.project === into ? (run.space ?? undefined) : undefined
  for (const [path, blob] of files) await writer().save(into, path, blob, space)
  if (run && space !== undefined) await run.deliverSoon()
  return `media/${canonicalProject(into)}/files`
}

/**
 * Deletes a project of this browser with all its runs, media and artifacts. Without `force` the person is
 * asked. False when there is no such project, or they say no. Default of `force`: false.
 */
export async function deleteProject(
  project: string,
  options: boolean | { force?: boolean } = {},
): Promise<boolean> {
  const force = typeof options === 'boolean' ? options : options.force
  const name = canonicalProject(project)
  if (!(await projects()).includes(name)) {
    console.info(`* Project '${project}' does not exist.`)
    return false
  }
  const question = `Are you sure you want to delete project '${project}'? This will permanently delete all runs and metrics.`
  if (!force) {
    if (typeof confirm === 'undefined')
      throw new TrackioError('deleteProject', 'nobody can be asked here; pass { force: true }')
    if (!confirm(question)) {
      console.info('* Deletion cancelled.')
      return false
    }
  }
  const deleted = await writer().deleteProject(project)
  if (deleted) console.info(`* Project '${project}' has been deleted.`)
  return deleted
}

/** Names of the projects in this browser, as their files have them. */
export function projects(): Promise<string[]> {
  return writer().projects()
}

/**
 * A project's database as one file, with everything that is stored: trackio's Python package opens it as it
 * is. `project`: default that of the newest run. Rejects with a TrackioError where there is none, or its
 * database is not whole.
 */
export async function exportDatabase(project?: string): Promise<Blob> {
  const name = projectOr(project, 'exportDatabase')
  await flush().catch((cause: unknown) =>
    warn(`trackio.exportDatabase() gives what is stored; not all is: ${wordsOf(cause)}`),
  )
  return writer().exportDatabase(name)
}

/**
 * All files of a project (its database, media, artifacts), with their paths as in trackio's own folder.
 * Rejects as `exportDatabase` does.
 */
export async function exportFiles(project?: string): Promise<ProjectFile[]> {
  const name = projectOr(project, 'exportFiles')
  await flush().catch((cause: unknown) =>
    warn(`trackio.exportFiles() gives what is stored; not all is: ${wordsOf(cause)}`),
  )
  return writer().exportFiles(name)
}

/**
 * Saves a project's database to the person's downloads. Rejects as `exportDatabase` does, and in a worker.
 */
export async function download(project?: string): Promise<void> {
  const name = projectOr(project, 'download')
  if (typeof document === 'undefined')
    throw new TrackioError('download', 'only a page can save files; use exportDatabase()')
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await exportDatabase(name))
  link.download = `${canonicalProject(name)}.db`
  link.click()
  // the browser has taken the bytes by then
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** The project of the newest `init`, whether or not it goes on. */
export function newestProject(): string | undefined {
  return lastProject
}

function projectOr(project: string | undefined, what: string): string {
  const name = project ?? run?.project ?? lastProject
  if (name === undefined)
    throw new TrackioError(what, `trackio.${what}() needs a project name, or a run before it`)
  return name
}

function current(what: string): Run {
  if (!run) throw new TrackioError('trackio', `Call trackio.init() before trackio.${what}().`)
  return run
}
