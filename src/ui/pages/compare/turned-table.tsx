import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { STATISTIC_WORDS } from '../runs/labels.ts'
import { WholeText } from './compare-cell.tsx'
import { outlineRowsOf, RunCell, sideOf } from './compare-table.tsx'
import { effectText } from './effect-cell.tsx'
import type { Parts } from './export.ts'
import { VirtualGrid } from './grid.tsx'
import { EffectHead, KeyHead, KeyLabel, NoiseCell } from './key-cells.tsx'
import type { CompareLine } from './lines.ts'
import { leaveOut, makeBase, RunHead } from './run-head.tsx'
import { isSideLine, OUTLINES_HEIGHT, outlinesAcross, PICTURE } from './side-lines.ts'
import { headHeight, linesFor, sideHeight, widthsOf } from './sizes.ts'

const NAME = ' name'
const EFFECT = ' effect'
/** Lines that are no column: histograms of all runs stand below them. */
const APART = new Set<CompareLine['kind']>(['section', 'effect', 'histogram', 'failure'])
/** Wide enough for a change with its interval. */
const KEY_WIDTH = 216

/** Runs as rows, keys and metrics as columns; what a key does stands above its values. */
export function TurnedTable(props: { parts: Parts; phone: boolean }) {
  const app = useApp()
  const { model, lines, cells } = props.parts
  const [room, setRoom] = createSignal(1200)
  const [opened, setOpened] = createSignal<{ line: string; column: string }>()
  const nameWidth = () => (props.phone ? 190 : widthsOf(false).key + 40)
  const keys = createMemo(() => lines.all().filter(({ kind }) => !APART.has(kind)))
  const byId = createMemo(() => new Map(keys().map((line) => [line.id, line])))
  const byRun = createMemo(() => new Map(model.columns().map((column, i) => [column.id, { column, i }])))
  const columns = createMemo(() => [
    { id: NAME, width: nameWidth(), class: 'key', stick: 0 },
    ...keys().map(({ id }) => ({ id, width: KEY_WIDTH, class: 'plain' })),
  ])
  const openedCell = createMemo(() => {
    const at = opened()
    const [line, run] = [at && byId().get(at.line), at && byRun().get(at.column)]
    const long = line && run && cells.of(line, run.i).long
    return long && line && run ? { run, long, label: `${line.label}, ${run.column.label}` } : undefined
  })
  const across = createMemo(() => outlinesAcross(room()))
  const outlineRows = createMemo(() => outlineRowsOf(lines.all(), across()))
  const failures = createMemo(
    () => new Map(lines.all().flatMap((line) => (line.kind === 'failure' ? [[line.id, line] as const] : []))),
  )
  const tallest = createMemo(() =>
    keys().reduce((most, line) => Math.max(most, sideHeight(line, PICTURE.turned)), 0),
  )
  const rows = createMemo(() => [
    { id: EFFECT, class: 'effects', height: 66 },
    ...model.columns().flatMap(({ id, label }, i) => {
      const own = {
        id,
        class: i === 0 ? 'base-row' : 'run-row',
        height: Math.max(
          props.phone ? 44 : 34,
          tallest(),
          14 + 17 * linesFor(label, nameWidth() - 80) + (i === 0 ? 15 : 0),
        ),
      }
      const open = openedCell()
      if (open?.run.column.id !== id) return own
      return [
        own,
        {
          id: `w:${id}`,
          class: 'whole',
          whole: true,
          height: Math.min(320, 56 + 18 * linesFor(open.long.text, room() - 60)),
        },
      ]
    }),
    ...[...outlineRows().keys()].map((id) => ({
      ...{ id, class: 'outlines', whole: true, height: OUTLINES_HEIGHT + 1 },
    })),
    ...[...failures().keys()].map((id) => ({ id, class: 'failure', whole: true, height: 44 })),
  ])

  function toggle(line: string, column: string): void {
    const at = opened()
    setOpened(at?.line === line && at.column === column ? undefined : { line, column })
  }

  function onKey(event: KeyboardEvent, row: string, id: string): boolean {
    const [run, line] = [byRun().get(row), byId().get(id)]
    if (event.key === 'Escape' && opened()) setOpened(undefined)
    else if (event.key === 'Enter' && failures().has(row)) failures().get(row)?.retry?.()
    else if (!run) return false
    else if (event.key === 'Enter' && line && isSideLine(line))
      return lines.sides()?.open(line, run.i) ?? false
    else if (event.key === 'Enter' && line && cells.of(line, run.i).long) toggle(id, row)
    else if (event.key === 'b' && run.i > 0) makeBase(model, run.column)
    else if (event.key === 'Delete') leaveOut(model, run.column)
    else return false
    return true
  }

  return (
    <VirtualGrid
      label="Comparison, transposed"
      rows={rows()}
      columns={columns()}
      fixed={1}
      turned
      headHeight={headHeight(
        keys().map(({ label }) => label),
        KEY_WIDTH + 40,
      )}
      onWidth={setRoom}
      onKey={onKey}
      head={(id) => (
        <Show when={byId().get(id)} fallback={<KeyHead parts={props.parts} />}>
          {(line) => <LineHead parts={props.parts} line={line()} />}
        </Show>
      )}
      cell={(row, id) => (
        <Show
          when={byRun().get(row)}
          fallback={
            <Switch
              fallback={
                <Show when={openedCell()}>
                  {(open) => (
                    <WholeText label={open().label} base={open().long.base} text={open().long.text} />
                  )}
                </Show>
              }
            >
              <Match when={row === EFFECT}>
                <Show when={byId().get(id)} fallback={<EffectHead parts={props.parts} />}>
                  {(line) => <Above parts={props.parts} line={line()} />}
                </Show>
              </Match>
              <Match when={outlineRows().get(row)}>
                {(keys) => lines.sides()?.outlines(keys(), room() / across())}
              </Match>
              <Match when={failures().get(row)}>
                {(line) => <KeyLabel parts={props.parts} line={line()} />}
              </Match>
            </Switch>
          }
        >
          {(run) => (
            <Show
              when={byId().get(id)}
              fallback={<RunHead model={model} column={run().column} isBase={run().i === 0} />}
            >
              {(line) => (
                <RunCell
                  parts={props.parts}
                  line={line()}
                  run={run().i}
                  opened={opened()?.line === id && opened()?.column === row}
                  onOpen={() => toggle(id, row)}
                />
              )}
            </Show>
          )}
        </Show>
      )}
      onPoint={() => app.view.setHighlight(undefined)}
    />
  )
}

function LineHead(props: { parts: Parts; line: CompareLine }) {
  return (
    <span class="run-words">
      <Show when={sideOf(props.line)} fallback={<b>{visibleName(props.line.label)}</b>}>
        {(side) => props.parts.lines.sides()?.label(side())}
      </Show>
      <Show when={props.line.kind === 'metric' && props.line}>
        {(line) => <span class="note">{STATISTIC_WORDS[props.parts.model.statisticOf(line().metric)]}</span>}
      </Show>
    </span>
  )
}

/** Above the values of a key what it does, above those of a metric what of it is noise. */
function Above(props: { parts: Parts; line: CompareLine }) {
  const text = () =>
    props.line.kind === 'config' ? effectText(props.parts.model, props.parts.analysis, props.line.key) : ''
  return (
    <Show
      when={props.line.kind === 'metric' && props.line}
      fallback={
        <span class="quiet above" title={text()}>
          <Show when={sideOf(props.line)} fallback={text()}>
            {(side) => props.parts.lines.sides()?.middle(side())}
          </Show>
        </span>
      }
    >
      {(line) => <NoiseCell parts={props.parts} metric={line().metric} />}
    </Show>
  )
}
