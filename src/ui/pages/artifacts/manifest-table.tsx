import { createMemo, createSignal, createUniqueId, Match, Show, Switch } from 'solid-js'
import { isSha256 } from '../../../compute/artifact-paths.ts'
import { formatBytes } from '../../../compute/format.ts'
import type { ManifestLine, Sign } from '../../../compute/manifest-diff.ts'
import { MINUS } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { Icon } from '../../components/icon.tsx'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { Cell, Head } from './cells.tsx'
import { SIGN_WORDS } from './diff-bar.tsx'
import type { ArtifactsModel } from './model.ts'

const ROW = 28
const CARD = 48
const MARKS: Record<Sign, string> = { changed: '~', added: '+', removed: MINUS, same: '=' }

/** Files and references of a version, with what became of them since the other one. */
export function ManifestTable(props: { model: ArtifactsModel; narrow: boolean }) {
  const { model } = props
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [reached, setReached] = createSignal(0)
  const id = createUniqueId()
  let control: LongRowsControl | undefined
  const rows = () => model.shown()
  const compared = () => model.against() !== undefined
  const at = createMemo(() => {
    const path = model.own().path
    const found = path ? rows().findIndex((line) => line.path === path) : -1
    return found >= 0 ? found : Math.min(reached(), rows().length - 1)
  })

  function goTo(index: number): void {
    const to = Math.max(0, Math.min(rows().length - 1, index))
    setReached(to)
    // what is looked at follows, once something is
    const line = rows()[to]
    if (model.own().path && line) model.set({ path: line.path })
    control?.scrollTo(to, 'nearest')
  }
  function open(row: number): void {
    const line = rows()[row]
    if (!line) return
    setReached(row)
    model.set({ path: model.own().path === line.path ? '' : line.path })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return
    const page = Math.max(1, Math.floor((scroller()?.clientHeight ?? ROW) / ROW) - 2)
    const moves: Record<string, number> = {
      ...{ ArrowDown: at() + 1, ArrowUp: at() - 1, PageDown: at() + page, PageUp: at() - page },
      ...{ Home: 0, End: rows().length - 1 },
    }
    const next = moves[event.key]
    if (next !== undefined) goTo(next)
    else if (event.key === 'Enter' || event.key === ' ') open(at())
    else if (event.key === 'Escape' && model.own().path) model.set({ path: '' })
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function sort(by: 'path' | 'size'): void {
    const now = model.own().by ?? ''
    model.set({ by: now === by ? `-${by}` : now === `-${by}` ? '' : by })
  }
  const sorted = (by: string) => {
    const now = model.own().by
    return now === by ? 'ascending' : now === `-${by}` ? 'descending' : 'none'
  }
  return (
    <div class="artifact-files" classList={{ narrow: props.narrow, compared: compared() }} ref={setScroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
      <div
        role="grid"
        aria-label="Files"
        aria-rowcount={rows().length + 1}
        tabIndex={0}
        aria-activedescendant={rows().length > 0 ? `${id}-${at()}` : undefined}
        onKeyDown={onKeyDown}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: the same */}
        <div role="rowgroup" class="artifact-heads" classList={{ unseen: props.narrow }}>
          {/* biome-ignore lint/a11y/useSemanticElements: the same */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys */}
          <div role="row" aria-rowindex="1" class="artifact-row">
            <Show when={compared()}>
              <Head class="sign">
                <span class="unseen">change</span>
              </Head>
            </Show>
            <Head class="path" sorted={sorted('path')} onSort={() => sort('path')}>
              path
            </Head>
            <Head class="number" sorted={sorted('size')} onSort={() => sort('size')}>
              size
            </Head>
            <Show when={compared()}>
              <Head class="number">{`to ${againstWords(model)}`}</Head>
            </Show>
            <Head class="mono">sha256</Head>
            <Head class="state">verified</Head>
          </div>
        </div>
        <LongRows
          count={rows().length}
          rowHeight={props.narrow ? CARD : ROW}
          scroller={scroller()}
          inset={props.narrow ? 0 : ROW}
          control={(made) => {
            control = made
          }}
        >
          {(row) => (
            <Show when={rows()[row()]}>
              {(line) => (
                // biome-ignore lint/a11y/useSemanticElements: the same
                // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
                // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
                <div
                  role="row"
                  id={`${id}-${row()}`}
                  aria-rowindex={row() + 2}
                  aria-selected={line().path === model.own().path}
                  class="artifact-row"
                  classList={{ reached: row() === at(), gone: line().sign === 'removed' }}
                  data-path={line().path}
                  data-sign={line().sign}
                  onClick={() => open(row())}
                >
                  <Cells model={model} line={line()} compared={compared()} />
                </div>
              )}
            </Show>
          )}
        </LongRows>
      </div>
      <Show when={rows().length === 0}>
        <p class="artifact-empty" role="status">
          {model.own().show
            ? `Nothing ${SIGN_WORDS[model.own().show as Sign]?.toLowerCase()} against ${againstWords(model)}`
            : 'This version names no file'}
        </p>
      </Show>
    </div>
  )
}

function Cells(props: { model: ArtifactsModel; line: ManifestLine; compared: boolean }) {
  const entry = () => props.line.entry
  const sign = () => props.line.sign
  return (
    <>
      <Show when={props.compared}>
        <Cell class={`sign ${sign() ?? ''}`} title={titleOf(props.line)}>
          <span aria-hidden="true">{sign() ? MARKS[sign() as Sign] : ''}</span>
          <span class="unseen">{sign() ?? ''}</span>
        </Cell>
      </Show>
      <Cell class="path" title={visibleName(props.line.path)}>
        <Show when={sign() === 'removed'} fallback={<bdi>{visibleName(props.line.path)}</bdi>}>
          <del>
            <bdi>{visibleName(props.line.path)}</bdi>
          </del>
        </Show>
        <Show when={props.line.from}>{(from) => <em>{` same content as ${visibleName(from())}`}</em>}</Show>
      </Cell>
      <Cell class="number size" title={`${entry().bytes.toLocaleString('en')} bytes`}>
        {entry().ref !== null && entry().bytes === 0 ? '–' : formatBytes(entry().bytes)}
      </Cell>
      <Show when={props.compared}>
        <Cell class="number grown">{changeOf(props.line)}</Cell>
      </Show>
      <Cell class="mono" title={visibleName(entry().ref ?? entry().digest)}>
        {entry().ref === null ? visibleName(shortDigest(entry().digest)) : visibleName(entry().ref ?? '')}
      </Cell>
      <Cell class="state">
        <State model={props.model} line={props.line} />
      </Cell>
    </>
  )
}

/** What is known of the stored file; a reference has none, and is never verified. */
function State(props: { model: ArtifactsModel; line: ManifestLine }) {
  const { model } = props
  const entry = () => props.line.entry
  const project = () => model.chosen()?.artifact.project ?? ''
  const result = () => model.check.result(project(), entry().digest)
  const read = () => model.check.reading(entry().digest)
  const waits = () => {
    const now = model.check.check()
    return (
      now?.state === 'going' && (now.version === undefined || now.version === model.chosen()?.version.key)
    )
  }
  return (
    <Switch>
      <Match when={entry().ref !== null}>reference, not stored here</Match>
      <Match when={props.line.sign === 'removed'}>{`only in ${againstWords(model)}`}</Match>
      <Match when={read() !== undefined}>
        {`reading ${entry().bytes > 0 ? Math.min(100, Math.floor((100 * (read() ?? 0)) / entry().bytes)) : 100} %`}
      </Match>
      <Match when={result()?.result === 'same'}>
        <span class="good">
          <Icon name="check" />
        </span>
        <span class="said">same digest</span>
      </Match>
      <Match when={result()?.result === 'differs'}>
        <span class="differs" title={`stored under ${entry().digest}, its content is ${result()?.found}`}>
          {`differs: ${shortDigest(entry().digest)} is ${shortDigest(result()?.found ?? '')}`}
        </span>
      </Match>
      <Match when={result()?.result === 'missing'}>
        <span class="differs">missing</span>
      </Match>
      <Match when={result()?.result === 'failed'}>
        <span class="differs" title={result()?.why}>{`not read: ${visibleName(result()?.why ?? '')}`}</span>
      </Match>
      <Match when={waits()}>waiting</Match>
      <Match when={true}>not read</Match>
    </Switch>
  )
}

function againstWords(model: ArtifactsModel): string {
  const now = model.against()
  if (!now) return ''
  const own = now.artifact.key === model.chosen()?.artifact.key
  return own ? `v${now.version.version}` : visibleName(`${now.artifact.name}:v${now.version.version}`)
}

function changeOf({ sign, entry, before }: ManifestLine): string {
  if (sign === undefined || sign === 'same') return ''
  const change = sign === 'removed' ? -entry.bytes : entry.bytes - (before?.bytes ?? 0)
  if (change === 0) return '0'
  return `${change > 0 ? '+' : MINUS}${formatBytes(Math.abs(change))}`
}

function titleOf({ sign, entry, before }: ManifestLine): string {
  if (sign !== 'changed') return sign ?? ''
  return `changed: it was ${visibleName(before?.ref ?? before?.digest ?? '')}, ${(before?.bytes ?? 0).toLocaleString('en')} bytes; now ${visibleName(entry.ref ?? entry.digest)}`
}

export function shortDigest(digest: string): string {
  return isSha256(digest) ? `${digest.slice(0, 8)}…` : digest.slice(0, 40)
}
