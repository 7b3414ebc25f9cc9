import { tableText } from '../../../compute/table-text.ts'
import type { RunKey } from '../../../model/run.ts'
import { useApp } from '../../../state/app.ts'
import { copyText } from '../../common/clipboard.ts'
import type { Line } from './lines.ts'
import { keysOf, type RunsModel } from './model.ts'
import type { Cell, createRange } from './range.ts'
import { textTableOf } from './table-text-of.ts'

const PAGE_ROWS = 15

export interface TableKeys {
  model: RunsModel
  range: ReturnType<typeof createRange>
  lineAt(id: string): Line | undefined
  placeOf(id: string): number | undefined
  goTo(index: number, column: number, extend?: boolean): void
  toggle(line: Line): void
  openRun(line: Line): void
  openStrip(cell: Cell): void
  openMenu(line: Line, button: HTMLElement): void
}

/** What the keys do in a cell of the table. */
export function makeTableKeys(table: TableKeys): (event: KeyboardEvent) => void {
  const { model, range } = table
  const { runs, changes } = useApp()

  return (event) => {
    if (event.altKey || !(event.target instanceof HTMLElement)) return
    const cell = event.target.closest<HTMLElement>('[role="gridcell"]')
    if (!cell || event.target !== cell) return
    const column = Number(cell.dataset.column)
    const line = table.lineAt(range.current()?.line ?? '')
    const done =
      event.ctrlKey || event.metaKey
        ? onCommand(event.key, line)
        : move(event, column, line) || (line !== undefined && act(event, cell, column, line))
    if (!done) return
    event.preventDefault()
    event.stopPropagation()
  }

  function onCommand(key: string, line: Line | undefined): boolean {
    if (key === 'c' && line) copy()
    else if (key === 'a')
      model.selection.set(
        model.listed().flatMap((run) => model.all()[run]?.key ?? []),
        'all that are listed',
      )
    else return false
    return true
  }

  /** The range as it would stand in a spreadsheet; of one cell its value alone. */
  function copy(): void {
    const at = range.current()
    const found = range.rectangle()
    const [top, bottom] = found?.lines ?? [
      table.placeOf(at?.line ?? '') ?? 0,
      table.placeOf(at?.line ?? '') ?? 0,
    ]
    const [left, right] = found?.columns ?? [at?.column ?? -1, at?.column ?? -1]
    const lines = model.lines().slice(top, bottom + 1)
    const columns = model.columns().slice(Math.max(0, left), right + 1)
    const text = textTableOf(model, lines, columns, left < 0)
    const alone = top === bottom && left === right
    void copyText(alone ? (text.rows[0]?.[0] ?? '') : tableText(text, 'tsv'))
  }

  function move(event: KeyboardEvent, column: number, line: Line | undefined): boolean {
    const at = table.placeOf(range.current()?.line ?? '') ?? 0
    const { key, shiftKey } = event
    const isName = column === -1 && line?.kind === 'group' && !shiftKey
    if (isName && ((key === 'ArrowRight' && !line.open) || (key === 'ArrowLeft' && line.open))) {
      model.toggleGroup(line.id.slice(2))
      return true
    }
    const to: Record<string, [number, number]> = {
      ArrowDown: [at + 1, column],
      ArrowUp: [at - 1, column],
      PageDown: [at + PAGE_ROWS, column],
      PageUp: [at - PAGE_ROWS, column],
      ArrowRight: [at, column + 1],
      ArrowLeft: [at, column - 1],
      Home: [at, -1],
      End: [at, model.columns().length],
    }
    const found = to[key]
    if (found) table.goTo(...found, shiftKey)
    return found !== undefined
  }

  /** What is selected, where the line is; else the line's own. */
  function meantBy(line: Line): readonly RunKey[] {
    const own = keysOf(model, line)
    return own.every(model.selection.has) ? model.selection.keys() : own
  }

  function act({ key, shiftKey }: KeyboardEvent, cell: HTMLElement, column: number, line: Line): boolean {
    if (key === ' ' && shiftKey) model.selection.toggle(keysOf(model, line), 'in the table')
    else if (key === ' ') table.toggle(line)
    else if (key === 'Escape' && (model.selection.count() > 0 || range.rectangle())) range.clear()
    else if (key === 'Delete') void changes.delete(meantBy(line))
    else if (key === 'o') runs.solo(keysOf(model, line))
    else if (key === 'b') model.setBaseline(model.isBaseline(line) ? undefined : line)
    else if (key === 'm' || key === 'ContextMenu') table.openMenu(line, cell)
    else if (key === 'Enter' && column === -1 && line.kind === 'group') model.toggleGroup(line.id.slice(2))
    else if (key === 'Enter' && column === -1) table.openRun(line)
    else if (key === 'Enter') table.openStrip({ line: line.id, column })
    else return false
    return true
  }
}
