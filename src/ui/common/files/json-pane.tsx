import { createEffect, Match, onCleanup, Show, Switch } from 'solid-js'
import { visibleCode } from '../../../compute/code-pieces.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { FileLook, FileRef, JsonNode } from '../../../model/file.ts'
import { useApp } from '../../../state/app.ts'
import { createFileJson, type JsonRow } from '../../../state/pages/file-json.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import { TreeList } from '../../components/tree-list.tsx'
import { FileFacts } from './file-facts.tsx'

/** Levels that are shown by their place: deeper ones say how deep they are. */
const DEEPEST = 30

const KINDS: Record<JsonNode['kind'], string> = {
  object: 'tok-punctuation',
  array: 'tok-punctuation',
  string: 'tok-string',
  number: 'tok-number',
  true: 'tok-bool',
  false: 'tok-bool',
  null: 'tok-bool',
  word: 'tok-bool',
}

/** JSON as a tree, with numbers as they are written. */
export function JsonPane(props: { file: FileRef; look: FileLook; name: string }) {
  const { ask, settled } = useApp()
  const { file, look } = props
  const json = createFileJson(ask, file, look)
  createEffect(() => settled.setBusy('file-json', json.progress() !== undefined))
  onCleanup(() => settled.setBusy('file-json', false))
  return (
    <>
      <div class="file-tools">
        <Show when={json.progress()}>
          {(words) => (
            <span class="patient">
              {words()}{' '}
              <button type="button" class="link-button" onClick={() => json.cancel()}>
                Cancel
              </button>
            </span>
          )}
        </Show>
        <span class="gap" />
        <FileFacts file={file} size={look.size} read={json.read()} />
      </div>
      <Switch>
        <Match when={json.failed()}>
          {(notice) => (
            <div class="blank" role={notice().level === 'info' ? 'status' : 'alert'}>
              <h2>Not shown as a tree</h2>
              <pre>{visibleName(notice().text)}</pre>
              <p>{notice().action}</p>
              <button type="button" class="button" onClick={() => json.retry()}>
                Read it again
              </button>
            </div>
          )}
        </Match>
        <Match when={json.rows().length === 0}>
          <div class="tables-wait patient">
            <ProgressLine label="JSON" share={undefined} words={json.progress() ?? 'reading'} />
          </div>
        </Match>
        <Match when={true}>
          <div class="json-sheet">
            <TreeList<JsonRow>
              label={`JSON of ${props.name}`}
              rows={json.rows()}
              keyOf={(row) => row.key}
              levelOf={(row) => row.level}
              isOpen={(row) => (row.kind === 'node' ? row.open : undefined)}
              isChosen={() => false}
              onToggle={json.toggle}
              onChoose={json.more}
              rowHeight={22}
            >
              {(row) => <JsonLine row={row} />}
            </TreeList>
          </div>
        </Match>
      </Switch>
    </>
  )
}

function JsonLine(props: { row: JsonRow }) {
  const node = () => (props.row.kind === 'node' ? props.row : undefined)
  const more = () => (props.row.kind === 'more' ? props.row : undefined)
  const name = (row: Extract<JsonRow, { kind: 'node' }>): string =>
    row.node.key !== undefined ? visibleName(row.node.key) || '""' : row.index < 0 ? '' : String(row.index)
  return (
    <>
      <Show when={node()}>
        {(row) => (
          <>
            <Show when={row().level > DEEPEST}>
              <span class="json-level">{`level ${formatCount(row().level)}`}</span>
            </Show>
            <Show when={name(row()) !== ''}>
              <span class={row().node.key === undefined ? 'json-index' : 'tok-propertyName'}>
                {name(row())}
              </span>
            </Show>
            <span class={KINDS[row().node.kind]}>{valueWords(row().node)}</span>
          </>
        )}
      </Show>
      <Show when={more()}>
        {(row) => (
          <span class="link-button">
            {`Show ${formatCount(Math.min(100, row().total - row().shown))} more of ${formatCount(row().total)}`}
          </span>
        )}
      </Show>
    </>
  )
}

function valueWords({ kind, text, cut, count }: JsonNode): string {
  if (kind === 'object') return count === 0 ? '{}' : `{ ${formatPlural(count, 'member')} }`
  if (kind === 'array') return count === 0 ? '[]' : `[ ${formatPlural(count, 'value')} ]`
  const shown = visibleCode(text.replaceAll('\n', '↵').replaceAll('\t', '⇥'))
  return kind === 'string' ? `"${shown}${cut ? '…' : ''}"` : `${shown}${cut ? '…' : ''}`
}
