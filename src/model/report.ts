import type { ValuePlace } from './typed-values.ts'

/** What a logged text calls itself: `trackio.Markdown(text)`. */
export const MARKDOWN = 'trackio.markdown'

/** What a list shows of a report. */
export interface ReportHead {
  /** Its first heading, else its first line, without marks; '' for an empty text. */
  title: string
  letters: number
  words: number
  /** What is wrong with the value; undefined for nothing. */
  odd?: string | undefined
}

/** Words that a text has and an earlier one lacks, and the other way round. */
export interface ReportChange {
  added: number
  removed: number
  /** They were too different to be compared by words: what lies between is counted as replaced. */
  replaced: boolean
}

/** Two texts: from the first to the second. */
export type ReportPair = [before: ValuePlace, after: ValuePlace]

/** Where reports say something; of those that were searched by now. */
export interface ReportHits {
  /** How often, for each of those that were asked about, in their order; those yet to come have 0. */
  hits: Int32Array
  searched: number
  /** Letters that were gone through. */
  letters: number
  ms: number
}

/** SHA-256 of one file that a project is read from. */
export interface FileHash {
  name: string
  bytes: number
  /** 64 hex digits. */
  sha256: string
}
