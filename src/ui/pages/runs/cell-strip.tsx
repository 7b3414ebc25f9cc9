import { createMemo, For, onCleanup, onMount, Show } from 'solid-js'
import { withTerm } from '../../../compute/filter-text.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { copyText } from '../../common/clipboard.ts'
import { cellText, filterSubject, filterValue } from './cells.ts'
import type { TableColumn } from './columns.ts'
import type { Line } from './lines.ts'
import type { RunsModel } from './model.ts'

const LOGGED_PAGES = { media: 'Media', picture: 'Media', table: 'Tables', traces: 'Traces' }

/** Under a cell: what its value can be the condition of, and copying it. Esc closes it. */
export function CellStrip(props: {
  model: RunsModel
  line: Line | undefined
  column: TableColumn | undefined
  top: number
  left: number
  /** It was opened by a key, and takes the focus. */
  focus: boolean
  onClose(): void
}) {
  const { preferences } = useApp()
  const run = createMemo(() => {
    const { line } = props
    return line?.kind === 'run' ? line.run : line?.runs[0]
  })
  const data = () => props.column?.data()
  const subject = () => (props.column ? filterSubject(props.column.spec) : undefined)
  const value = createMemo(() => {
    const [found, place] = [data(), run()]
    return found && place !== undefined ? filterValue(found, place) : undefined
  })
  const text = createMemo(() => {
    const [found, place] = [data(), run()]
    if (!found || place === undefined || !props.column) return ''
    return cellText(props.column.spec, found, place, preferences.value().timeZone)
  })
  /** Of a group, its runs may differ: only what they have in common is a condition. */
  const terms = createMemo(() => {
    const found = data()
    if (subject() === undefined || value() === undefined || !found) return []
    if (props.line?.kind === 'group' && props.column?.spec.kind === 'metric') return []
    return found.kind === 'text'
      ? [
          ['=', '='],
          ['≠', '!='],
        ]
      : [
          ['=', '='],
          ['≠', '!='],
          ['≥', '>='],
          ['≤', '<='],
        ]
  })
  /** Of one run: what a group's runs logged has no place of its own. */
  const logged = () =>
    props.line?.kind === 'run' && props.column?.spec.kind === 'logged' ? props.column.spec : undefined
  let root: HTMLDivElement | undefined
  onMount(() => {
    if (props.focus) root?.querySelector('button')?.focus()
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root?.contains(event.target)) props.onClose()
    }
    document.addEventListener('pointerdown', onPointer, true)
    onCleanup(() => document.removeEventListener('pointerdown', onPointer, true))
  })

  function onKeyDown(event: KeyboardEvent): void {
    const buttons = [...(root?.querySelectorAll('button') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    if (event.key === 'Escape') props.onClose()
    else if (event.key === 'ArrowRight') buttons[(at + 1) % buttons.length]?.focus()
    else if (event.key === 'ArrowLeft') buttons[(at - 1 + buttons.length) % buttons.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function add(operator: string): void {
    props.model.setFilter(withTerm(props.model.filter(), `${subject()} ${operator} ${value()}`))
    props.onClose()
  }

  return (
    <Show when={text() !== '' && props.column}>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, no fieldset */}
      <div
        class="cell-strip"
        role="group"
        aria-label={`${props.column?.label}: ${text()}`}
        style={{ transform: `translate(${props.left}px, ${props.top}px)` }}
        ref={root}
        onKeyDown={onKeyDown}
        onPointerLeave={() => !props.focus && props.onClose()}
      >
        <For each={terms()}>
          {([sign, operator], i) => (
            <button
              type="button"
              title={`Filter: ${subject()} ${operator} ${value()}`}
              aria-label={`Filter: ${subject()} ${operator} ${value()}`}
              onClick={() => add(operator ?? '=')}
            >
              {i() === 0 ? `${sign} ${visibleName(text())}` : sign}
            </button>
          )}
        </For>
        <Show when={logged()}>
          {(spec) => (
            <>
              <Show when={spec().of === 'picture'}>
                <span class="strip-picture">{props.model.logged()?.picture(spec(), run() ?? -1, 160)}</span>
              </Show>
              <button type="button" onClick={() => props.model.logged()?.open(spec(), run() ?? -1)}>
                {`Open in ${LOGGED_PAGES[spec().of]}`}
              </button>
            </>
          )}
        </Show>
        <button
          type="button"
          onClick={() => {
            void copyText(value()?.replace(/^"(.*)"$/s, '$1') ?? text())
            props.onClose()
          }}
        >
          Copy
        </button>
      </div>
    </Show>
  )
}
