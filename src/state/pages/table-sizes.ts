import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { TablePlace } from './table-values.ts'

/** While more are read, those that are known are told so often. */
const TELL_MS = 150

/** How large the last table of a run is. */
export type TableSize =
  | { state: 'ready'; rows: number; columns: number; notes: readonly string[] }
  | { state: 'failed'; why: string }

export interface TableSizes {
  /** Of the tables that a run logged at these rows, as one; undefined while they are read, which this begins. */
  of(key: string, run: RunKey, places: readonly TablePlace[]): TableSize | undefined
  busy: Accessor<boolean>
  /** Asks again for what could not be read. */
  retry(): void
}

interface Wanted {
  key: string
  run: RunKey
  places: readonly TablePlace[]
}

/** Sizes of tables, one after the other as somebody looks for them: a table is read whole for it. */
export function createTableSizes(
  ask: EngineApi['ask'],
  project: Accessor<ProjectId | undefined>,
): TableSizes {
  const known = new Map<string, TableSize>()
  const [told, setTold] = createSignal(0)
  const [busy, setBusy] = createSignal(false)
  const waiting = new Map<string, Wanted>()
  let abort = new AbortController()
  onCleanup(() => abort.abort())

  createEffect(
    on(
      project,
      () => {
        abort.abort()
        abort = new AbortController()
        waiting.clear()
        known.clear()
        setTold((n) => n + 1)
      },
      { defer: true },
    ),
  )

  async function readWaiting(): Promise<void> {
    if (busy()) return
    setBusy(true)
    let last = performance.now()
    for (;;) {
      const [next] = waiting
      const id = project()
      if (!next || id === undefined || abort.signal.aborted) break
      const [name, wanted] = next
      const { signal } = abort
      const size = await sizeOf(id, wanted, signal)
      // of another project what is wanted is another one
      if (signal.aborted || !size) continue
      waiting.delete(name)
      known.set(name, size)
      // of hundreds of runs each one would have all who wait look through all of them
      if (waiting.size > 0 && performance.now() - last < TELL_MS) continue
      last = performance.now()
      setTold((n) => n + 1)
    }
    setBusy(false)
  }

  async function sizeOf(
    id: ProjectId,
    { key, run, places }: Wanted,
    signal: AbortSignal,
  ): Promise<TableSize | undefined> {
    try {
      const at = places.map(({ row }) => ({ run, row }))
      const view = await ask(
        'tableView',
        { project: id, key, runs: [run], at, filters: [], find: '' },
        { signal },
      )
      return { state: 'ready', rows: view.rows, columns: columnsIn(view.columns), notes: view.notes }
    } catch (error) {
      // given up here: whoever else ended it, it is not known
      return isAbort(error) && signal.aborted
        ? undefined
        : { state: 'failed', why: noticeOf(error, key).text }
    }
  }

  return {
    of(key, run, places) {
      const name = JSON.stringify([key, run, places.map(({ row, step, time }) => [row, step, time])])
      told()
      const found = known.get(name)
      if (!found && !waiting.has(name)) {
        waiting.set(name, { key, run, places })
        queueMicrotask(() => void readWaiting())
      }
      return found
    },
    busy,
    retry() {
      for (const [name, { state }] of known) if (state === 'failed') known.delete(name)
      setTold((n) => n + 1)
    },
  }
}

/** Those that were logged: a step and a run come before them. */
function columnsIn(columns: readonly { id: string }[]): number {
  return columns.filter(({ id }) => id.startsWith('.')).length
}
