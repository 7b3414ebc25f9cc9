import { type Accessor, createEffect, createMemo, createSignal, on } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { type MediaPayload, mediaPayload } from '../../compute/media-payload.ts'
import { noticeOf } from '../../model/errors.ts'
import {
  MARKDOWN,
  type ReportChange,
  type ReportHead,
  type ReportHits,
  type ReportPair,
} from '../../model/report.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import type { TypedValues, ValuePlace } from '../../model/typed-values.ts'
import { createLatest } from '../base/latest.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'
import { createInSight, type InSight } from './in-sight.ts'
import { itemsOf, type TypedItem } from './typed-items.ts'

/** While rows are being read, what came so far is shown so often. */
const PART_MS = 600
/** Heads that are asked for at once: each has its text read. */
const HEADS = 40
const CHANGES = 4

export type Report = TypedItem

export interface ReportsOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  version: Accessor<number>
  live: Accessor<boolean>
  /** What is searched for; '' for nothing. */
  text: Accessor<string>
}

export interface Reports {
  status: Accessor<GrowingStatus<{ values: TypedValues }>>
  retry(): void
  /** By run, then by row. */
  all: Accessor<readonly Report[]>
  /** Not all rows were read. */
  partial: Accessor<boolean>
  heads: InSight<ValuePlace, ReportHead>
  changes: InSight<ReportPair, ReportChange>
  /** By id of the report, and how far the search is; undefined while nothing is searched. */
  hits: Accessor<FoundReports | undefined>
  searching: Accessor<boolean>
  searchFailed: Accessor<Notice | undefined>
}

export interface FoundReports extends Omit<ReportHits, 'hits'> {
  text: string
  of: number
  hits: ReadonlyMap<string, number>
}

/** Logged texts: which there are, what a list shows of them, and where they say something. */
export function createReports({ ask, project, version, live, text }: ReportsOptions): Reports {
  const { status, retry } = createGrowing<{ values: TypedValues }>({
    ...{ subject: 'reports', project, live, version, wanted: () => true },
    ask: async (id, signal) => ({
      values: await ask('values', { project: id, kinds: [MARKDOWN] }, { signal }),
    }),
    isSame: (before, now) => before.values.version === now.values.version,
    partFor: ({ values }) => (values.reading.state === 'reading' ? PART_MS : undefined),
  })
  const values = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now.values : undefined
  })
  const all = createMemo(() => itemsOf(values()))
  const heads = createInSight<ValuePlace, ReportHead>({
    ...{ subject: 'reports', of: project, most: HEADS },
    ask: (id, at, signal) => ask('reportHeads', { project: id, at }, { signal }),
  })
  const changes = createInSight<ReportPair, ReportChange>({
    ...{ subject: 'reports', of: project, most: CHANGES },
    ask: (id, pairs, signal) => ask('reportChanges', { project: id, pairs }, { signal }),
  })

  const [hits, setHits] = createSignal<FoundReports>()
  const [searching, setSearching] = createSignal(false)
  const [searchFailed, setFailed] = createSignal<Notice>()
  const search = createLatest<FoundReports>({
    ask(_, signal) {
      const [id, wanted, of] = [project(), text(), all()]
      if (id === undefined || wanted === '') return undefined
      const found = (now: ReportHits): FoundReports => ({
        ...now,
        ...{ text: wanted, of: of.length },
        hits: new Map(of.flatMap((one, i) => (now.hits[i] ? [[one.id, now.hits[i] as number]] : []))),
      })
      return ask(
        'searchReports',
        { project: id, at: of.map(placeOf), text: wanted },
        { signal, onProgress: (now) => signal.aborted || setHits(found(now)) },
      ).then(found)
    },
    answered(found) {
      setFailed(undefined)
      setHits(found)
      setSearching(false)
    },
    failed(error) {
      setFailed(noticeOf(error, 'reports'))
      setSearching(false)
    },
  })
  createEffect(
    on([project, text, all], ([id, wanted]) => {
      if (id === undefined || wanted === '') {
        search.abort()
        setHits(undefined)
        setSearching(false)
        return
      }
      setSearching(true)
      // of another text the search before is given up
      search.ask(JSON.stringify([id, wanted]))
    }),
  )

  return {
    ...{ status, retry, all, heads, changes, hits, searching, searchFailed },
    partial: createMemo(() => values()?.complete === false),
  }
}

/** Some reports with what they say, in the order that they were asked for. */
export interface ReadReports {
  reports: readonly Report[]
  texts: readonly MediaPayload[]
}

export interface ReportTexts {
  /** The ones before stay until those that are wanted are read. */
  read: Accessor<ReadReports | undefined>
  failed: Accessor<Notice | undefined>
  /** Those that are wanted are not there yet. */
  waits: Accessor<boolean>
  retry(): void
}

/** The whole texts of one or two reports. */
export function createReportTexts(
  ask: EngineApi['ask'],
  project: Accessor<ProjectId | undefined>,
  wanted: Accessor<readonly Report[]>,
): ReportTexts {
  const [shown, setShown] = createSignal<ReadReports & { key: string }>()
  const [failed, setFailed] = createSignal<Notice>()
  const key = createMemo(() => JSON.stringify([project(), wanted().map(({ id }) => id)]))
  const latest = createLatest<ReadReports & { key: string }>({
    ask(subject, signal) {
      const [id, reports] = [project(), wanted()]
      if (id === undefined || reports.length === 0) return undefined
      return ask('valuesAt', { project: id, at: reports.map(placeOf) }, { signal }).then((found) => ({
        ...{ key: subject, reports },
        texts: found.map(mediaPayload),
      }))
    },
    answered(found) {
      setFailed(undefined)
      setShown(found)
    },
    failed: (error) => setFailed(noticeOf(error, 'report')),
  })
  createEffect(on(project, () => void setShown(undefined), { defer: true }))
  createEffect(
    on(key, (now) => {
      setFailed(undefined)
      latest.ask(now)
    }),
  )
  return {
    read: shown,
    failed,
    waits: () => wanted().length > 0 && failed() === undefined && shown()?.key !== key(),
    retry() {
      setFailed(undefined)
      latest.ask(key())
    },
  }
}

export function placeOf({ run, key, row }: ValuePlace): ValuePlace {
  return { run, key, row }
}
