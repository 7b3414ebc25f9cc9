import { createMemo, For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { METADATA_ROLE, SPANS_ROLE } from '../../../model/trace.ts'
import { LineSample } from '../../components/swatch.tsx'
import type { TracesModel } from './model.ts'

/** Lines of runs and roles before the rest is scrolled to. */
const ROLE_WORDS: Record<string, string> = { [METADATA_ROLE]: 'metadata', [SPANS_ROLE]: 'spans' }

export const roleWords = (role: string): string => ROLE_WORDS[role] ?? visibleName(role)

/** Counts of the list by step, run and role, each of them a filter. */
export function Facets(props: { model: TracesModel }) {
  const { model } = props
  const what = () => (model.text() === '' ? 'traces' : 'hits')
  const bars = () => model.facets()?.steps ?? []
  const highest = createMemo(() => Math.max(1, ...bars().map(({ count }) => count)))
  const chosen = (from: number, to: number): boolean => {
    const { step } = model.filter()
    return step !== undefined && from <= step[1] && to >= step[0]
  }
  const words = (from: number, to: number): string =>
    from === to ? `step ${formatCount(from)}` : `steps ${formatCount(from)} to ${formatCount(to)}`
  const runs = createMemo(() => {
    const list = model.list()
    const counts = model.facets()?.runs
    if (!list || !counts) return []
    return list.runs
      .map(({ key, name }, at) => ({ key: key ?? name, name, at, count: counts[at] ?? 0 }))
      .filter(({ count, at }) => count > 0 || model.filter().run === at)
  })
  return (
    // biome-ignore lint/a11y/useSemanticElements: no form
    <div class="trace-facets" role="group" aria-label={`Counts of ${what()}`}>
      <Show when={bars().length > 1}>
        <div class="by-step">
          <h2>By step</h2>
          <div class="bars">
            <For each={bars()}>
              {({ from, to, count }) => (
                <button
                  type="button"
                  tabIndex={-1}
                  aria-pressed={chosen(from, to)}
                  aria-label={`${words(from, to)}, ${formatCount(count)} ${what()}`}
                  title={`${words(from, to)}: ${formatCount(count)} ${what()}`}
                  onClick={() =>
                    model.set({
                      step: chosen(from, to) ? '' : from === to ? String(from) : `${from}:${to}`,
                    })
                  }
                >
                  <i style={{ height: `${(100 * count) / highest()}%` }} />
                </button>
              )}
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
              <For each={bars()}>
                {({ from, to, count }) => (
                  <option value={from === to ? String(from) : `${from}:${to}`}>
                    {`${words(from, to)} (${formatCount(count)})`}
                  </option>
                )}
              </For>
            </select>
            <span>{formatCount(bars().at(-1)?.to ?? 0)}</span>
          </label>
        </div>
      </Show>
      <div class="by-run">
        <h2>By run</h2>
        <For each={runs()}>
          {({ key, name, at, count }) => (
            <button
              type="button"
              class="count-line"
              aria-pressed={model.filter().run === at}
              onClick={() => model.set({ run: model.filter().run === at ? '' : key })}
              title={visibleName(name)}
            >
              <Show when={model.styleOf(at)} fallback={<i class="none" />}>
                {(style) => <LineSample color={style().color} dash={style().dash} />}
              </Show>
              <span class="name">{visibleName(name)}</span>
              <b>{formatCount(count)}</b>
            </button>
          )}
        </For>
      </div>
      <Show when={model.text() !== ''}>
        <div class="by-role">
          <h2>By role</h2>
          <For each={model.facets()?.roles ?? []}>
            {({ name, count }) => (
              <button
                type="button"
                class="count-line"
                classList={{ hush: count === 0 }}
                aria-pressed={model.filter().role === name}
                onClick={() => model.set({ role: model.filter().role === name ? '' : name })}
              >
                <span class="name">{roleWords(name)}</span>
                <b>{formatCount(count)}</b>
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  )
}
