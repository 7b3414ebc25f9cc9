import { type Accessor, createSignal, getOwner, onCleanup, runWithOwner } from 'solid-js'
import type { StoredPlace } from '../../model/change.ts'
import type { ProjectInfo } from '../../model/source.ts'
import { type Access, accessOf } from './access.ts'
import type { Asking, ChangeQuestion, ChangesFacadeOptions } from './ask-changes.ts'
import type { Entry } from './entry.ts'
import { isOfJournal, knowsChanges } from './journal-keys.ts'
import type { MadeChanges } from './make-changes.ts'

export interface Changes extends Asking {
  /** Undefined until somebody changes something, or something was changed. */
  made: Accessor<MadeChanges | undefined>
  access: Accessor<Access>
  /** Somebody deleted it, and nothing can be opened from there any more unless they undo it. */
  isDeleted(kind: StoredPlace['kind'], name: string): boolean
  /** Says why runs cannot be changed, where they cannot; true where they can, or once a question is answered. */
  ready(): boolean
  /** Undoes the newest change that still can be; false where there is none. */
  undo(): boolean
  question: Accessor<ChangeQuestion | undefined>
  answered(): void
  /** The list of recent changes is open. */
  listed: Accessor<boolean>
  showList(open: boolean): void
}

/** Changes of runs and projects: the code that makes them is fetched with the first, or where some are known. */
export function createChanges(options: ChangesFacadeOptions): Changes {
  const { sources, fail } = options
  const owner = getOwner()
  const [made, setMade] = createSignal<MadeChanges>()
  const [listed, setListed] = createSignal(false)
  const [question, setQuestion] = createSignal<ChangeQuestion>()
  let fetched: Promise<MadeChanges> | undefined
  let asked: Promise<Asking> | undefined

  function late(): Promise<MadeChanges> {
    fetched ??= import('./make-changes.ts').then(({ createMadeChanges }) => {
      const all = runWithOwner(owner, () => createMadeChanges(options))
      if (!all) throw new Error('changes: no owner')
      setMade(all)
      return all
    })
    // whoever asks again tries again
    fetched.catch(() => (fetched = undefined))
    return fetched
  }

  const wake = (): void => void late().catch((error: unknown) => fail(error, 'changes'))
  if (knowsChanges()) wake()
  const onStorage = (event: StorageEvent): void => {
    if (isOfJournal(event) && !fetched) wake()
  }
  window.addEventListener('storage', onStorage)
  onCleanup(() => window.removeEventListener('storage', onStorage))

  const access = (): Access => accessOf(sources.source(), sources.project(), sources.beside().length > 0)

  function asking(): Promise<Asking> {
    asked ??= import('./ask-changes.ts').then(({ createAsking }) =>
      createAsking(options, { late, access, readOnly, setQuestion }),
    )
    asked.catch(() => (asked = undefined))
    return asked
  }

  function readOnly(now: Access, project: ProjectInfo | undefined): false {
    setQuestion({
      kind: 'read-only',
      why: now.kind === 'no' ? now.why : 'No project is open',
      project: project?.name ?? '',
      copy:
        now.kind === 'no' && now.copy && project
          ? async () => {
              await options.keepCopy(project)
              setQuestion(undefined)
            }
          : undefined,
    })
    return false
  }

  const newest = (): Entry | undefined =>
    made()
      ?.entries()
      .find(({ state }) => state === 'waiting')

  return {
    made,
    access,
    rename: async (key, name) => (await asking()).rename(key, name),
    delete: async (keys) => (await asking()).delete(keys),
    move: async (keys, to) => (await asking()).move(keys, to),
    tag: async (keys, add, remove) => (await asking()).tag(keys, add, remove),
    write: async (key, wanted) => (await asking()).write(key, wanted),
    deleteProject: async (place) => (await asking()).deleteProject(place),
    isDeleted: (kind, name) =>
      made()
        ?.entries()
        .some(
          ({ state, place, change }) =>
            (state === 'waiting' || state === 'making') &&
            change.kind === 'delete-project' &&
            place.kind === kind &&
            place.name === name,
        ) === true,
    ready() {
      const now = access()
      if (now.kind === 'no') readOnly(now, sources.project())
      return now.kind !== 'no'
    },
    undo() {
      const entry = newest()
      const said = made()?.said()
      // what was asked for last
      if (said && (!entry || said.until > entry.until)) said.undo()
      else if (entry) void made()?.undo(entry.id)
      return entry !== undefined || said !== undefined
    },
    question,
    answered: () => void setQuestion(undefined),
    listed,
    showList(open) {
      if (open) wake()
      setListed(open)
    },
  }
}
