import { createMemo, createResource, For, Match, Show, Switch } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import { noticeOf } from '../../../model/errors.ts'
import type { DiffRow, TableCell, TableColumn } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'
import { MediaCell } from '../../common/data-table/media-cell.tsx'
import { Words } from '../../common/words.tsx'
import type { DiffModel } from './diff-model.ts'

/** Both rows whole, side by side. */
export function DiffOpened(props: {
  diff: DiffModel
  row: DiffRow
  columns: readonly TableColumn[]
  width: number
  words: readonly [string, string]
  onClose(): void
}) {
  const { ask } = useApp()
  const [cells] = createResource(
    () => ({ row: props.row, refs: props.diff.refs() }),
    async ({ row, refs }) => {
      if (!refs) return [new Map<string, TableCell>(), new Map<string, TableCell>()] as const
      const read = async (ref: typeof refs.a, place: number): Promise<Map<string, TableCell>> => {
        if (place < 0) return new Map()
        const [view, whole] = await Promise.all([
          ask('tableView', { ...ref, filters: [], find: '' }),
          ask('tableRow', { ...ref, place }),
        ])
        return new Map(view.columns.map(({ id }, i) => [id, whole[i] as TableCell]))
      }
      return await Promise.all([read(refs.a, row.placeA), read(refs.b, row.placeB)])
    },
  )
  const both = createMemo(() => (cells.error ? undefined : cells()))
  const side = (at: 0 | 1) => (
    <section class="diff-side" aria-label={props.words[at]}>
      <h3>{props.words[at]}</h3>
      <Show
        when={(at === 0 ? props.row.placeA : props.row.placeB) >= 0}
        fallback={<p class="data-note">has no such row</p>}
      >
        <dl>
          <For each={props.columns}>
            {({ id, name }) => {
              const own = () => both()?.[at].get(id)
              const before = () => both()?.[0].get(id)?.text ?? ''
              const after = () => both()?.[1].get(id)?.text ?? ''
              const paired = () => props.row.placeA >= 0 && props.row.placeB >= 0
              return (
                <Show when={own() && own()?.kind !== 'none'}>
                  <dt>
                    <bdi>{visibleName(name)}</bdi>
                  </dt>
                  <dd class={own()?.kind}>
                    <Switch fallback={own()?.text}>
                      <Match when={own()?.kind === 'media'}>
                        <MediaCell text={own()?.text ?? ''} find="" large />
                      </Match>
                      <Match when={paired()}>
                        <Words before={before()} after={after()} side={at === 0 ? 'before' : 'after'} plain />
                      </Match>
                    </Switch>
                  </dd>
                </Show>
              )
            }}
          </For>
        </dl>
      </Show>
    </section>
  )
  return (
    <div class="data-opened diff-opened" style={{ width: `${props.width}px` }} data-opened>
      <Show
        when={both()}
        fallback={
          <p class="data-note" role={cells.error ? 'alert' : undefined}>
            {cells.error
              ? `Could not read these rows: ${noticeOf(cells.error, 'rows').text}`
              : 'reading the rows'}
          </p>
        }
      >
        {side(0)}
        {side(1)}
      </Show>
    </div>
  )
}
