import { type Accessor, createMemo } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { TABLE } from '../../model/logged-table.ts'
import type { RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import type { TypedValues } from '../../model/typed-values.ts'
import { createGrowing, type GrowingStatus } from './growing.ts'

/** A key that tables were logged under: where they lie, by run. */
export interface TableKey {
  key: string
  tables: number
  runs: ReadonlyMap<RunKey, readonly TablePlace[]>
}

export interface TablePlace {
  row: number
  /** NaN where none was logged. */
  step: number
  /** ms since 1970, NaN where it cannot be read. */
  time: number
}

export interface TableValues {
  status: Accessor<GrowingStatus<{ values: TypedValues }>>
  values: Accessor<TypedValues | undefined>
  /** Sorted by name. */
  keys: Accessor<readonly TableKey[]>
  retry(): void
}

export interface TableValuesOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  version: Accessor<number>
  live: Accessor<boolean>
}

/** Which tables the project's runs logged, looked up as it grows. */
export function createTableValues({ ask, project, version, live }: TableValuesOptions): TableValues {
  const { status, retry } = createGrowing<{ values: TypedValues }>({
    ...{ subject: 'tables', project, version, live, wanted: () => true },
    ask: async (id, signal) => ({
      values: await ask('values', { project: id, kinds: [TABLE] }, { signal }),
    }),
    isSame: (before, now) => before.values.version === now.values.version,
  })
  const values = createMemo(() => {
    const now = status()
    return now.kind === 'ready' ? now.values : undefined
  })
  return { status, values, keys: createMemo(() => keysOf(values())), retry }
}

function keysOf(values: TypedValues | undefined): TableKey[] {
  if (!values) return []
  const found = values.keys.map((key) => ({ key, tables: 0, runs: new Map<RunKey, TablePlace[]>() }))
  for (let i = 0; i < values.run.length; i++) {
    const one = found[values.key[i] as number]
    const run = values.runs[values.run[i] as number]
    if (!one || run === undefined) continue
    const places = one.runs.get(run) ?? []
    if (places.length === 0) one.runs.set(run, places)
    places.push({
      row: values.row[i] as number,
      step: values.step[i] as number,
      time: values.time[i] as number,
    })
    one.tables++
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1))
}
