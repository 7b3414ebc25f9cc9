import { createMemo, createSignal, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { type ColumnSpec, columnId, FACTS } from '../../../compute/run-columns.ts'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { ChoiceList, MetricList, PercentileList } from './chooser-lists.tsx'
import { ShownList } from './chooser-shown.tsx'
import { varyingByShare } from './explains.ts'
import { labelOf, sectionOf } from './labels.ts'
import type { RunsModel } from './model.ts'
import { StatisticFoot } from './statistic-foot.tsx'

/** How many columns the table could have. */
export function columnTotal(model: RunsModel): number {
  return (
    FACTS.length +
    model.varying().length +
    model.sameInAll().length +
    model.names().length +
    model.percentiles().length +
    model.loggedColumns().length
  )
}

type Kind = 'all' | 'config' | 'metrics'

/** Which columns the table has, in their order, and all that could be some. */
export function ColumnChooser(props: { model: RunsModel }) {
  const { model } = props
  const [text, setText] = createSignal('')
  const [kind, setKind] = createSignal<Kind>('all')
  const matches = (name: string): boolean => name.toLowerCase().includes(text().trim().toLowerCase())
  const shown = createMemo(() => new Set(model.specs().map(columnId)))
  const facts = createMemo(() =>
    FACTS.map((fact): ColumnSpec => ({ kind: 'fact', fact })).filter((spec) => matches(labelOf(spec))),
  )
  const byShare = createMemo(() => varyingByShare(model))
  const config = (path: string): ColumnSpec => ({ kind: 'config', path })
  const varying = createMemo(() => byShare().keys.filter(({ path }) => matches(path)))
  const same = createMemo(() => model.sameInAll().filter(({ path }) => matches(path)))
  const metrics = createMemo(() => model.names().filter(matches))
  const percentiles = createMemo(() => model.percentiles().filter(matches))
  const logged = createMemo(() =>
    model.loggedColumns().filter((spec) => matches(nameOf(spec)) || matches(labelOf(spec))),
  )
  const found = () => [facts(), varying(), same(), metrics(), percentiles(), logged()]

  return (
    <div class="column-chooser">
      <div class="column-search">
        <SearchField
          label="Search columns"
          placeholder={`Search ${formatCount(columnTotal(model))} columns`}
          value={text()}
          onInput={setText}
        />
        <Segmented
          label="Kind of column"
          value={kind()}
          options={[
            { value: 'all', text: 'All' },
            { value: 'config', text: 'Config' },
            { value: 'metrics', text: 'Metrics' },
          ]}
          onChange={setKind}
        />
      </div>
      <div class="column-lists">
        <Show when={kind() === 'all' && text() === ''}>
          <ShownList model={model} />
        </Show>
        <Show when={kind() === 'all'}>
          <ChoiceList title="Runs" specs={facts()} model={model} shown={shown()} />
        </Show>
        <Show when={kind() !== 'metrics'}>
          <ChoiceList
            title="Config that varies"
            aside={byShare().by === undefined ? undefined : `most explaining ${byShare().by} first`}
            specs={varying().map(({ path }) => config(path))}
            model={model}
            shown={shown()}
            notes={new Map(varying().map(({ path, distinct }) => [`config:${path}`, `${distinct} distinct`]))}
          />
          <ChoiceList
            title="Config, same in all"
            folded={text() === ''}
            specs={same().map(({ path }) => config(path))}
            model={model}
            shown={shown()}
          />
        </Show>
        <Show when={kind() !== 'config'}>
          <MetricList model={model} names={metrics()} shown={shown()} />
          <PercentileList
            model={model}
            names={percentiles()}
            folded={text() === '' && kind() === 'all'}
            shown={shown()}
          />
        </Show>
        <Show when={kind() === 'all'}>
          <ChoiceList
            title="Media, tables, traces"
            specs={logged()}
            model={model}
            shown={shown()}
            notes={new Map(logged().map((spec) => [columnId(spec), sectionOf(spec)]))}
          />
        </Show>
        <Show when={found().every((list) => list.length === 0)}>
          <p class="note" role="status">{`No column has “${text().trim()}” in its name`}</p>
        </Show>
      </div>
      <StatisticFoot model={model} />
    </div>
  )
}

function nameOf(spec: ColumnSpec): string {
  return spec.kind === 'logged' ? spec.key : ''
}
