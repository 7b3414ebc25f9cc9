import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { StoredChange, WritableFile } from '../../model/change.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { ProjectId } from '../../model/source.ts'
import type { Library } from '../data/library.ts'
import type { Sources } from '../sources/sources.ts'
import { type ChangePlace, type Entry, UNDO_MS } from './entry.ts'
import { type FoundFile, seenNow } from './file-access.ts'
import { createJournal, type Journal } from './journal.ts'
import { changeWords, isSamePlace, openAt, openNamed } from './places.ts'

/*
 * A change that can be undone is one that is not made yet. It stands in the journal, for all pages of this
 * browser, and is laid over what they show; ten seconds later it is made, by one of them. So undo has nothing to
 * take back, and a kill loses nothing:
 *
 * | killed while | in this browser's storage | at a server, in a file |
 * |---|---|---|
 * | it waits | the next page makes it, or it is undone there within its time; later than a minute or so it waits anew | nothing was sent or written: it says so and offers it again |
 * | it is made | what is written is whole or not at all; the next page is asked the same and ends it | of a file likewise; of a server's runs some may be changed, which the next look shows |
 */

export interface ChangesOptions {
  engine: Pick<EngineApi, 'ask'>
  sources: Pick<Sources, 'list' | 'look' | 'refresh' | 'close'>
  library: Pick<Library, 'look' | 'status'>
  /** The engine ended, and what was open is on its way into the next one. */
  restarting(): boolean
  /** Told of what cannot be shown or read. */
  fail(error: unknown, subject: string): void
}

export interface MadeChanges {
  entries: Journal['entries']
  lasting: boolean
  /** ms since 1970, while something waits. */
  now(): number
  add(place: ChangePlace, change: StoredChange, file?: { found: FoundFile; seen: WritableFile }): void
  /** With what was asked of the same runs afterwards. */
  undo(id: string): Promise<void>
  /** Without waiting any longer. */
  makeNow(id: string): Promise<void>
  /** Asks for one that was left, or failed, once more. */
  again(id: string): void
  canAgain(entry: Entry): boolean
  dismiss(id: string): void
  /** What was made at once, and how it is taken back: for as long as a change waits, on this page alone. */
  said: Accessor<Undoable | undefined>
  say(words: string, takeBack: () => Promise<void>): void
}

export interface Undoable {
  words: string
  until: number
  undo(): void
}

/** This page; its lock tells the others that it is still there. */
const PAGE = crypto.randomUUID()
const PAGE_LOCK = 'trackio-lite:page:'
const CHANGE_LOCK = 'trackio-lite:change:'
const TICK_MS = 250
/**
 * One that nobody made for so long was asked for before a pause: the page was closed, or the machine slept. Runs
 * may have gone on since, so it can be undone once more. A hidden page looks once a minute, ms.
 */
const LATE_MS = 90_000
/** Why one is left that its page had begun with. */
const CUT_OFF = 'its page was closed while it was made, so some of it may be done'

export function createMadeChanges({
  engine,
  sources,
  library,
  restarting,
  fail,
}: ChangesOptions): MadeChanges {
  const journal = createJournal()
  const files = new Map<string, { found: FoundFile; seen: WritableFile }>()
  const [now, setNow] = createSignal(Date.now())
  const [said, setSaid] = createSignal<Undoable>()
  let isOwner = false

  const waiting = createMemo(() => journal.entries().filter(isWaiting))
  const isOwn = ({ page }: Entry): boolean => page === PAGE
  const isHere = ({ place }: Pick<Entry, 'place'>): boolean =>
    place.kind === 'kept' || place.kind === 'tracked'

  createEffect(
    on(
      () => waiting().length > 0 || said() !== undefined,
      (some) => {
        if (!some) return
        const tick = (): void => {
          setNow(Date.now())
          if ((said()?.until ?? Number.POSITIVE_INFINITY) <= Date.now()) setSaid(undefined)
          for (const entry of oldestFirst(waiting())) if (entry.until <= Date.now()) void make(entry.id)
        }
        tick()
        const timer = setInterval(tick, TICK_MS)
        onCleanup(() => clearInterval(timer))
      },
    ),
  )

  // -- what is shown ----------------------------------------------------------------------------------------

  /** What each project of the engine is shown with, as texts, so that it is told what is new alone. */
  let told = new Map<ProjectId, string>()
  const held = createMemo(() => {
    const found = new Map<ProjectId, StoredChange[]>()
    for (const entry of oldestFirst(waiting())) {
      const { place, change } = entry
      if (!isHere(entry) && !isOwn(entry)) continue
      const open = openAt(place, sources.list(), isOwn(entry))
      if (open) found.set(open.project.id, [...(found.get(open.project.id) ?? []), change])
    }
    return found
  })
  createEffect(() => {
    if (restarting()) {
      told = new Map()
      return
    }
    const next = new Map([...held()].map(([project, changes]) => [project, JSON.stringify(changes)]))
    for (const project of new Set([...told.keys(), ...next.keys()])) {
      if (told.get(project) === next.get(project)) continue
      const changes = held().get(project) ?? []
      engine.ask('hold', { project, changes }).catch((error: unknown) => {
        if (!isAbort(error)) fail(error, 'changes')
      })
    }
    told = next
  })

  /** What another page made is read anew here. */
  const made = createMemo(() => journal.entries().filter(({ state }) => state === 'made'))
  const known = new Set(made().map(({ id }) => id))
  createEffect(
    on(made, (all) => {
      for (const entry of all) {
        if (known.has(entry.id)) continue
        known.add(entry.id)
        void readAnew(entry)
      }
    }),
  )

  async function readAnew({ place, change, page }: Entry): Promise<void> {
    try {
      const open = openAt(place, sources.list(), page === PAGE)
      const target = change.kind === 'move' ? openNamed(place, sources.list(), change.to) : undefined
      for (const { source, project } of [open, target].filter((one) => one !== undefined)) {
        if (change.kind === 'delete-project') {
          if (source.info.projects.length === 1) await sources.close(source.info.id)
          else await sources.look(source.info.id)
          continue
        }
        await engine.ask('reread', { project: project.id })
        if (source.info.live) await sources.look(source.info.id)
        else await sources.refresh(source.info.id)
      }
      if (isHere({ place })) await library.look()
    } catch (error) {
      if (!isAbort(error)) fail(error, place.project)
    }
  }

  // -- what is made -----------------------------------------------------------------------------------------

  /** Makes it, unless another page is at it, or it was undone. */
  function make(id: string): Promise<void> {
    return exclusively(id, async () => {
      const entry = journal.get(id)
      if (!entry || !isWaiting(entry)) return
      if (!isHere(entry) && !isOwn(entry)) return leaveIfGone(entry)
      if (entry.state === 'waiting' && Date.now() - entry.until > LATE_MS)
        return journal.put({ ...entry, until: Date.now() + UNDO_MS })
      const earlier = earlierThan(entry)
      for (const before of earlier) await make(before.id)
      // another page is at it: the next tick asks again
      if (earlier.some(({ id }) => isWaiting(journal.get(id)))) return
      const failed = journal
        .entries()
        .find((one) => one.state === 'failed' && one.until >= entry.at && isAfter(entry, one))
      if (failed) return journal.put(failedWith(entry, failed))
      journal.put({ ...entry, state: 'making' })
      try {
        await write(entry)
      } catch (error) {
        const { text, action } = noticeOf(error, entry.place.project)
        const why = action ? `${text}${/[.!?]$/.test(text) ? '' : '.'} ${action}` : text
        journal.put({ ...entry, state: 'failed', why })
        // by the name that it did not get another run may be called
        for (const later of withLater(entry).slice(1))
          await exclusively(later.id, async () => {
            const now = journal.get(later.id)
            if (now?.state === 'waiting') journal.put(failedWith(now, entry))
          })
        return
      }
      // what is laid over goes only once what was written is read: nothing comes back for a moment
      known.add(id)
      await readAnew(entry)
      journal.put({ ...entry, state: 'made' })
    })
  }

  /**
   * What is to be made before it, oldest first: what was asked of the same runs, which are then called
   * otherwise, and what is due in the same place, of which a file takes one change at a time.
   */
  function earlierThan(entry: Entry): Entry[] {
    const due = (one: Entry): boolean => one.until <= Date.now() && isSamePlace(one.place, entry.place)
    return oldestFirst(
      waiting().filter(
        (one) => isBefore(one, entry) && (isHere(one) || isOwn(one)) && (due(one) || isAfter(entry, one)),
      ),
    )
  }

  /** With what was asked of the same runs afterwards, as they are once it is made, and only then. */
  function withLater(entry: Entry): Entry[] {
    const all = [entry]
    for (const later of oldestFirst(waiting())) if (all.some((one) => isAfter(later, one))) all.push(later)
    return all
  }

  async function write({ id, place, change }: Entry): Promise<void> {
    if (place.kind === 'kept' || place.kind === 'tracked')
      return engine.ask('changeStored', { place, change, id })
    if (change.kind === 'delete-project') throw new Error('a project is not deleted there')
    const open = openAt(place, sources.list(), true)
    if (!open) throw new Error('it was closed before this was made, so nothing was changed')
    const project = open.project.id
    if (place.kind === 'server') return engine.ask('changeThere', { project, change })
    const file = files.get(id)
    if (!file) throw new Error('the permission to write it ended with the page that asked')
    const { folder } = file.found
    await engine.ask('changeFile', { project, change, file: file.seen, folder })
    // what else waits for this file saw it as it was before; it was not written to by others until now
    const seen = await seenNow(file.found).catch(() => undefined) // gone: whoever writes next says so
    for (const one of seen ? waiting() : [])
      if (files.has(one.id) && isSamePlace(one.place, place))
        files.set(one.id, { ...file, ...(seen && { seen }) })
  }

  /** One of another page, which alone could have made it. */
  async function leaveIfGone(entry: Entry): Promise<void> {
    if (entry.until > Date.now()) return
    const left = (): void =>
      journal.put({ ...entry, state: 'left', ...(entry.state === 'making' && { why: CUT_OFF }) })
    // without locks nobody can tell: what is overdue for a minute is taken for left
    if (!navigator.locks) {
      if (Date.now() - entry.until > 60_000) left()
      return
    }
    const { held = [] } = await navigator.locks.query()
    if (!held.some(({ name }) => name === PAGE_LOCK + entry.page)) left()
  }

  return {
    entries: journal.entries,
    lasting: journal.lasting,
    now,
    add(place, change, file) {
      own()
      const at = Date.now()
      const id = crypto.randomUUID()
      if (file) files.set(id, file)
      journal.put({ id, at, until: at + UNDO_MS, place, change, page: PAGE, state: 'waiting' })
    },
    async undo(id) {
      const entry = journal.get(id)
      if (!entry) return
      for (const one of withLater(entry))
        await exclusively(one.id, async () => {
          const now = journal.get(one.id)
          if (now?.state === 'waiting') journal.put({ ...now, state: 'undone' })
        })
    },
    async makeNow(id) {
      await exclusively(id, async () => {
        const entry = journal.get(id)
        // of another page: that one sees that it is due
        if (entry?.state === 'waiting') journal.put({ ...entry, until: Date.now() })
      })
      await make(id)
    },
    again(id) {
      const entry = journal.get(id)
      if (!entry) return
      own()
      journal.put({ ...entry, seen: true })
      const open = openAt(entry.place, sources.list(), isOwn(entry))
      if (!open && !isHere(entry)) return
      const file = files.get(id)
      const next = crypto.randomUUID()
      const put = (): void =>
        journal.put({
          ...{ id: isHere(entry) ? id : next, at: Date.now(), until: Date.now() + UNDO_MS },
          ...{ place: entry.place, change: entry.change, page: PAGE, state: 'waiting' },
        })
      if (!file) return put()
      seenNow(file.found).then(
        (seen) => {
          files.set(next, { found: file.found, seen })
          put()
        },
        (error: unknown) => fail(error, entry.place.project),
      )
    },
    canAgain: (entry) =>
      isHere(entry) ||
      (entry.place.kind === 'file'
        ? files.has(entry.id)
        : openAt(entry.place, sources.list(), true)?.source.info.writable === true),
    said,
    say: (words, takeBack) =>
      void setSaid({
        words,
        until: Date.now() + UNDO_MS,
        undo() {
          setSaid(undefined)
          takeBack().catch((error: unknown) => fail(error, words))
        },
      }),
    dismiss(id) {
      const entry = journal.get(id)
      if (entry) journal.put({ ...entry, seen: true })
    },
  }

  /** From the first change on, others can see that this page is there. */
  function own(): void {
    if (isOwner || !navigator.locks) return
    isOwner = true
    // held until the page ends
    void navigator.locks.request(PAGE_LOCK + PAGE, () => new Promise(() => {}))
  }
}

function isWaiting(entry: Entry | undefined): boolean {
  return entry?.state === 'waiting' || entry?.state === 'making'
}

function failedWith(entry: Entry, before: Entry): Entry {
  const why = `“${changeWords(before.change, before.place)}”, which was asked for before, failed`
  return { ...entry, state: 'failed', why }
}

function oldestFirst(newestFirst: readonly Entry[]): Entry[] {
  return [...newestFirst].reverse()
}

/** In the order of the journal, which tells apart what was asked for in the same millisecond. */
function isBefore(one: Entry, entry: Entry): boolean {
  return one.at < entry.at || (one.at === entry.at && one.id > entry.id)
}

/** It was asked for later, about some of the same runs. */
function isAfter(later: Entry, entry: Entry): boolean {
  const [a, b] = [later.change, entry.change]
  if (!isBefore(entry, later) || !isSamePlace(later.place, entry.place)) return false
  if (a.kind === 'delete-project' || b.kind === 'delete-project') return false
  const keys = new Set(b.runs.map(({ key }) => key))
  const renamed = b.kind === 'rename' ? b.name : undefined
  return a.runs.some(({ key, id, name }) => keys.has(key) || (id === null && name === renamed))
}

/** Does it unless another page does something with the same change just now. */
async function exclusively(id: string, task: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return once(id, task)
  await navigator.locks.request(CHANGE_LOCK + id, { ifAvailable: true }, async (lock) => {
    if (lock) await task()
  })
}

const going = new Set<string>()

/** Where the browser has no locks: within this page. */
async function once(id: string, task: () => Promise<void>): Promise<void> {
  if (going.has(id)) return
  going.add(id)
  await task().finally(() => going.delete(id))
}
