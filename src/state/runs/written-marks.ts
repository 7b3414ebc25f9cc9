import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { type RunMark, tidy } from '../../model/mark.ts'
import type { RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { Preferences, Stored } from '../address/preferences.ts'
import { createLatest } from '../base/latest.ts'

export interface MarksOptions {
  engine: Pick<EngineApi, 'ask'>
  preferences: Preferences
  project: Accessor<ProjectId | undefined>
  projectName: Accessor<string | undefined>
  /** Notes and tags can be written into the project itself. */
  writable: Accessor<boolean>
  ended: Accessor<boolean>
  /** They could not be read: the runs are shown without. */
  failed(error: unknown): void
}

export interface Marks {
  /** What is kept in this browser, and what the project's metadata say; asking for it reads them. */
  of(key: RunKey): RunMark | undefined
  /** Where the next one is kept. */
  place: Accessor<'project' | 'browser'>
  /** Writes what becomes of the note and the tags of a run, and gives what they were. Rejects where that fails. */
  change(key: RunKey, next: (before: RunMark) => RunMark): Promise<RunMark>
}

/** Notes and tags that people gave to runs. */
export function createWrittenMarks(options: MarksOptions): Pick<Marks, 'of' | 'change'> {
  const { engine, preferences, project, projectName } = options
  const [stored, setStored] = createSignal<{ project: ProjectId; marks: Record<RunKey, RunMark> }>()
  let wanted: ProjectId | undefined
  const latest = createLatest<Record<RunKey, RunMark>>({
    ask: (asked, signal) =>
      options.ended() ? engine.ask('marks', { project: asked }, { signal }) : undefined,
    answered: (marks, asked) => setStored({ project: asked, marks }),
    failed: options.failed,
  })
  createEffect(
    on([project, options.ended], ([now]) => {
      if (now !== undefined && wanted === now) latest.ask(now)
    }),
  )

  const kept = () => preferences.value().marks[projectName() ?? ''] ?? {}

  function want(): void {
    const now = project()
    if (now === undefined || wanted === now) return
    wanted = now
    queueMicrotask(() => latest.ask(now))
  }

  return {
    of(key) {
      want()
      const held = stored()
      const inProject = held && held.project === project() ? held.marks[key] : undefined
      const here = kept()[key]
      return inProject || here ? { ...inProject, ...here } : undefined
    },
    async change(key, next) {
      const [id, name] = [project(), projectName()]
      if (id === undefined || name === undefined) throw new Error('notes and tags: no project is open')
      const marks = await known(id)
      const before: RunMark = { ...marks[key], ...kept()[key] }
      const mark = next(before)
      if (options.writable()) {
        await engine.ask('setMark', { project: id, run: key, mark })
        const now = stored()
        setStored({ project: id, marks: { ...(now?.project === id ? now.marks : marks), [key]: mark } })
      }
      const here = options.writable() ? undefined : tidy(mark)
      preferences.set(rememberMarks(preferences.value(), name, key, here))
      return before
    },
  }

  /** Those of the project: what was not read yet is not written over. Where they cannot be read, this browser's stay. */
  async function known(id: ProjectId): Promise<Record<RunKey, RunMark>> {
    const held = stored()
    if (held?.project === id) return held.marks
    const asked = engine.ask('marks', { project: id })
    return options.writable() ? asked : asked.catch(() => ({}))
  }
}

/** Keeps what was written about a run of a project; undefined forgets it. */
function rememberMarks(
  stored: Stored,
  project: string,
  run: string,
  mark: RunMark | undefined,
): Partial<Stored> {
  const { [project]: before = {}, ...others } = stored.marks
  const { [run]: _, ...rest } = before
  const now = mark ? { ...rest, [run]: mark } : rest
  // all of them, however many projects: nobody else has what was written here
  return { marks: Object.keys(now).length > 0 ? { ...others, [project]: now } : others }
}
