import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { PALETTES, slotStyle } from '../../../compute/color.ts'
import { quote } from '../../../compute/csv-cells.ts'
import { fileName } from '../../../compute/file-name.ts'
import { answerOf } from '../../../compute/registry/answer.ts'
import { aliasesOf, spanOf } from '../../../compute/registry/holdings.ts'
import {
  type Collection,
  type CollectionLink,
  isRegistryName,
  type LinkSource,
  type Registry,
  type RegistryEvent,
  registryOf,
} from '../../../model/registry.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { createLinkSources, type SourceOf } from '../../../state/pages/link-sources.ts'
import { createRegistries } from '../../../state/pages/registries.ts'
import { ARTIFACTS, REGISTRIES } from '../../common/artifact-pages.ts'
import { goTo } from '../../common/artifact-views.tsx'
import { openRun, RUN } from '../../common/run-link.tsx'

export type RegistriesModel = ReturnType<typeof createRegistriesModel>

/** `now` moves on so often. */
const CLOCK_MS = 30_000

/** What the page shows: by its own parameters of the address, and by what registries hold. */
export function createRegistriesModel() {
  const app = useApp()
  const { location, sources, data, runs, theme } = app
  const own = createMemo((): Own => location.view().own[REGISTRIES] ?? {})
  // '' is what was taken out of the address again
  const field = (name: string) => createMemo(() => own()[name] || undefined)
  const param = {
    ...{ registry: field('registry'), collection: field('collection'), alias: field('alias') },
    ...{ at: field('at'), kind: field('kind'), list: field('list'), q: field('q') },
  }
  const { status, all, retry } = createRegistries({
    ask: app.ask,
    project: sources.asked,
    version: data.version,
    wanted: () => data.status().kind === 'ready',
    live: () => Boolean(sources.source()?.info.live),
  })
  const [now, setNow] = createSignal(Date.now())
  const clock = setInterval(() => setNow(Date.now()), CLOCK_MS)
  onCleanup(() => clearInterval(clock))
  createEffect(on(all, () => setNow(Date.now()), { defer: true }))

  const registries = createMemo(() => all()?.registries ?? [])
  /** The one of the address, by its name; else the one on screen, else the first. */
  const registry = createMemo((): Registry | undefined => {
    const wanted = param.registry()
    if (wanted !== undefined)
      return (
        registries().find(({ key }) => key === wanted) ?? registries().find(({ name }) => name === wanted)
      )
    const shown = sources.project()
    const name = shown && isRegistryName(shown.name) ? registryOf(shown.name) : undefined
    return (
      registries().find(({ project }) => project !== undefined && project === shown?.id) ??
      registries().find((one) => one.name === name) ??
      registries()[0]
    )
  })
  const collection = createMemo((): Collection | undefined => {
    const list = registry()?.collections ?? []
    return param.collection() === undefined ? list[0] : list.find(({ name }) => name === param.collection())
  })
  const aliases = createMemo(() => {
    const one = collection()
    return one ? aliasesOf(one) : []
  })
  const alias = createMemo(() => param.alias() ?? aliases()[0] ?? 'latest')
  /** The moment that is asked about. */
  const at = createMemo(() => {
    const text = param.at()
    const time = text === undefined ? Number.NaN : Date.parse(text)
    return Number.isFinite(time) ? time : undefined
  })
  const span = createMemo((): [number, number] => {
    const one = collection()
    return one ? spanOf(one, now()) : [now() - 1, now()]
  })
  // what is read by now has happened, whatever this clock says
  const asked = createMemo(() => at() ?? span()[1])
  const answer = createMemo(() => {
    const one = collection()
    return one && answerOf(one, alias(), asked(), now())
  })

  /** Those of the collection, newest first; every event of the registry where none is chosen. */
  const ofCollection = createMemo(() => {
    const name = collection()?.name
    const events = registry()?.events ?? []
    return (
      events
        .map((event, place) => ({ event, place }))
        // what is of the registry as a whole stands with each of them
        .filter(({ event }) => event.collection === undefined || event.collection === name)
        .reverse()
    )
  })
  const events = createMemo(() => {
    const kind = param.kind()
    if (kind === undefined) return ofCollection()
    const named = ['promote', 'link', 'unlink']
    return ofCollection().filter(({ event }) =>
      kind === 'other' ? !named.includes(event.kind) : event.kind === kind,
    )
  })
  /** Place of the event that the answer rests on. */
  const answering = createMemo(() => {
    const now = answer()
    if (now?.kind === 'held') return now.holding.event
    if (now?.kind !== 'nobody') return undefined
    return collection()?.holdings.findLast((one) => one.alias === alias() && one.to === now.since)?.endedBy
  })

  const linkSources = createLinkSources({
    ask: app.ask,
    projects: () => {
      const here = sources.project()?.source
      return sources.projects().filter(({ name, source }) => source === here && !isRegistryName(name))
    },
    changed: all,
    named: () => [
      ...new Set([
        ...(collection()?.links ?? []).map(({ source }) => source.project),
        ...(collection()?.holdings ?? []).map(({ source }) => source.project),
      ]),
    ],
  })

  /** Colour of the run behind a version; undefined where nobody knows it. */
  function colorOf(source: LinkSource): string | undefined {
    const found = linkSources.of(source)
    if (found.kind !== 'there' || !found.run) return undefined
    const styled = found.project.id === sources.project()?.id ? runs.styled(found.run.key) : undefined
    return styled?.style.color ?? PALETTES[theme()][slotStyle(found.run.slot).color]
  }

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [REGISTRIES]: { ...before[REGISTRIES], ...change } } })
  }

  /** `undefined`: now. */
  function ask(time: number | undefined): void {
    set({ at: time === undefined ? '' : momentOf(time) })
  }

  function openVersion(found: SourceOf, { artifact, version }: LinkSource): void {
    if (found.kind !== 'there') return
    goTo(app, ARTIFACTS, { of: `${artifact}:v${version}` }, found.project.id)
  }

  function openRunOf(found: SourceOf): void {
    if (found.kind !== 'there' || !found.run) return
    if (found.project.id === sources.project()?.id) openRun(location, found.run.key)
    else goTo(app, RUN, { run: found.run.key }, found.project.id)
  }

  function showCurves(found: SourceOf): void {
    if (found.kind !== 'there' || !found.run) return
    if (found.project.id !== sources.project()?.id) sources.select(found.project.id)
    location.patch({ page: location.pages.home, shown: { kind: 'only', keys: [found.run.key], names: [] } })
  }

  /** Every event that is listed, in the order of the list. */
  function download(): void {
    const head =
      'time,event,kind,collection,alias,from,to,version,project,artifact,source_version,run,run_id,effect,why'
    const lines = events().flatMap(({ event }) => {
      const moves = event.moves.length > 0 ? event.moves : [undefined]
      return moves.map((move) =>
        [
          ...[event.ts, event.uid, event.kind, event.collection ?? ''],
          ...[move?.alias ?? '', wordOf(move?.from), wordOf(move?.to), wordOf(event.version)],
          ...[event.source?.project ?? '', event.source?.artifact ?? '', String(event.source?.version ?? '')],
          ...[event.by?.name ?? '', event.by?.id ?? '', event.effect, event.why ?? ''],
        ]
          .map(quote)
          .join(','),
      )
    })
    const text = `${[head, ...lines].join('\n')}\n`
    save(
      new Blob([text], { type: 'text/csv' }),
      fileName([registry()?.name ?? '', collection()?.name ?? '', 'events'], 'csv'),
    )
  }

  return {
    param,
    set,
    status,
    all,
    retry,
    registries,
    registry,
    collection,
    aliases,
    alias,
    at,
    asked,
    now,
    ask,
    answer,
    span,
    ofCollection,
    events,
    answering,
    sourceOf: linkSources.of,
    reading: linkSources.busy,
    colorOf,
    openVersion,
    openRunOf,
    showCurves,
    download,
    /** How long what an event began was in place, ms; undefined where it began nothing. */
    lasted(place: number): { ms: number; still: boolean } | undefined {
      const held = collection()?.holdings.find((one) => one.event === place)
      return held && { ms: (held.to ?? Math.max(now(), held.from)) - held.from, still: held.to === undefined }
    },
    /** Time and alias of an event, to be asked about. */
    askAbout(event: RegistryEvent): void {
      const moved = event.moves.find((move) => move.from !== move.to)
      const place = registry()?.events.indexOf(event)
      const began = collection()?.holdings.find((one) => one.event === place)?.from ?? Number.NaN
      // of one whose time cannot be read, when it is taken to have happened
      const time = Number.isFinite(event.time) ? event.time : began
      set({
        ...(Number.isFinite(time) && { at: momentOf(time) }),
        ...(moved && { alias: moved.alias }),
      })
    },
    linkOf: (version: number): CollectionLink | undefined =>
      collection()?.links.find((link) => link.version === version),
  }
}

/** As the address has it; stored times are finer than milliseconds, and what happened then has happened. */
function momentOf(time: number): string {
  return new Date(Math.ceil(time)).toISOString()
}

export function wordOf(version: number | undefined): string {
  return version === undefined ? '' : `v${version}`
}
