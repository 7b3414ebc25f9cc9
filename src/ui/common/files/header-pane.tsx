import { createMemo, For, type JSX, Match, Show, Switch } from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { countWords, tensorTotals, valuesOf } from '../../../compute/tensor-totals.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { FileHeader, FileLook, FileRef } from '../../../model/file.ts'
import { FactTable } from './fact-table.tsx'
import { FileFacts } from './file-facts.tsx'

type Of<K extends FileHeader['kind']> = Extract<FileHeader, { kind: K }>

/** What a file says of itself: tensors, entries, columns, tables. Nothing of its content was read. */
export function HeaderPane(props: { file: FileRef; look: FileLook; phone: boolean }) {
  const of = <K extends FileHeader['kind']>(kind: K) => {
    const { header } = props.look
    return header?.kind === kind ? (header as Of<K>) : undefined
  }
  const facts = () => <FileFacts file={props.file} size={props.look.size} read={props.look.read} />
  return (
    <Switch>
      <Match when={of('tensors')}>
        {(header) => <Tensors header={header()} phone={props.phone} facts={facts()} />}
      </Match>
      <Match when={of('archive')}>
        {(header) => (
          <FactTable
            label="Contents"
            phone={props.phone}
            rows={header().entries}
            columns={[
              { name: 'path', cell: ({ path }) => path },
              { name: 'method', cell: ({ method }) => method },
              { name: 'packed', right: true, cell: ({ packed }) => formatBytes(packed) },
              { name: 'size', right: true, cell: ({ size }) => formatBytes(size) },
            ]}
            facts={
              <Facts
                words={[
                  formatPlural(header().entries.length, 'entry', 'entries'),
                  `${formatBytes(header().entries.reduce((sum, { size }) => sum + size, 0))} unpacked`,
                ]}
                notes={header().notes}
              />
            }
          >
            {facts()}
          </FactTable>
        )}
      </Match>
      <Match when={of('parquet')}>
        {(header) => (
          <FactTable
            label="Schema"
            phone={props.phone}
            rows={header().columns}
            columns={[
              { name: 'column', cell: ({ name }) => name },
              { name: 'type', cell: ({ type }) => type },
              { name: 'codec', cell: ({ codec }) => codec.toLowerCase() },
              { name: 'packed', right: true, cell: ({ packed }) => formatBytes(packed) },
              { name: 'unpacked', right: true, cell: ({ plain }) => formatBytes(plain) },
            ]}
            facts={
              <>
                <Facts
                  words={[
                    formatPlural(header().rows, 'row'),
                    formatPlural(header().columns.length, 'column'),
                    groupWords(header().groups),
                    header().createdBy === '' ? '' : `written by ${visibleName(header().createdBy)}`,
                  ]}
                  notes={[]}
                />
                <Metadata entries={header().metadata} />
              </>
            }
          >
            {facts()}
          </FactTable>
        )}
      </Match>
      <Match when={of('sqlite')}>
        {(header) => (
          <>
            <div class="file-tools">
              <span class="gap" />
              {facts()}
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
            <section class="fact-sheet" aria-label="Schema" tabIndex={0}>
              <Facts
                words={[formatPlural(header().tables.length, 'table or view', 'tables and views')]}
                notes={header().notes}
              />
              <For each={header().tables}>
                {(table) => (
                  <div class="schema">
                    <h3>{visibleName(table.name)}</h3>
                    <pre>{table.sql}</pre>
                  </div>
                )}
              </For>
            </section>
          </>
        )}
      </Match>
    </Switch>
  )
}

function Tensors(props: { header: Of<'tensors'>; phone: boolean; facts: JSX.Element }) {
  const totals = createMemo(() => tensorTotals(props.header.tensors))
  const isArrays = () => props.header.format.startsWith('np')
  return (
    <FactTable
      label="Tensors"
      phone={props.phone}
      rows={props.header.tensors}
      columns={[
        { name: 'name', cell: ({ name }) => name },
        { name: 'type', cell: ({ dtype }) => dtype },
        {
          name: 'shape',
          cell: ({ shape }) => (shape.length === 0 ? 'scalar' : shape.map(formatCount).join(' × ')),
        },
        { name: 'values', right: true, cell: (tensor) => valuesOf(tensor).toLocaleString('en') },
        { name: 'size', right: true, cell: ({ bytes }) => formatBytes(bytes) },
      ]}
      facts={
        <>
          <Facts
            words={[
              formatPlural(props.header.tensors.length, 'tensor'),
              `${countWords(totals().values)} ${isArrays() ? 'values' : 'parameters'}`,
              formatBytes(totals().bytes),
              totals()
                .byType.slice(0, 6)
                .map(({ dtype, bytes }) => `${dtype} ${formatBytes(bytes)}`)
                .join(', '),
            ]}
            notes={props.header.notes}
          />
          <Metadata entries={props.header.metadata} />
        </>
      }
    >
      {props.facts}
    </FactTable>
  )
}

function groupWords(groups: readonly { rows: number; bytes: number }[]): string {
  const rows = groups.map((group) => group.rows)
  const [least, most] = [Math.min(...rows), Math.max(...rows)]
  if (groups.length === 0) return 'no row groups'
  const each = least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`
  return `${formatPlural(groups.length, 'row group')} of ${each} rows`
}

function Facts(props: { words: readonly string[]; notes: readonly string[] }) {
  return (
    <>
      <p class="header-words">{props.words.filter((word) => word !== '').join(' · ')}</p>
      <For each={props.notes}>{(note) => <p class="header-note">{visibleName(note)}</p>}</For>
    </>
  )
}

/** What the writer noted: of long values the beginning until somebody opens them. */
function Metadata(props: { entries: readonly (readonly [string, string])[] }) {
  return (
    <Show when={props.entries.length > 0}>
      <details class="header-metadata" open={props.entries.length <= 12}>
        <summary>{`Metadata, ${formatPlural(props.entries.length, 'entry', 'entries')}`}</summary>
        <dl>
          <For each={props.entries}>
            {([key, value]) => (
              <>
                <dt>
                  <bdi>{visibleName(key)}</bdi>
                </dt>
                <dd>
                  <Show when={value.length > 300} fallback={<bdi>{visibleName(value)}</bdi>}>
                    <details>
                      <summary>
                        <bdi>{`${visibleName(value.slice(0, 120))}… ${formatCount(value.length)} letters`}</bdi>
                      </summary>
                      <bdi>{visibleName(value.slice(0, 100_000))}</bdi>
                      <Show when={value.length > 100_000}>
                        <span class="data-note">
                          {` … the first 100,000 of ${formatCount(value.length)} letters`}
                        </span>
                      </Show>
                    </details>
                  </Show>
                </dd>
              </>
            )}
          </For>
        </dl>
      </details>
    </Show>
  )
}
