import { createMemo, For, type JSX, Show } from 'solid-js'
import { formatCount, formatDuration, formatFixed, formatValue } from '../../../compute/number.ts'
import { formatEnergy, formatPower, type SystemRole, systemUnit } from '../../../compute/system-words.ts'
import { formatClock } from '../../../compute/ticks.ts'
import type { SystemStats } from '../../../model/system.ts'
import type { Zoom } from '../../../model/view.ts'
import { useApp } from '../../../state/app.ts'
import { createAnswer } from '../../../state/base/wanted.ts'
import { Name } from '../../components/name.tsx'
import { Swatch } from '../../components/swatch.tsx'
import type { SystemModel, TimeAxis } from './model.ts'

/** A GPU under this share does next to nothing. */
const IDLE_BELOW = 50

/** A number of a row: what is printed, and all of its digits. */
interface Cell {
  text: string
  value: number
}

interface Column {
  head: string
  /** What it is made of. */
  title: string
  /** A hairline stands before it. */
  rule: boolean
  cell(stats: SystemStats, run: number): Cell
}

/** A row for each shown run, and one for the stretch that was selected. */
export function Summary(props: { model: SystemModel }) {
  const { model } = props
  const { system, view, preferences, settled } = useApp()
  const names = createMemo(() => [...new Set([...model.roles().values()].map(({ name }) => name))])
  const query = (zoom: Zoom | undefined) => {
    const runs = model.shown().map(({ key }) => key)
    if (!system()?.catalogue() || runs.length === 0 || names().length === 0) return undefined
    const devices = model.devices().every(model.isOn) ? undefined : model.devices().filter(model.isOn)
    return { runs, metrics: names(), devices, x: model.x(), zoom, idleBelow: IDLE_BELOW }
  }
  const ask = (asked: NonNullable<ReturnType<typeof query>>, signal: AbortSignal) => {
    const now = system()
    return now ? now.stats(asked, signal) : Promise.reject(new Error('no system metrics'))
  }
  const whole = createAnswer(settled, () => query(undefined), model.version, ask)
  const part = createAnswer(
    settled,
    () => (model.stretch() ? query(model.stretch()) : undefined),
    model.version,
    ask,
  )
  const columns = createMemo(() => columnsOf(model))
  const words = () => stretchWords(model.x(), model.stretch(), preferences.value().timeZone)
  return (
    <section
      class="system-summary"
      aria-label="Summary"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
      tabIndex={0}
    >
      <table aria-label="System summary">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <For each={columns()}>
              {(column) => (
                <th scope="col" classList={{ rule: column.rule }} title={column.title}>
                  {column.head}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={model.shown()}>
            {(run, i) => (
              <>
                <Row stats={whole.latest()?.answer} run={run.key} columns={columns()}>
                  <span class="run">
                    <Swatch color={run.style.color} dash={run.style.dash} on />
                    <Name of={run.name} />
                  </span>
                </Row>
                <Show when={model.stretch()}>
                  <Row stats={part.latest()?.answer} run={run.key} columns={columns()} area>
                    <span class="stretch">
                      {words()}
                      <Show when={i() === 0}>
                        <button
                          type="button"
                          class="link-button"
                          onClick={() => {
                            const stretch = model.stretch()
                            model.setStretch(undefined)
                            if (stretch && stretch.max > stretch.min) view.setZoom(stretch)
                          }}
                        >
                          Zoom in
                        </button>
                        <button type="button" class="link-button" onClick={() => model.setStretch(undefined)}>
                          Clear
                        </button>
                      </Show>
                    </span>
                  </Row>
                </Show>
              </>
            )}
          </For>
        </tbody>
      </table>
      <Show when={whole.error() ?? part.error()}>
        {(cause) => (
          <p class="system-error" role="alert">
            {`Could not read the statistics: ${cause()} `}
            <button
              type="button"
              class="link-button"
              onClick={() => {
                whole.retry()
                if (model.stretch()) part.retry()
              }}
            >
              Retry
            </button>
          </p>
        )}
      </Show>
      <span class="unseen" role="status">
        {model.stretch() ? `Selected ${words()}` : ''}
      </span>
    </section>
  )
}

function Row(props: {
  stats: SystemStats | undefined
  run: string
  columns: readonly Column[]
  area?: boolean
  children: JSX.Element
}) {
  const cells = createMemo(() => {
    const { stats } = props
    const at = stats?.runs.indexOf(props.run) ?? -1
    return props.columns.map((column) => (stats && at >= 0 ? column.cell(stats, at) : undefined))
  })
  return (
    <tr classList={{ area: props.area ?? false }} data-run-id={props.run}>
      <th scope="row">{props.children}</th>
      <For each={props.columns}>
        {(column, i) => (
          <td
            classList={{ rule: column.rule }}
            data-value={cells()[i()] ? String(cells()[i()]?.value) : undefined}
            title={
              cells()[i()] && Number.isFinite(cells()[i()]?.value) ? String(cells()[i()]?.value) : undefined
            }
          >
            {cells()[i()]?.text ?? ''}
          </td>
        )}
      </For>
    </tr>
  )
}

/** `step 1,180 to 1,420`, `2 m to 4 m 10 s`, … */
function stretchWords(x: TimeAxis, stretch: Zoom | undefined, zone: 'local' | 'utc'): string {
  const [min = Number.NaN, max = Number.NaN] = [stretch?.min, stretch?.max]
  if (x.kind === 'step') return `step ${formatCount(min)} to ${formatCount(max)}`
  if (x.kind === 'relative') return `${formatDuration(min)} to ${formatDuration(max)}`
  return `${formatClock(min, zone)} to ${formatClock(max, zone)}`
}

function columnsOf(model: SystemModel): Column[] {
  const roles = model.roles()
  const nameOf = (role: SystemRole): string => roles.get(role)?.name ?? ''
  /** A number of a role's metric; nothing logged is a dash. */
  const of =
    (role: SystemRole, pick: (stats: SystemStats, at: number) => Cell) =>
    (stats: SystemStats, run: number): Cell => {
      const m = stats.metrics.indexOf(nameOf(role))
      const at = m * stats.runs.length + run
      return m < 0 || !stats.count[at] ? { text: '–', value: Number.NaN } : pick(stats, at)
    }
  const plain =
    (pick: (stats: SystemStats, at: number) => number, write: (value: number) => string) =>
    (stats: SystemStats, at: number): Cell => {
      const value = pick(stats, at)
      return { value, text: Number.isNaN(value) ? '–' : write(value) }
    }
  const unit = (role: SystemRole): string => systemUnit(nameOf(role))
  const percent = (value: number): string => `${formatFixed(value, 1)} %`
  const columns: Column[] = []
  if (roles.has('utilization')) {
    const name = nameOf('utilization')
    columns.push(
      {
        head: 'Utilisation',
        title: `Mean of ${name}, over all samples and devices`,
        rule: true,
        cell: of(
          'utilization',
          plain(({ mean }, at) => mean[at] ?? Number.NaN, percent),
        ),
      },
      {
        head: 'p5',
        title: `${name}: 5 % of the samples are lower`,
        rule: false,
        cell: of(
          'utilization',
          plain(({ p5 }, at) => p5[at] ?? Number.NaN, percent),
        ),
      },
      {
        head: `Idle, < ${IDLE_BELOW} %`,
        title: `Share of the samples of ${name} below ${IDLE_BELOW} %`,
        rule: false,
        cell: of(
          'utilization',
          plain(({ idle }, at) => 100 * (idle[at] ?? Number.NaN), percent),
        ),
      },
    )
  }
  if (roles.has('power')) {
    const name = nameOf('power')
    columns.push(
      {
        head: 'Power, mean',
        title: `Sum over the devices of the mean of ${name}`,
        rule: true,
        cell: of(
          'power',
          plain(({ sum }, at) => sum[at] ?? Number.NaN, formatPower),
        ),
      },
      {
        head: 'Energy',
        title: `Integral of ${name} over time, all devices; gaps add nothing`,
        rule: false,
        cell: of(
          'power',
          plain(({ integral }, at) => integral[at] ?? Number.NaN, formatEnergy),
        ),
      },
    )
  }
  if (roles.has('memory')) {
    const name = nameOf('memory')
    columns.push(
      {
        head: 'Memory, peak',
        title: `Greatest ${name} of any device`,
        rule: true,
        cell: of(
          'memory',
          plain(
            ({ max }, at) => max[at] ?? Number.NaN,
            (value) => `${formatValue(value, 3)} ${unit('memory')}`.trim(),
          ),
        ),
      },
      {
        head: 'at step',
        title: 'The step last logged when it was reached, and the device',
        rule: false,
        cell: of('memory', ({ maxStep, maxDevice, deviceNames }, at) => {
          const step = maxStep[at] ?? Number.NaN
          const device = deviceNames[maxDevice[at] ?? -1]
          const words = Number.isNaN(step) ? 'before the first' : formatCount(step)
          return { value: step, text: device === undefined ? words : `${words}, ${device}` }
        }),
      },
    )
  }
  if (roles.has('temperature'))
    columns.push({
      head: 'Hottest',
      title: `Greatest ${nameOf('temperature')} of any device`,
      rule: false,
      cell: of(
        'temperature',
        plain(
          ({ max }, at) => max[at] ?? Number.NaN,
          (value) => `${formatFixed(value, 0)} °C`,
        ),
      ),
    })
  const counted = (['utilization', 'power', 'memory', 'temperature'] as const).find((role) => roles.has(role))
  if (counted)
    columns.push({
      head: 'Samples',
      title: `Samples of ${nameOf(counted)}, of all devices`,
      rule: true,
      cell: of(
        counted,
        plain(
          ({ count }, at) => count[at] ?? 0,
          (value) => formatCount(value),
        ),
      ),
    })
  return columns
}
