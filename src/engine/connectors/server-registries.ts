import { AccessError, isAbort, noticeOf, TrackioError } from '../../model/errors.ts'
import type { Json } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import type { Server } from '../../storage/http/server-requests.ts'
import { addRow, emptyRows, ROW_TABLES, type TableRows } from '../formats/table-rows.ts'

/** A registry of a bucket that a server reads, as the tables that it would have in a database. */
export interface BucketRegistry {
  name: string
  /** `bucket org/registry` */
  place: string
  tables: { project_metadata: TableRows; registry_events: TableRows }
}

export interface BucketRegistries {
  found: BucketRegistry[]
  notices: Notice[]
}

/**
 * Registries of the buckets that a server knows for whoever asks; its own are among its projects. None before
 * trackio 0.35, which has no registries.
 */
export async function bucketRegistries(
  server: Pick<Server, 'call'>,
  signal: AbortSignal | undefined,
): Promise<BucketRegistries> {
  const found: BucketRegistry[] = []
  const notices: Notice[] = []
  const call = (name: string, args: { [key: string]: unknown }): Promise<unknown> =>
    server.call(name, args, { signal })
  let buckets: string[]
  try {
    const said = await call('get_registry_buckets', {})
    buckets = isObject(said) && Array.isArray(said.buckets) ? said.buckets.filter(isText) : []
  } catch (cause) {
    if (!(cause instanceof TrackioError) || cause instanceof AccessError) throw cause
    // an older trackio, which knows no registries; or one that says why it cannot look
    return /does not know/.test(cause.message)
      ? { found, notices }
      : { found, notices: [noticeOf(cause, 'buckets')] }
  }
  for (const bucket of buckets)
    try {
      const listed = await call('get_registries', { bucket_id: bucket })
      for (const one of Array.isArray(listed) ? listed.filter(isObject) : []) {
        const { name } = one
        if (!isText(name)) continue
        const details = await call('get_registry_details', { registry: name, bucket_id: bucket })
        if (isObject(details)) found.push({ name, place: `bucket ${bucket}`, tables: tablesOf(details) })
      }
    } catch (cause) {
      if (isAbort(cause) || !(cause instanceof TrackioError)) throw cause
      notices.push(noticeOf(cause, `bucket ${bucket}`))
    }
  return { found, notices }
}

function tablesOf(details: Cells): BucketRegistry['tables'] {
  const metadata = emptyRows(ROW_TABLES.project_metadata)
  const events = emptyRows(ROW_TABLES.registry_events)
  for (const [key, value] of [
    ['registry_created_at', details.created_at],
    ['registry_description', details.description],
  ] as const)
    if (isText(value)) addRow(metadata, (column) => (column === 'key' ? key : value))
  const rows = Array.isArray(details.events) ? details.events.filter(isObject) : []
  for (const row of rows) addRow(events, (column) => (row[column] ?? null) as Json)
  return { project_metadata: metadata, registry_events: events }
}

type Cells = { [key: string]: unknown }

function isObject(value: unknown): value is Cells {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
