import { createMemo, For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { StepBar } from '../../../compute/trace-filter.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { METADATA_ROLE, SPANS_ROLE } from '../../../model/trace.ts'
import { LineSample } from '../../components/swatch.tsx'
import type { TracesModel } from './model.ts'
import { RunName } from './run-name.tsx'

const ROLE_WORDS: Record<string, string> = { [METADATA_ROLE]: 'metadata', [SPANS_ROLE]: 'spans' }

export const roleWords = (role: string): string => ROLE_WORDS[role] ?? visibleName(role)

/** Counts of the list by step, run and role, each of them a filter. */
export function Facets(props: { model: TracesModel }) {
  const { model } = props
  const what = () => (model.facets()?.hits ? 'hits' : 'traces')
  const bars = createMemo(() => model.facets()?.steps ?? [])
  // what is pressed keeps the focus as counts change: by their names elements stay the same ones
  const barOf = createMemo(() => new Map(bars().map((bar) => [rangeOf(bar), bar])))
  const ranges = createMemo(() => [...barOf().keys()])
  const highest = createMemo(() => Math.max(1, ...bars().map(({ count }) => count)))
  const chosen = (from: number, to: number): boolean => {
    const { step } = model.filter()
    return step !== undefined && from <= step[1] && to >= step[0]
  }
  const words = ({ from, to }: StepBar): string =>
    from === to ? `step ${formatCount(from)}` : `steps ${formatCount(from)} to ${formatCount(to)}`
  const counts = () => model.facets()?.runs
  const runs = createMemo(() =>
    (model.list()?.runs ?? []).flatMap((_, at) =>
      (counts()?.[at] ?? 0) > 0 || model.filter().run === at ? [at] : [],
    ),
  )
  const roles = createMemo(
    () => new Map((model.facets()?.roles ?? []).map(({ name, count }) => [name, count])),
  )
  const roleNames = createMemo(() => [...roles().keys()])
  return (
    // biome-ignore lint/a11y/useSemanticElements: no form
    <div class="trace-facets" role="group" aria-label={`Counts of ${what()}`}>
      <Show when={bars().length > 1}>
        <div class="by-step">
          <h2>By step</h2>
          <div class="bars">
            <For each={ranges()}>
              {(range) => {
                const bar = () => barOf().get(range) ?? { from: 0, to: 0, count: 0 }
                const isChosen = () => chosen(bar().from, bar().to)
                const count = () => `${formatCount(bar().count)} ${what()}`
                return (
                  <button
                    type="button"
                    tabIndex={-1}
                    aria-pressed={isChosen()}
                    aria-label={`${words(bar())}, ${count()}`}
                    title={`${words(bar())}: ${count()}`}
                    onClick={() => model.set({ step: isChosen() ? '' : range })}
                  >
                    <i style={{ height: `${(100 * bar().count) / highest()}%` }} />
                  </button>
                )
              }}
            </For>
          </div>
          <label class="ends">
            <span>{formatCount(bars()[0]?.from ?? 0)}</span>
            <select
              aria-label="Step"
              value={model.own().step ?? ''}
              onChange={(event) => model.set({ step: event.currentTarget.value })}
            >
              <option value="">all steps</option>
              <For each={ranges()}>
                {(range) => {
                  const bar = () => barOf().get(range) ?? { from: 0, to: 0, count: 0 }
                  return <option value={range}>{`${words(bar())} (${formatCount(bar().count)})`}</option>
                }}
              </For>
            </select>
            <span>{formatCount(bars().at(-1)?.to ?? 0)}</span>
          </label>
        </div>
      </Show>
      <div class="by-run">
        <h2>By run</h2>
        <For each={runs()}>
          {(at) => {
            const run = () => model.list()?.runs[at] ?? { key: undefined, name: '' }
            return (
              <button
                type="button"
                class="count-line"
                aria-pressed={model.filter().run === at}
                onClick={() => model.set({ run: model.filter().run === at ? '' : (run().key ?? run().name) })}
              >
                <Show when={model.styleOf(at)} fallback={<i class="none" />}>
                  {(style) => <LineSample color={style().color} dash={style().dash} />}
                </Show>
                <RunName of={run().name} />
                <b>{formatCount(counts()?.[at] ?? 0)}</b>
              </button>
            )
          }}
        </For>
      </div>
      <Show when={model.text() !== '' && model.facets()?.hits}>
        <div class="by-role">
          <h2>By role</h2>
          <For each={roleNames()}>
            {(name) => (
              <button
                type="button"
                class="count-line"
                classList={{ hush: roles().get(name) === 0 }}
                aria-pressed={model.filter().role === name}
                onClick={() => model.set({ role: model.filter().role === name ? '' : name })}
              >
                <span class="name">{roleWords(name)}</span>
                <b>{formatCount(roles().get(name) ?? 0)}</b>
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  )
}

/** As the address says it. */
function rangeOf({ from, to }: StepBar): string {
  return from === to ? String(from) : `${from}:${to}`
}
