import '../../styles/media.css'
import '../../styles/runs-logged.css'
import { type Accessor, createMemo, createSignal, type JSX, Show } from 'solid-js'
import { type Column, type ColumnSpec, columnId } from '../../../compute/run-columns.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { Run } from '../../../model/run.ts'
import { useApp } from '../../../state/app.ts'
import { createLoggedSides } from '../../../state/pages/logged-sides.ts'
import { createLasting } from '../../common/lasting.ts'
import { CardBody } from '../media/card.tsx'
import { paneOf } from '../media/open-panes.ts'
import { openMedia, openPanes, openTables, openTraces } from '../open-sides.ts'

type Spec = ColumnSpec & { kind: 'logged' }

export interface LoggedColumns {
  /** Undefined while it is read. */
  column(spec: Spec): Column | undefined
  failed(spec: Spec): string | undefined
  /** Reads it again where that failed. */
  retry(spec: Spec): void
  /** The same of one run's value. */
  failedOf(spec: Spec, run: number): string | undefined
  /** Of a column of pictures the last one of a run, so high. */
  picture(spec: Spec, run: number, size: number): JSX.Element
  /** Goes to where a run's values are. */
  open(spec: Spec, run: number): void
}

/** Columns of what runs logged beside numbers. Each kind is looked up when a column of it is. */
export function createLoggedColumns(all: Accessor<readonly Run[]>): LoggedColumns {
  const app = useApp()
  const { ask, settled, data, sources } = app
  const lasting = createLasting()
  const [wanted, setWanted] = createSignal<ReadonlySet<string>>(new Set())
  /** Whoever asks is a memo: what it reads is written after it. */
  function want(kind: 'media' | 'tables'): void {
    if (!wanted().has(kind)) queueMicrotask(() => setWanted((before) => new Set(before).add(kind)))
  }
  const logged = createLoggedSides({
    ...{ ask, settled, data },
    project: sources.asked,
    live: () => Boolean(sources.source()?.info.live),
    find: sources.media,
    wants: (kind) => wanted().has(kind),
  })
  const { media, tables, traces } = logged

  const columns = new Map<string, Accessor<Column | undefined>>()
  function column(spec: Spec): Column | undefined {
    const id = columnId(spec)
    let made = columns.get(id)
    if (!made) {
      let of: string | undefined
      // while more is read of a project that grows, what was known of it stays
      made = lasting(() =>
        createMemo<Column | undefined>((before) => {
          const kept = of === sources.asked() ? before : undefined
          of = sources.asked()
          return valuesOf(spec) ?? kept
        }),
      )
      columns.set(id, made)
    }
    return made()
  }

  function valuesOf({ of, key }: Spec): Column | undefined {
    if (of === 'traces') {
      const counts = logged.traceCounts()
      // a number that goes on growing would sort the table anew again and again
      if (!counts || !traces.list()?.complete) return undefined
      return numbers((run) => counts.get(run.key)?.traces)
    }
    if (of === 'table') {
      want('tables')
      if (tables.status().kind !== 'ready') return undefined
      const found = all().map((run) => logged.lastTable(run.key, key)?.size())
      const has = all().map((run) => logged.lastTable(run.key, key) !== undefined)
      if (found.some((size, i) => has[i] && size === undefined)) return undefined
      return numbers((_, i) => {
        const size = found[i]
        return size?.state === 'ready' ? size.rows : undefined
      })
    }
    want('media')
    if (media.status().kind !== 'ready') return undefined
    if (of === 'picture') return numbers((run) => logged.lastMedia(run.key, key)[0]?.step)
    return numbers((run) => logged.mediaOf(run.key, key).length || undefined)
  }

  function numbers(of: (run: Run, place: number) => number | undefined): Column {
    const values = new Float64Array(all().length).fill(Number.NaN)
    const has = new Uint8Array(all().length)
    all().forEach((run, i) => {
      const value = of(run, i)
      if (value === undefined) return
      values[i] = value
      has[i] = 1
    })
    return { kind: 'number', values, has }
  }

  function failed({ of }: Spec): string | undefined {
    const status = of === 'traces' ? traces.status() : of === 'table' ? tables.status() : media.status()
    if (status.kind === 'failed') return status.notice.text
    return undefined
  }

  function Last(props: { spec: Spec; run: number; size: number }) {
    const item = createMemo(() => logged.lastMedia(all()[props.run]?.key ?? '', props.spec.key)[0])
    const caption = () => {
      const now = item()
      return now ? visibleName(media.payload(now)?.caption ?? '') : ''
    }
    return (
      <Show when={item()}>
        {(now) => (
          <span
            class="logged-picture"
            title={media.failed() ?? caption()}
            style={{ width: `${props.size}px`, height: `${props.size}px` }}
          >
            <span class="card-open">
              <CardBody model={logged} item={now()} cell={props.size} />
            </span>
          </span>
        )}
      </Show>
    )
  }

  return {
    column,
    failed,
    retry({ of }) {
      if (of === 'traces') traces.retry()
      else if (of === 'table') tables.retry()
      else media.retry()
    },
    failedOf({ of, key }, place) {
      if (of !== 'table') return undefined
      const size = logged.lastTable(all()[place]?.key ?? '', key)?.size()
      return size?.state === 'failed' ? size.why : undefined
    },
    picture: (spec, run, size) => <Last spec={spec} run={run} size={size} />,
    open({ of, key }, place) {
      const run = all()[place]?.key
      if (run === undefined) return
      if (of === 'traces') openTraces(app, run)
      else if (of === 'table') openTables(app, key, [run])
      else if (of === 'media') openMedia(app, key, [run])
      else {
        const [item] = logged.lastMedia(run, key)
        if (item) openPanes(app, [paneOf(item, logged.mediaOf(run, key), true)])
      }
    },
  }
}
