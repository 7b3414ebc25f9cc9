import type { Accessor } from 'solid-js'
import type { ChangedRun, RunChange, StoredPlace } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import type { RunMark } from '../../model/mark.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectInfo } from '../../model/source.ts'
import { save } from '../base/save.ts'
import type { Marks } from '../runs/written-marks.ts'
import type { Sources } from '../sources/sources.ts'
import type { Access } from './access.ts'
import type { FoundFile } from './file-access.ts'
import type { ChangesOptions, MadeChanges } from './make-changes.ts'
import { placeOf } from './places.ts'

/** What a person is asked before the first change of a source. */
export type ChangeQuestion =
  | {
      kind: 'write'
      /** Path of the file. */
      file: string
      /** Nothing of a log beside it can be seen. */
      alone: boolean
      backup(): Promise<void>
      /** Asks the browser, inside of a click. Rejects with why not. */
      allow(): Promise<void>
    }
  | {
      kind: 'read-only'
      why: string
      project: string
      /** Keeps a copy in this browser and opens it; undefined where none can be kept. */
      copy: (() => Promise<void>) | undefined
    }

export interface ChangesFacadeOptions extends ChangesOptions {
  sources: Sources
  runs: Accessor<readonly Run[]>
  marks: Pick<Marks, 'change'>
  /** A page of this browser logs it. */
  isLive(run: RunKey): boolean
  keepCopy(project: ProjectInfo): Promise<void>
}

/** What a person asks for of runs and projects. */
export interface Asking {
  /** Ways to change runs of the project on screen; where something has to be asked first, that comes first. */
  rename(run: RunKey, name: string): Promise<void>
  /** True where it is asked for by now. */
  delete(runs: readonly RunKey[]): Promise<boolean>
  move(runs: readonly RunKey[], to: string): Promise<void>
  /** A copy that is open is closed at once. */
  deleteProject(place: StoredPlace): Promise<void>
  /** Adds tags to runs and takes others away: at once, and back again by undo. */
  tag(runs: readonly RunKey[], add: readonly string[], remove: readonly string[]): Promise<void>
  /** Writes the note or the tags of a run, or both, and back again by undo; what is left out stays. */
  write(run: RunKey, wanted: RunMark): Promise<void>
}

/** What the page has at once of all this. */
interface Facade {
  /** The code that makes changes. */
  late(): Promise<MadeChanges>
  access(): Access
  /** Says why nothing can be changed. */
  readOnly(now: Access, project: ProjectInfo | undefined): false
  setQuestion(question: ChangeQuestion | undefined): void
}

/** Asks for changes where their runs lie; where something has to be asked first, that comes first. */
export function createAsking(
  options: ChangesFacadeOptions,
  { late, access, readOnly, setQuestion }: Facade,
): Asking {
  const { sources } = options
  /** Files that the person allowed to write, by source and path. */
  const allowed = new Map<string, FoundFile>()

  /** Asks for it where it lies, once that may be written to. */
  async function change(what: RunChange): Promise<boolean> {
    const [source, project] = [sources.source(), sources.project()]
    const now = access()
    if (now.kind === 'no' || !source || !project) return readOnly(now, project)
    const live = what.kind === 'rename' ? [] : what.runs.filter(({ key }) => options.isLive(key))
    if (source.kind === 'tracked' && live.length > 0)
      return readOnly(
        {
          kind: 'no',
          why: `${live.map(({ name }) => name).join(', ')} ${live.length === 1 ? 'goes' : 'go'} on: a page of this browser logs to ${live.length === 1 ? 'it' : 'them'}. Finish it first`,
          copy: false,
        },
        project,
      )
    const place = placeOf(source, project)
    const changes = await late()
    if (now.kind === 'yes') {
      changes.add(place, what)
      return true
    }
    const { findFile, mayWrite, seenNow } = await import('./file-access.ts')
    const key = `${source.info.id}\n${project.file}`
    const known = allowed.get(key)
    const add = async (found: FoundFile): Promise<void> =>
      changes.add(place, what, { found, seen: await seenNow(found) })
    if (known) {
      await add(known)
      return true
    }
    const found = await findFile(source, project.file).catch(() => undefined)
    if (!found)
      return readOnly(
        { kind: 'no', why: 'The browser gives this page no way to write to this folder', copy: true },
        project,
      )
    setQuestion({
      kind: 'write',
      file: project.file,
      alone: found.folder === undefined,
      async backup() {
        const date = new Date().toISOString().slice(0, 19).replaceAll(':', '')
        save(await found.handle.getFile(), found.handle.name.replace(/(\.[^.]*)?$/, ` before ${date}$1`))
      },
      async allow() {
        if (!(await mayWrite(found)))
          throw new Error('The browser was not allowed to write to it. Nothing was changed.')
        allowed.set(key, found)
        await add(found)
        setQuestion(undefined)
      },
    })
    return false
  }

  function changed(keys: readonly RunKey[]): ChangedRun[] {
    const wanted = new Set(keys)
    const all = options.runs()
    const meant = all.filter(({ key }) => wanted.has(key))
    return meant.map(({ key, id, name }) => {
      const shared = id !== null && all.some((other) => other.key !== key && other.id === id)
      return { key, id, name, ...(shared && { shared }) }
    })
  }

  /** Writes notes and tags, which can be taken back. */
  async function mark(
    keys: readonly RunKey[],
    words: string,
    next: (before: RunMark) => RunMark,
  ): Promise<void> {
    const changes = await late()
    const project = sources.project()
    const before: (readonly [RunKey, RunMark])[] = []
    const takeBack = async (): Promise<void> => {
      if (sources.project()?.id !== project?.id)
        throw new TrackioError(
          project?.name ?? '',
          'is not on screen any more',
          'Open it, and undo it there.',
        )
      for (const [key, { note = '', tags = [] }] of before)
        await options.marks.change(key, () => ({ note, tags }))
    }
    try {
      for (const key of keys) before.push([key, await options.marks.change(key, next)])
    } finally {
      // of many, those that were written before one failed can be taken back too
      if (before.length > 0) changes.say(words, takeBack)
    }
  }

  return {
    async rename(key, name) {
      const [run] = changed([key])
      const to = name.trim()
      if (!run || to === '' || to === run.name) return
      // the two would be one, for whatever is asked of either until it is refused where it lies
      if (run.id === null && options.runs().some((other) => other.name === to))
        throw new Error(
          `There is a run called ${to} already, and this project tells runs by their names alone.`,
        )
      await change({ kind: 'rename', runs: [run], name: to })
    },
    async delete(keys) {
      const runs = changed(keys)
      return runs.length > 0 && change({ kind: 'delete', runs })
    },
    async move(keys, to) {
      const runs = changed(keys)
      if (runs.length > 0) await change({ kind: 'move', runs, to })
    },
    tag: (keys, add, remove) =>
      mark(keys, tagWords(add, remove, keys.length), ({ tags = [], ...mark }) => ({
        ...mark,
        tags: [...new Set([...tags, ...add])].filter((tag) => !remove.includes(tag)),
      })),
    async write(key, wanted) {
      const name = options.runs().find((run) => run.key === key)?.name ?? key
      const what = (['note', 'tags'] as const).filter((part) => wanted[part] !== undefined)
      if (what.length > 0)
        await mark([key], `Changed ${what.join(' and ')} of ${name}`, (before) => ({ ...before, ...wanted }))
    },
    async deleteProject(place) {
      const changes = await late()
      const open = sources.list().find(({ kind, info }) => kind === 'kept' && info.name === place.name)
      changes.add(place, { kind: 'delete-project' })
      if (place.kind === 'kept' && open) await sources.close(open.info.id)
    },
  }
}

function tagWords(add: readonly string[], remove: readonly string[], count: number): string {
  const runs = count === 1 ? 'one run' : `${count.toLocaleString('en')} runs`
  return [
    ...(add.length > 0 ? [`Tagged ${runs} ${add.join(', ')}`] : []),
    ...(remove.length > 0 ? [`Took ${remove.join(', ')} from ${runs}`] : []),
  ].join('. ')
}
