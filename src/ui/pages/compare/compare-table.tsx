import { createMemo, createSignal, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { CompareCell, WholeText } from './compare-cell.tsx'
import { EffectCell } from './effect-cell.tsx'
import type { Parts } from './export.ts'
import { VirtualGrid } from './grid.tsx'
import { EffectHead, KeyHead, KeyLabel, NoiseCell } from './key-cells.tsx'
import type { CompareLine } from './lines.ts'
import type { CompareColumn } from './model.ts'
import { leaveOut, makeBase, RunHead } from './run-head.tsx'
import { isSideLine, OUTLINES_HEIGHT, outlinesAcross, type SideLine } from './side-lines.ts'
import { headHeight, linesFor, rowHeight, runWidth, widthsOf } from './sizes.ts'

const KEY = ' key'
const EFFECT = ' effect'

/** Runs as columns, keys and metrics as rows. */
export function CompareTable(props: { parts: Parts; phone: boolean }) {
  const app = useApp()
  const { model, lines, cells } = props.parts
  const [room, setRoom] = createSignal(1200)
  /** The long text that is open below its line. */
  const [opened, setOpened] = createSignal<{ line: string; column: string }>()
  const widths = () => widthsOf(props.phone)
  const width = createMemo(() => runWidth(room(), model.columns().length, props.phone))

  const byColumn = createMemo(() => new Map(model.columns().map((column, i) => [column.id, { column, i }])))
  const columns = createMemo(() => [
    { id: KEY, width: widths().key, class: 'key', stick: 0 },
    { id: EFFECT, width: widths().effect, class: 'effect-column' },
    ...model.columns().map(({ id }, i) => ({
      id,
      width: width(),
      class: i === 0 ? 'base' : 'plain',
      stick: i === 0 && !props.phone ? widths().key : undefined,
    })),
  ])
  const openedLine = createMemo(() => {
    const at = opened()
    const line = at && lines.byId().get(at.line)?.line
    const column = at && byColumn().get(at.column)
    const long = line && column && cells.of(line, column.i).long
    return long && line && column ? { line, long, label: `${line.label}, ${column.column.label}` } : undefined
  })
  const across = createMemo(() => outlinesAcross(room()))
  /** Histograms stand beside each other: the first of a row is its line. */
  const outlineRows = createMemo(() => outlineRowsOf(lines.all(), across()))
  const rows = createMemo(() =>
    lines.all().flatMap((line) => {
      if (line.kind === 'histogram')
        return outlineRows().has(line.id)
          ? { id: line.id, class: 'outlines', whole: true, height: OUTLINES_HEIGHT + 1 }
          : []
      const own = {
        id: line.id,
        class: line.kind,
        whole: line.kind === 'section' || line.kind === 'failure',
        height: rowHeight(line, widths().key, props.phone),
      }
      const open = openedLine()
      if (open?.line.id !== line.id) return own
      const height = Math.min(320, 56 + 18 * linesFor(open.long.text, room() - 60))
      return [own, { id: `w:${line.id}`, class: 'whole', whole: true, height }]
    }),
  )

  function toggle(line: string, column: string): void {
    const at = opened()
    setOpened(at?.line === line && at.column === column ? undefined : { line, column })
  }

  function onKey(event: KeyboardEvent, row: string, id: string): boolean {
    const line = lines.byId().get(row)?.line
    const found = byColumn().get(id)
    if (event.key === 'Escape' && opened()) setOpened(undefined)
    else if (line?.kind === 'section' && (event.key === 'Enter' || event.key === ' '))
      model.choices.fold(line.section)
    else if (event.key === 'Enter' && line && found && cells.of(line, found.i).long) toggle(row, id)
    else if (event.key === 'Enter' && line && isSideLine(line) && (found || id === KEY))
      return lines.sides()?.open(line, found?.i) ?? false
    else if (event.key === 'Enter' && line?.kind === 'failure') line.retry?.()
    else if (!found) return false
    else if (event.key === 'b' && found.i > 0) makeBase(model, found.column)
    else if (event.key === 'Delete') leaveOut(model, found.column)
    else if (event.key === ' ') toggleShown(found.column)
    else if (event.key === 'o') app.runs.solo(keysOf(found.column))
    else return false
    return true
  }
  const keysOf = ({ places }: CompareColumn) => places.flatMap((place) => model.all()[place]?.key ?? [])
  function toggleShown(column: CompareColumn): void {
    app.runs.set(keysOf(column), !keysOf(column).every((key) => app.runs.isShown(key)))
  }

  return (
    <VirtualGrid
      label="Comparison"
      rows={rows()}
      columns={columns()}
      fixed={3}
      headHeight={headHeight(
        model.columns().map(({ label }) => label),
        width(),
      )}
      onWidth={setRoom}
      onKey={onKey}
      onPoint={(id) => app.view.setHighlight(id !== undefined && byColumn().has(id) ? id : undefined)}
      head={(id) => (
        <Show
          when={byColumn().get(id)}
          fallback={id === KEY ? <KeyHead parts={props.parts} /> : <EffectHead parts={props.parts} />}
        >
          {(found) => <RunHead model={model} column={found().column} isBase={found().i === 0} />}
        </Show>
      )}
      cell={(row, id) => (
        <Show
          when={lines.byId().get(row)?.line}
          fallback={
            <Show when={row.startsWith('w:') && openedLine()}>
              {(open) => <WholeText label={open().label} base={open().long.base} text={open().long.text} />}
            </Show>
          }
        >
          {(line) => (
            <Show
              when={byColumn().get(id)}
              fallback={
                id === KEY ? (
                  <Show
                    when={outlineRows().get(row)}
                    fallback={<KeyLabel parts={props.parts} line={line()} />}
                  >
                    {(keys) => lines.sides()?.outlines(keys(), room() / across())}
                  </Show>
                ) : (
                  <MiddleCell parts={props.parts} line={line()} />
                )
              }
            >
              {(found) => (
                <RunCell
                  parts={props.parts}
                  line={line()}
                  run={found().i}
                  opened={opened()?.line === row && opened()?.column === id}
                  onOpen={() => toggle(row, id)}
                />
              )}
            </Show>
          )}
        </Show>
      )}
    />
  )
}

/** Between key and values: what a key does, and what of a metric is noise. */
function MiddleCell(props: { parts: Parts; line: CompareLine }) {
  return (
    <Show
      when={props.line.kind === 'config' || props.line.kind === 'effect' ? props.line : undefined}
      fallback={
        <Show
          when={props.line.kind === 'metric' && props.line}
          fallback={
            <Show when={sideOf(props.line)}>{(side) => props.parts.lines.sides()?.middle(side())}</Show>
          }
        >
          {(line) => <NoiseCell parts={props.parts} metric={line().metric} />}
        </Show>
      }
    >
      {(line) => <EffectCell model={props.parts.model} analysis={props.parts.analysis} line={line()} />}
    </Show>
  )
}

/** The keys of each row of histograms, by the line that it begins with. */
export function outlineRowsOf(lines: readonly CompareLine[], across: number): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let row: string[] = []
  for (const line of lines) {
    if (line.kind !== 'histogram') continue
    if (row.length % across === 0) {
      row = []
      found.set(line.id, row)
    }
    row.push(line.key)
  }
  return found
}

/** What a run has in a line. */
export function RunCell(props: {
  parts: Parts
  line: CompareLine
  run: number
  opened: boolean
  onOpen(): void
}) {
  return (
    <Show
      when={sideOf(props.line)}
      fallback={
        <CompareCell
          view={props.parts.cells.of(props.line, props.run)}
          opened={props.opened}
          onOpen={props.onOpen}
        />
      }
    >
      {(side) => props.parts.lines.sides()?.cell(side(), props.run)}
    </Show>
  )
}

/** A line that is drawn by code of its own. */
export function sideOf(line: CompareLine): SideLine | undefined {
  return isSideLine(line) ? line : undefined
}
