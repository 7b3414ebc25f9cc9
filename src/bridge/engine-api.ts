import type { Reading } from '../model/catalogue.ts'
import type { Answer, Kind, OpenProgress, Progress, Query, Waiting } from '../model/questions.ts'
import type { NamedFile, Notice, ProjectId, SourceId, SourceInfo, SourceRef } from '../model/source.ts'

/** What the worker says unasked. `data` and `reading` come a few times a second while rows are read. */
export type EngineEvent =
  /** More rows are in the store: frames asked now show more than before. */
  | { kind: 'data'; project: ProjectId }
  | { kind: 'reading'; project: ProjectId; reading: Reading }
  /** Runs, metrics or notices changed: ask for the catalogue again. */
  | { kind: 'catalogue'; project: ProjectId }
  /** The file differs from what was opened (or vanished); nothing is re-read until `refresh`. */
  | { kind: 'changed'; source: SourceId; notice: Notice }
  /** Bytes that came over the network for a source so far. */
  | { kind: 'received'; source: SourceId; bytes: number }
  /**
   * Bytes of requests that went out to a host so far: what is published, asked of a server, changed there.
   */
  | { kind: 'sent'; host: string; bytes: number }
  /** Its place asks for a pause; said once a second while that lasts. */
  | { kind: 'waiting'; source: SourceId; text: string }

/**
 * The worker that owns the data, as the page sees it: questions, and the lives of sources. Every call
 * settles. Errors are TrackioError (something a person can act on; AccessError where the place wants to know
 * who asks), AbortError (`signal` fired: the work it was for has ended) or EngineClosedError (the worker is
 * gone). Each method takes one thing and, where it takes its time, a signal and a listener beside it: that is
 * how calls cross threads.
 */
export interface EngineApi {
  ask<K extends Kind>(kind: K, ...query: Asked<K>): Promise<Answer<K>>
  /**
   * Opens a source; files that fail become notices, and it rejects only when nothing could be opened. Reading
   * of rows starts by itself.
   */
  open(ref: SourceRef, waiting?: Waiting<OpenProgress>): Promise<SourceInfo>
  /**
   * Looks at a source again and reads only what is new. Sources made of files need fresh File objects; the
   * others look by themselves. A part whose new rows are being taken when `signal` fires takes them all: half
   * of them would be neither the old state nor the new.
   */
  refresh(look: { source: SourceId; files?: NamedFile[] | undefined }, waiting?: Waiting): Promise<SourceInfo>
  close(source: SourceId): Promise<void>
  /**
   * A token for a host (the Hub's or a server's origin), kept in memory alone and sent to that host alone;
   * undefined forgets it.
   */
  authorize(given: { origin: string; token: string | undefined }): Promise<void>
  /**
   * Whether the page at `base` was served with something to open (`{ kind: 'beside' }`): by a trackio server,
   * or as a static dashboard.
   */
  beside(base: string): Promise<'server' | 'static' | 'none'>
  /** The project on screen: where several are being read, its rows are read first. */
  watch(project: ProjectId): Promise<void>
  /** Stops reading rows; what was read stays. */
  cancel(project: ProjectId): Promise<void>
  /** Reads on after `cancel`, a failure or a preview. */
  resume(project: ProjectId): Promise<void>
  onEvent(listener: (event: EngineEvent) => void): Promise<void>
}

/** Questions without a query are asked by their name alone. */
export type Asked<K extends Kind> =
  undefined extends Query<K>
    ? [query?: undefined, waiting?: Waiting<Progress<K>>]
    : [query: Query<K>, waiting?: Waiting<Progress<K>>]
