import { createMemo, createResource, For, Match, Show, Switch } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { TableCell, TableColumn } from '../../../model/logged-table.ts'
import { copyText } from '../clipboard.ts'
import { Hits } from './hits.tsx'
import { MediaCell } from './media-cell.tsx'

/** A text from here on, or one of several lines, has the width; what is shorter stands at the side. */
const LONG = 72
/** More of a text is not drawn at once: a window of a hundred megabytes stands still. */
const MOST = 200_000

export interface OpenedRowProps {
  columns: readonly TableColumn[]
  /** All its cells, whole. */
  read(): Promise<readonly TableCell[]>
  find: string
  width: number
  onClose(): void
}

interface Field {
  name: string
  cell: TableCell
}

/** A row with all it holds: long texts and pictures, and the rest beside them. */
export function OpenedRow(props: OpenedRowProps) {
  const [cells] = createResource(
    () => props.read,
    (read) => read(),
  )
  const fields = createMemo(() =>
    (cells.error ? [] : (cells() ?? [])).flatMap((cell, i): Field[] => {
      const name = props.columns[i]?.name
      return name === undefined || cell.kind === 'none' ? [] : [{ name, cell }]
    }),
  )
  const isLong = ({ cell }: Field): boolean =>
    cell.kind === 'media' || cell.kind === 'json' || cell.text.length > LONG || cell.text.includes('\n')
  const long = createMemo(() => fields().filter(isLong))
  const short = createMemo(() => fields().filter((field) => !isLong(field)))
  return (
    <div class="data-opened" style={{ width: `${props.width}px` }} data-opened>
      <Switch>
        <Match when={cells.error}>
          <p class="data-note" role="alert">{`Could not read this row: ${messageOf(cells.error)}`}</p>
        </Match>
        <Match when={cells.loading}>
          <p class="data-note">reading the row</p>
        </Match>
        <Match when={true}>
          <div class="data-long">
            <For each={long()}>
              {(field) => (
                <section aria-label={visibleName(field.name)}>
                  <h3>
                    <bdi>{visibleName(field.name)}</bdi>
                    <small>{lengthOf(field.cell)}</small>
                    <button type="button" class="link-button" onClick={() => void copyText(field.cell.text)}>
                      Copy
                    </button>
                  </h3>
                  <Show
                    when={field.cell.kind === 'media'}
                    fallback={<LongText cell={field.cell} find={props.find} />}
                  >
                    <MediaCell text={field.cell.text} find={props.find} large />
                  </Show>
                </section>
              )}
            </For>
            <Show when={long().length === 0}>
              <p class="data-note">Everything of this row is at its side.</p>
            </Show>
          </div>
          <div class="data-side">
            <dl>
              <For each={short()}>
                {(field) => (
                  <>
                    <dt>
                      <bdi>{visibleName(field.name)}</bdi>
                    </dt>
                    <dd class={field.cell.kind}>
                      <Hits text={field.cell.text} find={props.find} />
                    </dd>
                  </>
                )}
              </For>
            </dl>
            <p class="data-acts">
              <button type="button" class="link-button" onClick={() => void copyText(jsonOf(fields()))}>
                Copy as JSON
              </button>
              <button type="button" class="link-button" onClick={() => props.onClose()}>
                Close
              </button>
            </p>
          </div>
        </Match>
      </Switch>
    </div>
  )
}

function LongText(props: { cell: TableCell; find: string }) {
  const text = createMemo(() => {
    const { kind, text: written } = props.cell
    if (kind !== 'json') return written
    try {
      // numbers with more digits than a double holds stay as they are written
      return /\d{16}/.test(written) ? written : JSON.stringify(JSON.parse(written), null, 2)
    } catch {
      return written
    }
  })
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keys */}
      <pre tabIndex={0}>
        <Hits text={text().slice(0, MOST)} find={props.find} plain />
      </pre>
      <Show when={text().length > MOST}>
        <p class="data-note">
          {`The first ${formatCount(MOST)} of ${formatCount(text().length)} letters are shown; Copy takes all.`}
        </p>
      </Show>
    </>
  )
}

function lengthOf({ kind, text }: TableCell): string {
  return kind === 'text' ? `${formatCount(text.length)} ${text.length === 1 ? 'letter' : 'letters'}` : ''
}

/** As it was logged: numbers keep their digits. */
function jsonOf(fields: readonly Field[]): string {
  const members = fields.map(({ name, cell }) => {
    const isText = cell.kind === 'text' || (cell.kind === 'number' && !Number.isFinite(Number(cell.text)))
    return `${JSON.stringify(name)}: ${isText ? JSON.stringify(cell.text) : cell.text}`
  })
  return `{${members.join(', ')}}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
