import '../styles/group-side.css'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { pairsAbove } from '../../compute/aggregate.ts'
import { type Spread, seedNoise, spreadOf, welch95 } from '../../compute/interval.ts'
import { directionOf } from '../../compute/metric-words.ts'
import { formatCount, formatValue } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import { pick } from '../../state/runs/ranks.ts'
import type { ShownRun } from '../../state/view/chart-context.ts'
import { Name } from '../components/name.tsx'
import { Select } from '../components/select.tsx'
import type { ChartModel } from './chart-model.ts'
import { Sample } from './sample.tsx'

interface RunValue {
  key: string
  name: string
  value: number
}

interface GroupValue {
  line: ShownRun
  runs: RunValue[]
  spread: Spread
}

/**
 * Beside a chart of groups in full screen: groups and their runs by their best logged value, what the numbers are,
 * and two groups compared.
 */
export function GroupSide(props: { model: ChartModel }) {
  const { runs, ranks, view } = useApp()
  const metric = () => props.model.metric()
  const direction = createMemo(() => directionOf(metric()))
  const by = () => direction() ?? 'last'
  const groups = createMemo((): GroupValue[] => {
    const now = view.groups(metric())
    const values = ranks.values(metric())
    if (now === undefined || now === 'waits' || !values) return []
    const sign = by() === 'min' ? 1 : -1
    const made = now.lines().map((line): GroupValue => {
      const own = runs.shown().flatMap(({ key, name }): RunValue[] => {
        const found = now.lineOf(key) === line.key ? values.get(key) : undefined
        return found ? [{ key, name, value: pick(found, by()) }] : []
      })
      own.sort((a, b) => sign * (a.value - b.value))
      return { line, runs: own, spread: spreadOf(own.map(({ value }) => value)) }
    })
    return made
      .filter((group) => group.runs.length > 0)
      .sort((a, b) => sign * (a.spread.mean - b.spread.mean))
  })
  const base = createMemo(() => groups().find(({ line }) => line.isBase))
  const baseValue = createMemo(() => {
    const now = view.groups(metric())
    if (base() || now === undefined || now === 'waits' || now.baseName() === '') return base()?.spread.mean
    const run = runs.baseRun()
    const found = run === undefined ? undefined : ranks.values(metric())?.get(run)
    return found && pick(found, by())
  })
  const write = (value: number, digits = 4): string =>
    Number.isNaN(value) ? '–' : formatValue(value, digits, props.model.scene()?.integer)
  const signed = (value: number): string => `${value > 0 ? '+' : ''}${write(value)}`
  /** `≈` before what seed noise explains. */
  function delta(value: number, m: number): { text: string; tone: string } {
    const from = baseValue()
    if (from === undefined || Number.isNaN(value - from)) return { text: '', tone: '' }
    const noise = base() ? seedNoise(base()?.spread as Spread, m) : Number.NaN
    const change = value - from
    if (Math.abs(change) <= noise) return { text: `≈ ${signed(change)}`, tone: 'dim' }
    const good = direction() === undefined ? false : direction() === 'min' ? change < 0 : change > 0
    return { text: signed(change), tone: good && !Number.isNaN(noise) ? 'good' : '' }
  }
  return (
    <div class="chart-runs group-side">
      <table aria-label="Groups of this metric">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">n</th>
            <th scope="col">mean</th>
            <th scope="col" title="95 % t interval of the mean">
              ±
            </th>
            <Show when={baseValue() !== undefined}>
              <th scope="col">Δ base</th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <For each={groups()}>
            {(group, place) => (
              <>
                <tr
                  class="group-side-head"
                  classList={{ hot: props.model.hot() === group.line.key }}
                  onPointerEnter={() => view.setHighlight(group.line.key)}
                  onPointerLeave={() => view.setHighlight(undefined)}
                >
                  <td title={visibleName(group.line.name)}>
                    <Sample style={group.line.style} /> <Name of={group.line.name} />
                  </td>
                  <td class="dim">{formatCount(group.spread.n)}</td>
                  <td
                    data-value={String(group.spread.mean)}
                    classList={{ best: place() === 0 && direction() !== undefined }}
                  >
                    {write(group.spread.mean)}
                  </td>
                  <td class="dim">{write(group.spread.n < 3 ? Number.NaN : group.spread.half, 2)}</td>
                  <Show when={baseValue() !== undefined}>
                    <Show when={!group.line.isBase} fallback={<td class="dim">base</td>}>
                      <Delta {...delta(group.spread.mean, group.spread.n)} />
                    </Show>
                  </Show>
                </tr>
                <For each={group.runs}>
                  {(run) => (
                    <tr class="group-side-run">
                      <td title={visibleName(run.name)}>
                        <Name of={run.name} />
                      </td>
                      <td />
                      <td>{write(run.value)}</td>
                      <td />
                      <Show when={baseValue() !== undefined}>
                        <Show when={!group.line.isBase} fallback={<td />}>
                          <Delta {...delta(run.value, 1)} />
                        </Show>
                      </Show>
                    </tr>
                  )}
                </For>
              </>
            )}
          </For>
        </tbody>
      </table>
      <dl class="group-facts">
        <dt>Value</dt>
        <dd>
          {direction()
            ? `${direction() === 'min' ? 'least' : 'greatest'} logged value of each run`
            : 'last logged value of each run'}
        </dd>
        <Show when={base()}>
          {(found) => (
            <>
              <dt>Grey</dt>
              <dd>
                {found().spread.n < 3
                  ? 'nothing: the baseline has fewer than 3 runs'
                  : `within the baseline’s seed noise, ± ${write(seedNoise(found().spread, found().spread.n), 2)} for a group of as many`}
              </dd>
            </>
          )}
        </Show>
      </dl>
      <Show when={groups().length > 1}>
        <Versus metric={metric()} groups={groups()} by={by()} write={write} signed={signed} />
      </Show>
    </div>
  )
}

function Delta(props: { text: string; tone: string }) {
  return <td class={props.tone}>{props.text}</td>
}

/** Two groups: difference with its interval, in how many pairs of runs the first is better, and what that says. */
function Versus(props: {
  metric: string
  groups: GroupValue[]
  by: 'min' | 'max' | 'last'
  write(value: number, digits?: number): string
  signed(value: number): string
}) {
  const { view } = useApp()
  const [first, setFirst] = createSignal<string>()
  const [second, setSecond] = createSignal<string>()
  const find = (key: string | undefined, place: number) =>
    props.groups.find(({ line }) => line.key === key) ?? (props.groups[place] as GroupValue)
  const a = createMemo(() => find(first(), 0))
  const b = createMemo(() => find(second(), 1))
  const options = () => props.groups.map(({ line }) => ({ value: line.key, text: line.name }))
  const finite = (group: GroupValue) => group.runs.filter(({ value }) => Number.isFinite(value))
  const result = createMemo(() => {
    const [mine, theirs] = [finite(a()), finite(b())]
    const now = view.groups(props.metric)
    const partners = now === undefined || now === 'waits' ? [] : now.seedPairs(a().line.key, b().line.key)
    const known = new Map([...mine, ...theirs].map(({ key, value }) => [key, value]))
    const differences = partners.flatMap(([p, q]) => {
      const [m, n] = [known.get(p), known.get(q)]
      return m === undefined || n === undefined ? [] : m - n
    })
    const bySeed = differences.length === mine.length && differences.length >= 3
    const [n, m] = [mine.length, theirs.length]
    const spread = spreadOf(differences)
    const [p, q] = [a().spread, b().spread]
    const change = bySeed ? spread.mean : p.mean - q.mean
    const half = bySeed
      ? spread.half
      : n < 3 || m < 3
        ? Number.NaN
        : welch95(p.sd ** 2 / n, n, q.sd ** 2 / m, m)
    const above = pairsAbove(
      mine.map(({ value }) => value),
      n,
      theirs.map(({ value }) => value),
      m,
    )
    return {
      change,
      half,
      bySeed,
      pairs: n * m,
      better: props.by === 'min' ? n * m - above : above,
      least: Math.min(n, m),
    }
  })
  const reading = () => {
    const { change, half, least } = result()
    if (Number.isNaN(half)) return `not told with ${least} ${least === 1 ? 'run' : 'runs'}; 3 are the least`
    return Math.abs(change) > half ? 'outside seed noise' : `not told apart with ${least} seeds`
  }
  return (
    <section class="group-versus" aria-label="Group against group">
      <div class="group-versus-names">
        <Select label="First group" value={a().line.key} options={options()} onChange={setFirst} />
        <span>against</span>
        <Select label="Second group" value={b().line.key} options={options()} onChange={setSecond} />
      </div>
      <dl class="group-facts">
        <dt>{result().bySeed ? 'Difference, by seed' : 'Difference of means'}</dt>
        <dd data-value={String(result().change)}>
          {`${props.signed(result().change)}${Number.isNaN(result().half) ? '' : ` ± ${props.write(result().half, 2)}`}`}
        </dd>
        <dt>{props.by === 'min' ? 'Lower in' : 'Higher in'}</dt>
        <dd>{`${result().better} of ${formatCount(result().pairs)} pairs of runs`}</dd>
        <dt title="Share of pairs, ties half: rliable’s probability of improvement">
          Probability of improvement
        </dt>
        <dd data-value={String(result().better / result().pairs)}>
          {formatValue(result().better / result().pairs, 3)}
        </dd>
        <dt>Reading</dt>
        <dd>{reading()}</dd>
      </dl>
    </section>
  )
}
