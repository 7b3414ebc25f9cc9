import type { ProjectId } from './source.ts'

/**
 * What the engine holds in memory. `columns`: logged values; `charts`: lines that were smoothed or thinned;
 * `tables`: logged tables; `histograms`: decoded bins; `traces`: their texts and numbers; `pages`: parts of database
 * files.
 */
export const MEMORY_PARTS = ['columns', 'charts', 'tables', 'histograms', 'traces', 'pages'] as const
export type MemoryPart = (typeof MEMORY_PARTS)[number]

/** Those that are made again when somebody asks: to let go of them changes no answer. */
export const FREED_PARTS: readonly MemoryPart[] = ['charts', 'tables', 'histograms', 'pages']

/** Bytes of arrays, buffers and texts, counted; what the browser takes beside them nobody can tell. */
export interface HeldProject {
  id: ProjectId
  /** Of several that are looked at as one, their names. */
  name: string
  bytes: Record<MemoryPart, number>
}

export interface Memory {
  projects: HeldProject[]
  /**
   * Lines of what no open project lists (closed sources, previews, differences): they go when the browser
   * collects them, or when room is needed.
   */
  left: number
  /** SQLite's own memory, once it was started. */
  sqlite: number
}
