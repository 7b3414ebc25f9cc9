import { chunksOf, type Keys } from './key-structure.ts'
import type { RunRows } from './parquet-runs.ts'
import { makeSampler } from './parquet-sample.ts'
import type { Table } from './parquet-table.ts'
import { type Budget, type Limits, planLook } from './plan.ts'

/** Stands for the rows of a file behind a network until they are read. */
export interface Preview {
  /** It is all there is until somebody asks for the rest. */
  held: boolean
  /** It was read. */
  ready(): boolean
  read(signal: AbortSignal): Promise<void>
  /** See Sampler.load. */
  load(keys: readonly number[]): Promise<void>
  runs(): RunRows[]
}

/**
 * Undefined where the file is read as it is: its first picture costs little, or nothing tells where its pages
 * are. `rowBytes`: of the rows without their metrics.
 */
export function makePreview(
  table: Table,
  keys: Keys,
  rowBytes: number,
  budget: Budget,
  limits: Limits,
): Preview | undefined {
  const { numbers } = keys
  const bytes = numbers
    .flatMap(({ leaf }) => chunksOf(table, leaf))
    .reduce((sum, { start, end }) => sum + end - start, 0)
  const look = planLook(
    { rows: rowBytes, metric: bytes / Math.max(1, numbers.length), metrics: numbers.length },
    budget,
  )
  const sampler = look === 'whole' ? undefined : makeSampler(table, keys, limits)
  if (!sampler) return undefined
  let state: 'unread' | 'ready' | 'useless' = 'unread'
  const preview: Preview = {
    held: look === 'held',
    ready: () => state === 'ready',
    async read(signal) {
      if (state !== 'unread') return
      state = (await sampler.read(signal)) ? 'ready' : 'useless'
      if (state === 'useless') preview.held = false
    },
    load: sampler.load,
    runs: () => (state === 'ready' ? sampler.runs() : []),
  }
  return preview
}
