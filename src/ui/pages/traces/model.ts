import { createEffect, createMemo, createSignal, on } from 'solid-js'
import { findText } from '../../../compute/find-text.ts'
import { parseLoose } from '../../../compute/loose-json.ts'
import { metadataText, scoresOf, type TraceFacts, traceFacts } from '../../../compute/trace-facts.ts'
import { type TraceFilter, type TraceOrder, traceFacets } from '../../../compute/trace-filter.ts'
import { messagesOf } from '../../../compute/trace-messages.ts'
import { spanTree, spanWords } from '../../../compute/trace-spans.ts'
import type { Json } from '../../../model/run.ts'
import { METADATA_ROLE, SPANS_ROLE } from '../../../model/trace.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createTrace, createTraces } from '../../../state/pages/traces.ts'
import { TRACES } from '../ids.ts'

export type TracesModel = ReturnType<typeof createTracesModel>
export type Tab = 'conversation' | 'spans' | 'compare' | 'json' | 'charts'

/** Where in a trace a hit stands: a piece of a message, its metadata, or a span. */
export interface Hit {
  role: string
  message: number
  block: number
  span: number
  from: number
  end: number
}

/**
 * What the page shows: by its own parameters of the address. `beside`: a trace stands beside the list, so that
 * there always is one; the first of the list until one is chosen.
 */
export function createTracesModel(beside: () => boolean) {
  const { location, sources, data, ask, runs } = useApp()
  const own = createMemo((): Own => location.view().own[TRACES] ?? {})
  const project = () => sources.project()?.id && sources.asked()
  const text = createMemo(() => own().q ?? '')
  const traces = createTraces({
    ...{ ask, project, data, text },
    live: () => Boolean(sources.source()?.info.live),
  })
  const { list, hits } = traces

  const runAt = createMemo(() => {
    const wanted = own().run
    const at =
      wanted === undefined ? -1 : (list()?.runs.findIndex(({ key, name }) => (key ?? name) === wanted) ?? -1)
    return at < 0 ? undefined : at
  })
  const steps = createMemo((): [number, number] | undefined => {
    const [from, to = from] = (own().step ?? '').split(':').map(Number)
    return own().step && Number.isFinite(from) && Number.isFinite(to)
      ? [from as number, to as number]
      : undefined
  })
  const filter = createMemo(
    (): TraceFilter => ({
      step: steps(),
      run: runAt(),
      role: text() === '' ? undefined : own().role || undefined,
    }),
  )
  const order = createMemo((): TraceOrder => (own().sort as TraceOrder) || '-time')
  /** A search without its first hits yet shows the list as it was. */
  const facets = createMemo((before: ReturnType<typeof traceFacets> | undefined) => {
    const now = list()
    if (!now) return undefined
    if (text() !== '' && !hits() && !traces.searchFailed()) return before
    return traceFacets(now, hits(), filter(), order())
  }, undefined)
  const rows = createMemo(() => facets()?.rows ?? new Int32Array(0))

  /** What the list is of: the first one of another list is another one, of the same list that grows it stays. */
  const listed = createMemo(() =>
    JSON.stringify([project(), list()?.store, list()?.first, text(), filter(), order()]),
  )
  const first = createMemo<{ of: string; id: string } | undefined>((before) => {
    const at = rows()[0]
    if (!beside() || at === undefined) return undefined
    if (before?.of === listed()) return before
    const id = traces.preview(at)?.id
    // the one before stays until this one is known: nothing jumps
    return id === undefined ? before : { of: listed(), id }
  })
  const id = () => own().trace || first()?.id
  const one = createTrace(ask, project, id, list)
  const trace = createMemo(() => {
    const now = one.status()
    return now.kind === 'ready' ? now.trace : undefined
  })
  const metadata = createMemo(() => parsed(trace()?.metadata))
  const messages = createMemo(() => messagesOf(parsed(trace()?.messages)))
  const tree = createMemo(() => spanTree(parsed(trace()?.spans)))
  /** As the list has them: a tree of many spans is made when it is looked at. */
  const facts = createMemo((): TraceFacts => {
    const [now, at] = [list(), trace()?.at ?? -1]
    if (!now || at < 0 || at >= now.run.length) return traceFacts(messages(), metadata(), tree())
    const of = (column: ArrayLike<number>): number => column[at] as number
    return {
      ...{ messages: of(now.messages), turns: of(now.turns), calls: of(now.calls), failed: of(now.failed) },
      ...{ error: of(now.error) === 1, tokens: of(now.tokens), input: of(now.input), output: of(now.output) },
      ...{ duration: of(now.duration), cost: of(now.cost), spans: of(now.spans) },
    }
  })

  /** Hits within the trace that is shown, in the order in which they stand there. */
  const inTrace = createMemo((): Hit[] => {
    const sought = text()
    const role = filter().role
    if (sought === '' || !trace()) return []
    const found: Hit[] = []
    const add = (words: string, place: Pick<Hit, 'role' | 'message' | 'block' | 'span'>): void => {
      if (role !== undefined && role !== place.role) return
      for (const [from, end] of findText(words, sought)) found.push({ ...place, from, end })
    }
    messages().forEach(({ role, blocks }, message) => {
      blocks.forEach(({ text }, block) => {
        add(text, { role, message, block, span: -1 })
      })
    })
    add(metadataText(metadata()), { role: METADATA_ROLE, message: -1, block: -1, span: -1 })
    tree().spans.forEach((one, span) => {
      add(spanWords(one), { role: SPANS_ROLE, message: -1, block: -1, span })
    })
    return found
  })
  const [hitAt, setHitAt] = createSignal(0)
  createEffect(on([text, trace, () => filter().role], () => setHitAt(landing)))
  /** Where a trace that is gone to begins: at its first hit, or at its last one when one comes from behind. */
  let landing = 0
  const hit = createMemo((): Hit | undefined =>
    inTrace().at(hitAt() < 0 ? hitAt() : Math.min(hitAt(), inTrace().length - 1)),
  )

  /** Somebody goes from hit to hit: the view that has it is shown. */
  let following = false
  createEffect(
    on(hit, (now) => {
      if (!now || !following) return
      following = false
      show(now)
    }),
  )

  const tabOf = ({ span }: Hit): Tab => (span >= 0 ? 'spans' : 'conversation')
  function show(hit: Hit): void {
    const wanted = tabOf(hit)
    if (wanted !== tab()) setWithin({ tab: wanted === 'conversation' ? '' : wanted })
  }

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [TRACES]: { ...before[TRACES], ...change } } })
  }

  /** Place in the list of the trace that is shown; −1 where it is not listed. */
  const shownAt = createMemo(() => {
    const at = trace()?.at
    return at === undefined ? -1 : rows().indexOf(at)
  })

  /** The same of the trace that is shown: from then on it is that one. */
  const setWithin = (change: Own): void => set({ trace: id() ?? '', ...change })

  /** The id of a trace by its place; undefined where the list became another one meanwhile. */
  async function idAt(at: number): Promise<string | undefined> {
    const [of, store] = [project(), list()?.store]
    const known = traces.preview(at)?.id
    if (known !== undefined || of === undefined) return known
    try {
      const [line] = await ask('tracePreviews', { project: of, at: [at], text: '' })
      return project() === of && list()?.store === store ? line?.id : undefined
    } catch (error) {
      sources.fail(error, 'traces')
      return undefined
    }
  }
  const newest = makeNewest()

  /** `opens`: Back leads to what was shown before. One after the other by keys is one step. */
  async function choose(at: number, { from = 0, opens = false } = {}): Promise<void> {
    const found = await newest(() => idAt(at))
    if (found === undefined) return
    landing = from
    const { own: before } = location.view()
    if (before[TRACES]?.trace === found) return
    const next = { own: { ...before, [TRACES]: { ...before[TRACES], trace: found, with: '' } } }
    if (opens || !before[TRACES]?.trace) {
      opened = { from: withoutTrace(), trace: found }
      location.open(next)
    } else location.patch(next)
  }

  /** What was on screen when a trace was opened from the list. */
  let opened: { from: string; trace: string } | undefined
  const withoutTrace = (): string => {
    const view = location.view()
    const { trace: _, with: __, tab: ___, ...rest } = view.own[TRACES] ?? {}
    return JSON.stringify({ ...view, own: { ...view.own, [TRACES]: rest } })
  }

  /** Back to the list. */
  function close(): void {
    const back = opened?.trace === own().trace && opened?.from === withoutTrace()
    opened = undefined
    if (back) location.back()
    else set({ trace: '', with: '' })
  }

  const tab = createMemo((): Tab => (own().tab as Tab) || 'conversation')
  return {
    ...traces,
    own,
    set,
    text,
    project,
    order,
    filter,
    facets,
    rows,
    id,
    status: one.status,
    listStatus: traces.status,
    retryTrace: one.retry,
    trace,
    metadata,
    messages,
    tree,
    facts,
    scores: createMemo(() => scoresOf(metadata())),
    inTrace,
    hit,
    hitAt: () => (hitAt() < 0 ? inTrace().length + hitAt() : hitAt()),
    shownAt,
    idAt,
    choose,
    close,
    setWithin,
    tab,
    setTab(next: Tab) {
      if (next === 'charts') set({ tab: next })
      else setWithin({ tab: next === 'conversation' ? '' : next })
    },
    styleOf: (run: number) => {
      const key = list()?.runs[run]?.key
      return key === undefined ? undefined : runs.styled(key)?.style
    },
    /** To the next hit, or the one before; behind the last one of a trace to the first one of the next. */
    async go(by: 1 | -1): Promise<void> {
      const here = hit()
      // of the trace beside the list the first one was reached, in whatever view it stands
      if (here && own().trace === undefined && tabOf(here) !== tab()) return show(here)
      const count = inTrace().length
      const now = hitAt() < 0 ? count + hitAt() : hitAt()
      const next = now + by
      following = true
      if (trace() && shownAt() >= 0 && next >= 0 && next < count) return void setHitAt(next)
      const row = shownAt() + (shownAt() < 0 ? 1 : by)
      if (row >= 0 && row < rows().length) await choose(rows()[row] as number, { from: by > 0 ? 0 : -1 })
    },
  }
}

/** Of questions that are asked one after the other only the last one is answered. */
export function makeNewest() {
  let asked = 0
  return async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    const own = ++asked
    const answer = await ask()
    return own === asked ? answer : undefined
  }
}

function parsed(text: string | undefined): Json | undefined {
  // what is no JSON is shown as it is stored
  return text === undefined || text === '' ? undefined : (parseLoose(text) ?? text)
}
