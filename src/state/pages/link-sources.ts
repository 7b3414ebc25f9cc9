import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { Artifacts, ArtifactVersion } from '../../model/artifact.ts'
import { isAbort } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { LinkSource } from '../../model/registry.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectInfo } from '../../model/source.ts'

/** What is known of a version that a collection links to. */
export type SourceOf =
  /** Its project is being read. */
  | { kind: 'reading' }
  /** Its project is open: the version, and the run that made it, as its project lists it. */
  | { kind: 'there'; project: ProjectInfo; version: ArtifactVersion; run: Run | undefined }
  /** Its project is open and has no such version any more. */
  | { kind: 'gone'; project: ProjectInfo }
  /** Its project is not open, or lies elsewhere. */
  | { kind: 'elsewhere' }
  | { kind: 'failed'; why: string }

interface Read {
  artifacts: Artifacts
  runs: ReadonlyMap<RunKey, Run>
}

/** Projects that links lead to, read once somebody looks, of those that are open. */
export function createLinkSources(options: {
  ask: EngineApi['ask']
  /** Those that links may lead to. */
  projects: Accessor<readonly ProjectInfo[]>
  /** Names of those that they do. */
  named: Accessor<readonly string[]>
  /** Changes with what links: what was linked since may have been logged since as well, so they are read again. */
  changed: Accessor<unknown>
}): { of(source: LinkSource): SourceOf; busy: Accessor<boolean> } {
  const [read, setRead] = createSignal<ReadonlyMap<string, Read | { why: string }>>(new Map())
  const [waiting, setWaiting] = createSignal(0)
  const abort = new AbortController()
  onCleanup(() => abort.abort())
  /** Of which state of the links each was asked for last. */
  const asked = new Map<string, unknown>()
  const byName = createMemo(
    () => new Map(options.projects().map((project) => [canonicalProject(project.name), project])),
  )
  const projectOf = (name: string): ProjectInfo | undefined => byName().get(canonicalProject(name))
  const wanted = createMemo(() => [...new Set(options.named().flatMap((name) => projectOf(name)?.id ?? []))])

  createEffect(
    on([wanted, options.changed], ([ids, of]) => {
      for (const id of ids) if (!asked.has(id) || asked.get(id) !== of) void look(id, of)
    }),
  )

  async function look(id: string, of: unknown): Promise<void> {
    asked.set(id, of)
    setWaiting((n) => n + 1)
    const { signal } = abort
    try {
      const artifacts = await options.ask('artifacts', { project: id }, { signal })
      const { runs } = await options.ask('catalogue', { project: id }, { signal })
      if (asked.get(id) !== of) return // asked for again meanwhile
      keep(id, { artifacts, runs: new Map(runs.map((run) => [run.key, run])) })
    } catch (error) {
      if (!isAbort(error) && asked.get(id) === of)
        keep(id, { why: error instanceof Error ? error.message : String(error) })
    } finally {
      setWaiting((n) => n - 1)
    }
  }

  function keep(id: string, what: Read | { why: string }): void {
    setRead((before) => new Map([...before, [id, what]]))
  }

  return {
    busy: () => waiting() > 0,
    of(source) {
      const project = projectOf(source.project)
      // one that lies in a Space, a bucket or at a server is another than the one of its name here
      if (!project) return { kind: 'elsewhere' }
      const known = read().get(project.id)
      if (!known) return { kind: 'reading' }
      if ('why' in known) return { kind: 'failed', why: known.why }
      const version = known.artifacts.artifacts
        .find(({ name }) => name === source.artifact)
        ?.versions.find((one) => one.version === source.version)
      if (!version) return { kind: 'gone', project }
      const { producer } = version
      return {
        kind: 'there',
        project,
        version,
        run: producer?.run === undefined ? undefined : known.runs.get(producer.run),
      }
    },
  }
}
