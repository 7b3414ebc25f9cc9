import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { joinTraces } from '../../compute/trace-filter.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { Trace, TraceHits, TracePreview, TraceRows } from '../../model/trace.ts'
import { createLatest } from '../base/latest.ts'
import type { ProjectData } from '../data/catalogue.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

/** While traces are being read, what came so far is asked for so often. */
const PART_MS = 300

export interface TracesOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  data: ProjectData
  live: Accessor<boolean>
  /** What is searched for; '' for nothing. */
  text: Accessor<string>
  /** They may be read, and somebody looks at them; as soon as the rows were read where it is left out. */
  wanted?: Accessor<boolean>
}

export interface ProjectTraces {
  status: Accessor<GrowingStatus<{ list: TraceRows }>>
  list: Accessor<TraceRows | undefined>
  /** Of the text that is searched for now, as far as it was found; undefined without one, and before first hits. */
  hits: Accessor<TraceHits | undefined>
  searching: Accessor<boolean>
  searchFailed: Accessor<Notice | undefined>
  searchAgain(): void
  /** What a line shows; undefined until it came, and asked for then. */
  preview(at: number): TracePreview | undefined
  retry(): void
}

/** The traces of a project, what is searched for in them, and the lines of those that are looked at. */
export function createTraces({
  ask,
  project,
  data,
  live,
  text,
  wanted: looked,
}: TracesOptions): ProjectTraces {
  let held: TraceRows | undefined
  createEffect(on(project, () => (held = undefined), { defer: true }))
  const { status, retry } = createGrowing<{ list: TraceRows }>({
    ...{ subject: 'traces', project, live, version: data.version },
    // runs are known then, and reading them is not held up
    wanted: looked ?? data.ended,
    async ask(id, signal) {
      const from = held?.run.length ?? 0
      const now = await ask('traces', { project: id, from, store: held?.store ?? 0 }, { signal })
      held = joinTraces(held, now)
      return { list: held }
    },
    isSame: ({ list: a }, { list: b }) =>
      a.store === b.store &&
      a.run.length === b.run.length &&
      a.complete === b.complete &&
      a.first === b.first &&
      JSON.stringify(a.notices) === JSON.stringify(b.notices),
    partFor: ({ list }) => (list.complete ? undefined : PART_MS),
  })
  const list = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now.list : undefined
  })

  const [hits, setHits] = createSignal<TraceHits & { text: string }>()
  const [searching, setSearching] = createSignal(false)
  const [searchFailed, setSearchFailed] = createSignal<Notice>()
  const search = createLatest<TraceHits>({
    ask(sought, signal) {
      const id = project()
      if (id === undefined || sought === '') return undefined
      setSearching(true)
      const onProgress = (found: TraceHits): void => {
        if (!signal.aborted) setHits({ ...found, text: sought })
      }
      return ask('searchTraces', { project: id, text: sought }, { signal, onProgress })
    },
    answered(found, sought) {
      setSearching(false)
      setSearchFailed(undefined)
      setHits({ ...found, text: sought })
    },
    failed(error, sought) {
      setSearching(false)
      setSearchFailed(noticeOf(error, sought))
      // what another text had found is no answer to this one
      setHits(undefined)
    },
  })
  createEffect(
    on([text, list, project], ([sought]) => {
      if (sought === '') {
        search.abort()
        setSearching(false)
        setSearchFailed(undefined)
        setHits(undefined)
      } else search.ask(sought)
    }),
  )
  const current = createMemo(() => {
    const [found, now] = [hits(), list()]
    // places of another state mean other traces; of another text the old ones stay until the first new ones
    return found && now && found.store === now.store && text() !== '' ? found : undefined
  })

  const [lines, setLines] = createSignal<ReadonlyMap<number, { of: string; line: TracePreview }>>(new Map())
  let wanted = new Set<number>()
  let queued = false
  const fetchLines = createLatest<{ at: number[]; previews: TracePreview[]; of: string }>({
    ask(of, signal) {
      const id = project()
      const at = [...wanted]
      wanted = new Set()
      if (id === undefined || at.length === 0) return undefined
      return ask('tracePreviews', { project: id, at, text: text() }, { signal }).then((previews) => ({
        at,
        previews,
        of,
      }))
    },
    answered({ at, previews, of }) {
      if (of !== subject()) return
      const next = new Map(lines())
      at.forEach((one, i) => {
        const line = previews[i]
        if (line) next.set(one, { of, line })
      })
      setLines(next)
    },
    // the list itself says what is wrong
    failed: () => {},
  })
  const subject = createMemo(() => JSON.stringify([project(), list()?.store, text()]))
  createEffect(on([project, () => list()?.store], () => setLines(new Map()), { defer: true }))

  return {
    status,
    list,
    hits: current,
    searching,
    searchFailed,
    searchAgain() {
      setSearchFailed(undefined)
      search.ask(text())
    },
    preview(at) {
      const known = lines().get(at)
      // the line of the text before stays until the one of this text is here
      if (known?.of !== subject()) {
        wanted.add(at)
        if (!queued) {
          queued = true
          queueMicrotask(() => {
            queued = false
            fetchLines.ask(subject())
          })
        }
      }
      return known?.line
    },
    retry,
  }
}

export type TraceStatus =
  | { kind: 'none' }
  | { kind: 'loading' }
  | { kind: 'ready'; trace: Trace }
  | { kind: 'failed'; notice: Notice }

/**
 * One trace, by its id; asked for anew where traces were written anew, and one that was missing with each that
 * comes.
 */
export function createTrace(
  ask: EngineApi['ask'],
  project: Accessor<ProjectId | undefined>,
  id: Accessor<string | undefined>,
  list: Accessor<Pick<TraceRows, 'store' | 'run'> | undefined>,
): { status: Accessor<TraceStatus>; retry(): void } {
  const [status, setStatus] = createSignal<TraceStatus>({ kind: 'none' })
  const subject = (): string => JSON.stringify([project(), id()])
  const latest = createLatest<Trace | undefined>({
    ask(_, signal) {
      const [of, one] = [project(), id()]
      return of === undefined || one === undefined
        ? undefined
        : ask('trace', { project: of, id: one }, { signal })
    },
    answered(trace) {
      const before = status()
      if (!trace) {
        const text = 'no trace of this id is in what is open'
        setStatus({ kind: 'failed', notice: { level: 'error', subject: id() ?? '', text } })
      } else if (before.kind !== 'ready' || !isSame(before.trace, trace)) setStatus({ kind: 'ready', trace })
    },
    failed: (error) => setStatus({ kind: 'failed', notice: noticeOf(error, id() ?? '') }),
  })
  createEffect(
    on(subject, (now) => {
      // the one before stays until this one is here: nothing jumps
      if (id() === undefined) setStatus({ kind: 'none' })
      else if (status().kind !== 'ready') setStatus({ kind: 'loading' })
      latest.ask(now)
    }),
  )
  const store = createMemo(() => list()?.store)
  const count = createMemo(() => list()?.run.length)
  createEffect(
    on([store, count], ([now], before) => {
      if (before && (now !== before[0] || status().kind === 'failed')) latest.ask(subject())
      return [now] as const
    }),
  )
  return {
    status,
    retry() {
      setStatus({ kind: 'loading' })
      latest.ask(subject())
    },
  }
}

function isSame(a: Trace, b: Trace): boolean {
  // its place names it in the list: another one has other numbers
  if (a.at !== b.at || a.id !== b.id || a.storedId !== b.storedId || a.timestamp !== b.timestamp) return false
  return a.messages === b.messages && a.metadata === b.metadata && a.spans === b.spans
}
