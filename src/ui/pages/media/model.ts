import { createMemo, createSignal, untrack } from 'solid-js'
import { makeConfigGetter, valueText } from '../../../compute/group.ts'
import { type Dimension, gridOf, type Placed, placesOf } from '../../../compute/media-grid.ts'
import { isMediaKind, MEDIA_WORDS } from '../../../compute/media-payload.ts'
import {
  nearestTick,
  type Otherwise,
  otherwiseText,
  parseOtherwise,
  stepsBy,
  unionSteps,
  usualGap,
} from '../../../compute/media-steps.ts'
import { MEDIA_KINDS } from '../../../model/media.ts'
import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createMedia, type MediaItem } from '../../../state/pages/media.ts'
import { createThumbnails, MB } from '../../../state/pages/thumbnails.ts'
import { MEDIA } from '../ids.ts'
import { formatPanes, type Pane, paneOf, parsePanes } from './open-panes.ts'

export type MediaModel = ReturnType<typeof createMediaModel>

/** What one key is set to in place of the page. */
export interface KeyChoice {
  rows?: Dimension
  cols?: Dimension
  step?: number
}

/** A key with its values, as a section of the sheet. */
export interface Section {
  key: string
  items: readonly MediaItem[]
}

/** What the page shows: by its own parameters of the address, and by which runs are shown. */
export function createMediaModel(frame: { phone(): boolean }) {
  const { location, sources, runs, data, ask, preferences } = useApp()
  const media = createMedia({
    ...{ ask, data },
    project: sources.asked,
    live: () => Boolean(sources.source()?.info.live),
    find: sources.media,
  })
  const thumbnails = createThumbnails(media.file, preferences.value().thumbnails * MB)
  const own = createMemo((): Own => location.view().own[MEDIA] ?? {})
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = createSignal<readonly Pane[]>([])

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [MEDIA]: { ...before[MEDIA], ...change } } })
  }

  /** Of runs that are shown. */
  const ofShown = createMemo(() => {
    const keys = new Set(runs.shown().map(({ key }) => key))
    return media.items().filter(({ run }) => keys.has(run))
  })
  const kinds = createMemo(() => {
    const found = new Set(ofShown().map(({ kind }) => kind))
    return MEDIA_KINDS.filter((kind) => found.has(kind))
  })
  const show = () => kinds().find((kind) => kind === own().show)
  const ofKind = createMemo(() => {
    const only = show()
    return ofShown().filter(({ kind }) => (only === undefined ? isMediaKind(kind) : kind === only))
  })
  const search = createMemo(() => (own().q ?? '').trim().toLowerCase())
  const toRead = createMemo(() => (search() === '' ? 0 : media.readAll(ofKind())))
  const found = createMemo(() => {
    const text = search()
    if (text === '') return ofKind()
    return ofKind().filter(
      (item) =>
        item.key.toLowerCase().includes(text) || media.payload(item)?.caption.toLowerCase().includes(text),
    )
  })
  const sections = createMemo((): Section[] => {
    const byKey = new Map<string, MediaItem[]>()
    for (const item of found()) {
      const known = byKey.get(item.key)
      if (known) known.push(item)
      else byKey.set(item.key, [item])
    }
    // as kinds are told elsewhere, pictures first
    const order = Object.keys(MEDIA_WORDS)
    const place = ([first]: readonly MediaItem[]): number => order.indexOf(first?.kind ?? '')
    return [...byKey]
      .sort(([a, of], [b, other]) => place(of) - place(other) || (a < b ? -1 : 1))
      .map(([key, items]) => ({ key, items }))
  })
  const byKey = createMemo(() => new Map(sections().map((section) => [section.key, section])))
  const keys = createMemo(() => sections().map(({ key }) => key), [], { equals: sameTexts })

  const stepsByRun = createMemo(() => stepsBy(ofKind(), ({ run }) => run))
  const ticks = createMemo(() => unionSteps(stepsByRun()))
  const usual = createMemo(() => usualGap(stepsBy(ofKind(), ({ run, key }) => JSON.stringify([run, key]))))
  const otherwise = createMemo((): Otherwise => parseOtherwise(own().else, usual()))
  /** The asked one, or the last: never one that no shown run has. */
  const step = createMemo(() => {
    const { steps } = ticks()
    const wanted = Number(own().step ?? Number.NaN)
    return Number.isFinite(wanted) ? nearestTick(steps, wanted) : steps[steps.length - 1]
  })

  const choices = createMemo((): Record<string, KeyChoice> => parseChoices(own().keys))
  function choose(key: string, change: KeyChoice): void {
    const { [key]: before, ...others } = choices()
    const now = Object.fromEntries(
      Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined),
    )
    const all = Object.keys(now).length > 0 ? { ...others, [key]: now } : others
    set({ keys: Object.keys(all).length > 0 ? JSON.stringify(all) : '' })
  }
  const rowsOf = (key: string): Dimension => choices()[key]?.rows ?? dimension(own().rows) ?? 'run'
  const columnsOf = (key: string): Dimension => choices()[key]?.cols ?? dimension(own().cols) ?? 'step'
  const stepOf = (key: string): number | undefined => choices()[key]?.step ?? step()

  const configGetters = new Map<string, ReturnType<typeof makeConfigGetter>>()
  function config(run: RunKey, path: string): string {
    const getter = configGetters.get(path) ?? makeConfigGetter(path)
    configGetters.set(path, getter)
    const value = getter(runs.byKey().get(run)?.config ?? null)
    return value === undefined ? '' : valueText(value)
  }

  /** The values of a section as the grid places them, and how many captions it still waits for. */
  function placesIn(section: Section) {
    const [rows, columns] = [rowsOf(section.key), columnsOf(section.key)]
    // a phone has room for one side: the runs at the step
    const [by, across] = frame.phone()
      ? (['none', columns === 'all' ? 'all' : 'run'] as const)
      : [rows, columns]
    const captions = by === 'caption' || across === 'caption'
    const values = section.items.map(
      ({ run, step: at, ...item }): Placed => ({
        ...{ run, step: at },
        caption: captions ? media.payload({ run, step: at, ...item })?.caption : undefined,
      }),
    )
    return {
      waits: captions ? media.readAll(section.items) : 0,
      places: placesOf({ values, rows: by, columns: across, runs: runs.shown(), config }),
    }
  }

  const openText = createMemo(() => own().open)
  // those that stay are the same objects: they are not made anew
  const panes = createMemo<Pane[]>((before) => {
    const known = new Map(before.map((pane) => [paneKey(pane), pane]))
    return parsePanes(openText()).map((pane) => known.get(paneKey(pane)) ?? pane)
  }, [])
  const itemsByKey = createMemo(() => {
    const map = new Map<string, MediaItem[]>()
    for (const item of media.items()) {
      const place = JSON.stringify([item.run, item.key])
      const known = map.get(place)
      if (known) known.push(item)
      else map.set(place, [item])
    }
    for (const list of map.values()) list.sort((a, b) => a.step - b.step || a.row - b.row)
    return map
  })

  /** Why files of cards could not be read, by path, though they may be there. */
  const [unread, setUnread] = createSignal<ReadonlyMap<string, string>>(new Map())

  /** Full pictures on their way: playing waits for them, and so does what looks whether the page is settled. */
  const [decoding, setDecoding] = createSignal(0)
  const waiters: (() => void)[] = []
  function setBusy(on: boolean): void {
    setDecoding((n) => n + (on ? 1 : -1))
    if (decoding() === 0) for (const done of waiters.splice(0)) done()
  }

  return {
    ...{ media, thumbnails, own, set, sections, byKey, keys, ticks, usual, otherwise, step, kinds, show },
    ...{ rowsOf, columnsOf, stepOf, choices, choose, config, placesIn, toRead, panes },
    all: media.items,
    found,
    searched: () => search() !== '',
    isFiltered: () => found().length < ofShown().length,
    setStep: (next: number) => set({ step: String(next) }),
    setOtherwise: (next: Otherwise) => set({ else: otherwiseText(next, usual()) }),
    grid: gridOf,
    isFolded: (key: string) => folded().has(key),
    fold(key: string) {
      const next = new Set(folded())
      if (!next.delete(key)) next.add(key)
      setFolded(next)
    },
    chosen,
    isChosen: (pane: Pane) => chosen().some((one) => paneKey(one) === paneKey(pane)),
    toggleChosen(pane: Pane) {
      const rest = chosen().filter((one) => paneKey(one) !== paneKey(pane))
      setChosen(rest.length < chosen().length ? rest : [...chosen(), pane])
    },
    unreadFiles: unread,
    /** Of a card's file: why it could not be read; undefined once it is, or is not looked at any more. */
    unread(path: string, why: string | undefined): void {
      if (untrack(unread).get(path) === why) return
      const next = new Map(untrack(unread))
      if (why === undefined) next.delete(path)
      else next.set(path, why)
      setUnread(next)
    },
    decoding,
    /** Of something that tells once that it begins, and once that it ends. */
    busyPart() {
      let on = false
      return (now: boolean): void => {
        if (now !== on) setBusy(now)
        on = now
      }
    },
    /** Resolves once all that the step shows is read and decoded. */
    async drawn(): Promise<void> {
      for (;;) {
        // what the page shows next wants its values, and those their pictures, by then
        await new Promise((resolve) => setTimeout(resolve))
        if (!media.busy() && thumbnails.pending() === 0 && decoding() === 0) return
        const decoded = new Promise<void>((resolve) => {
          if (decoding() > 0) waiters.push(resolve)
          else resolve()
        })
        await Promise.all([media.idle(), thumbnails.idle(), decoded])
      }
    },
    clearChosen: () => setChosen([]),
    open: (list: readonly Pane[]) =>
      set({ open: formatPanes(list), ...(list.length < 2 ? { mode: '' } : {}) }),
    /** Values of a run's key, by step. */
    itemsOf: (run: RunKey, key: string): readonly MediaItem[] =>
      itemsByKey().get(JSON.stringify([run, key])) ?? [],
    paneOf: (item: MediaItem, pinned: boolean): Pane =>
      paneOf(item, itemsByKey().get(JSON.stringify([item.run, item.key])) ?? [], pinned),
  }
}

function paneKey({ run, key, step: at, n }: Pane): string {
  return JSON.stringify([run, key, at === undefined ? 'page' : at, n])
}

function dimension(text: string | undefined): Dimension | undefined {
  if (text === undefined || text === '') return undefined
  const plain = (['run', 'step', 'caption', 'none', 'all'] as const).find((one) => one === text)
  return plain ?? (text.startsWith('config:') ? `config:${text.slice('config:'.length)}` : undefined)
}

/** Choices that cannot be read are none. */
function parseChoices(text: string | undefined): Record<string, KeyChoice> {
  if (!text) return {}
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null) return {}
    return Object.fromEntries(
      Object.entries(read).map(([key, value]) => {
        const { rows, cols, step } = (value ?? {}) as Record<string, unknown>
        const choice: KeyChoice = {}
        const [by, across] = [dimension(String(rows ?? '')), dimension(String(cols ?? ''))]
        if (by) choice.rows = by
        if (across) choice.cols = across
        if (typeof step === 'number') choice.step = step
        return [key, choice]
      }),
    )
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return {}
  }
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i])
}
