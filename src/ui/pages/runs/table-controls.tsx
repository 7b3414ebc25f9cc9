import { createMemo, For, Show } from 'solid-js'
import { formatGroup, parseGroup } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import type { RunsModel } from './model.ts'

/** How the table groups its runs, which statistic it shows, and against what. */
export function TableControls(props: { model: RunsModel }) {
  const { model } = props
  const { location } = useApp()
  const group = location.field('group')
  const keys = createMemo(() => model.varying().map(({ path }) => ({ value: `config:${path}`, text: path })))
  const rest = (at: number) =>
    model
      .varying()
      .filter(({ path }) => path === model.further()[at] || !model.further().includes(path))
      .map(({ path }) => ({ value: path, text: path }))

  function setFurther(at: number, value: string): void {
    const next = [...model.further()]
    if (value === '') next.splice(at, 1)
    else next[at] = value
    model.setFurther(next)
  }

  return (
    <>
      <span class="control">
        <span class="word">Group</span>
        <Select
          label="Group runs"
          value={formatGroup(group())}
          options={[
            { value: 'none', text: 'none' },
            { value: 'seeds', text: 'all keys but seed' },
            { value: 'group', text: 'group' },
          ]}
          groups={[{ label: 'Config', options: keys() }]}
          onChange={(value) => {
            const next = parseGroup(value)
            if (next) location.patch({ group: next })
          }}
        />
        <Show when={model.groups() && group().kind !== 'seeds'}>
          <For each={[...model.further(), '']}>
            {(path, at) => (
              <Select
                label={`Then by, ${at() + 1}`}
                value={path}
                options={[{ value: '', text: path === '' ? 'then by…' : 'no further' }, ...rest(at())]}
                onChange={(value) => setFurther(at(), value)}
              />
            )}
          </For>
        </Show>
      </span>
      <span class="control">
        <span class="word">Values</span>
        <Select
          label="Statistic of all metrics"
          value={model.statistic()}
          options={[
            { value: 'best', text: 'best' },
            { value: 'last', text: 'last' },
            { value: 'tail', text: 'mean of last tenth' },
            ...(model.statistic() === '' ? [{ value: '', text: 'as chosen' }] : []),
          ]}
          onChange={(value) => model.setStatistic(value === 'last' || value === 'tail' ? value : 'best')}
        />
      </span>
      <Show when={model.baseline()}>
        <Segmented
          label="Against the baseline"
          value={model.against()}
          options={[
            { value: '', text: 'Values' },
            { value: 'value', text: 'Δ', name: 'Δ, difference to the baseline' },
            { value: 'percent', text: 'Δ %', name: 'Δ %, difference in percent' },
          ]}
          onChange={model.setAgainst}
        />
      </Show>
    </>
  )
}
