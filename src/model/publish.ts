import type { HubRepo, Notice } from './source.ts'

/** Colours and order that a published dashboard starts with; trackio's names for them. */
export interface PublishSettings {
  color_palette: string[]
  /** Patterns of metric names, first ones first. */
  plot_order: string[]
}

/** Where a project goes on the Hub, as trackio's own `sync(sdk="static")` takes it. */
export interface PublishOptions {
  /** `user/name`; a name alone is one of whoever the token belongs to. */
  spaceId: string
  /**
   * For the data; default: the one that the Space shows already, or `<space>-bucket`. Not together with
   * `datasetId`.
   */
  bucketId?: string
  /** A dataset instead of a bucket. */
  datasetId?: string
  /** Origin of another Hub than huggingface.co. */
  hub?: string | undefined
  /** `true` is refused: a static Space's data are read by each visitor's browser, so they are public. */
  private?: boolean | null
  /** Address of the folder that the built files of this app are served from (with `built.json`). */
  frontend: string
  /** Go on where the Space shows another project by now, or the Space or bucket holds something else. */
  replace?: boolean
  settings?: PublishSettings
}

export type PublishStage = 'checking' | 'exporting' | 'comparing' | 'sending' | 'page' | 'done'

/** How far publishing is. */
export interface PublishProgress {
  stage: PublishStage
  /** In words: `sending metrics.parquet to buckets/user/name`. */
  text: string
  /** Of this stage; both totals are 0 while they are not known. */
  files: number
  totalFiles: number
  bytes: number
  totalBytes: number
}

/** What publishing came to. */
export interface Published {
  /** `user/name` */
  space: string
  /** Address of the Space's page. */
  url: string
  /** Where the data are. */
  data: HubRepo
  /** What had to be sent, data and page together; zero where everything was there already. */
  sent: { files: number; bytes: number }
  /** Files that were there already. */
  same: number
  /** Files of an earlier version that were taken away. */
  removed: number
  /**
   * What a person should know of: columns of mixed types, rows that could not be read, parts that were left
   * out.
   */
  notices: Notice[]
}
