import { createEffect, createMemo, For, onMount, Show } from 'solid-js'
import { type DeviceMetric, deviceKey } from '../../../compute/devices.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount, formatFixed, formatValue } from '../../../compute/number.ts'
import {
  formatEnergy,
  formatPower,
  isShare,
  roleMetric,
  type SystemRole,
  systemUnit,
} from '../../../compute/system-words.ts'
import type { Strip, StripQuery, SystemQuery, SystemStats } from '../../../model/system.ts'
import { useApp } from '../../../state/app.ts'
import { createAnswer } from '../../../state/base/wanted.ts'
import { PageLink } from '../../common/page-link.tsx'
import { SYSTEM } from '../ids.ts'
import type { RunModel } from './model.ts'
import { RunSection } from './section.tsx'

/** A GPU under this share does next to nothing. */
const IDLE_BELOW = 50
/** Cells of a strip. */
const WIDTH = 240
const HEIGHT = 26

const TITLES: Record<SystemRole, string> = {
  utilization: 'Utilisation',
  memory: 'Memory',
  power: 'Power',
  temperature: 'Temperature',
}
const ROLES = ['utilization', 'memory', 'power', 'temperature'] as const

/** How the machines of the run were: four strips, the mean over its devices with their range behind it. */
export function RunSystem(props: { model: RunModel }) {
  const { system, wantSystem, sideCounts, settled } = useApp()
  const { model } = props
  // most projects have none, and are not asked for them
  const some = createMemo(() => sideCounts().some(({ table }) => table === 'system'))
  createEffect(() => some() && wantSystem())
  const ready = createMemo(() => (some() && system()?.status().kind === 'ready' ? system() : undefined))
  const roles = createMemo(() =>
    ROLES.flatMap((role) => {
      const metric = roleMetric(ready()?.metrics() ?? [], role)
      return metric ? [{ role, metric }] : []
    }),
  )
  const version = () => ready()?.version() ?? 0
  const stats = createAnswer<Omit<SystemQuery, 'project'>, SystemStats>(
    settled,
    () => {
      const [key, names] = [model.key(), roles().map(({ metric }) => metric.name)]
      if (key === undefined || names.length === 0) return undefined
      return { runs: [key], metrics: names, x: { kind: 'relative' }, idleBelow: IDLE_BELOW }
    },
    version,
    (query, signal) => ready()?.stats(query, signal) ?? Promise.reject(new Error('no system metrics')),
  )
  const found = () => stats.latest()?.answer
  const counted = () => Math.max(0, ...(found()?.count ?? []))
  const note = () => {
    const status = system()?.status()
    if (some() && status?.kind === 'failed') return undefined
    if (some() && (!ready() || (roles().length > 0 && !found()))) return 'reading'
    const samples = counted()
    if (samples === 0)
      return settled.ready() || some()
        ? some()
          ? 'No system metrics logged by this run'
          : 'No system metrics logged'
        : undefined
    const devices = Math.max(1, ...(found()?.devices ?? []))
    const each = formatPlural(Math.round(samples / devices), 'sample')
    return devices > 1 ? `${formatCount(devices)} devices, ${each} each` : each
  }
  const failed = () => {
    const status = system()?.status()
    return some() && status?.kind === 'failed'
      ? `${status.notice.subject}: ${status.notice.text}`
      : stats.error()
  }
  return (
    <RunSection
      place="system"
      title="System"
      note={note()}
      tools={
        <Show when={counted() > 0}>
          <PageLink page={SYSTEM} class="link-button">
            Open System
          </PageLink>
        </Show>
      }
    >
      <Show when={counted() > 0 && found()}>
        {(answer) => (
          <div class="run-system">
            <For each={roles()}>
              {({ role, metric }, i) => (
                <Show when={answer().count[i()]}>
                  <RoleStrip
                    model={model}
                    role={role}
                    metric={metric}
                    stats={answer()}
                    at={i()}
                    version={version}
                  />
                </Show>
              )}
            </For>
          </div>
        )}
      </Show>
      <Show when={failed()}>
        {(cause) => (
          <p class="run-none" role="alert">
            {`Could not read the system metrics: ${cause()} `}
            <button
              type="button"
              class="link-button"
              onClick={() => {
                system()?.retry()
                stats.retry()
              }}
            >
              Retry
            </button>
          </p>
        )}
      </Show>
    </RunSection>
  )
}

interface RoleProps {
  model: RunModel
  role: SystemRole
  metric: DeviceMetric
  stats: SystemStats
  /** Place of its numbers. */
  at: number
  version: () => number
}

function RoleStrip(props: RoleProps) {
  const { system, settled } = useApp()
  const strip = createAnswer<Omit<StripQuery, 'project'>, Strip>(
    settled,
    () => {
      const key = props.model.key()
      if (key === undefined) return undefined
      const { name, devices } = props.metric
      const lines = devices.map((device) => deviceKey(key, { kind: 'device', device }))
      return { metric: name, lines: lines.length > 0 ? lines : [key], x: { kind: 'relative' }, width: WIDTH }
    },
    () => props.version(),
    (query, signal) => system()?.strip(query, signal) ?? Promise.reject(new Error('no system metrics')),
  )
  const words = createMemo(() => wordsOf(props.role, props.metric.name, props.stats, props.at))
  return (
    <div class="run-role" data-metric={props.metric.name} title={props.metric.name}>
      <span class="line">
        <span>{TITLES[props.role]}</span>
        <span data-value={String(words().value)}>
          {words().text} <em>{words().of}</em>
        </span>
      </span>
      <StripLine strip={strip.latest()?.answer} share={isShare(props.metric.name)} />
    </div>
  )
}

/** What stands at the right of a strip: the number, and what it is. */
function wordsOf(
  role: SystemRole,
  name: string,
  { mean, max, sum, integral, maxStep, maxDevice, deviceNames }: SystemStats,
  at: number,
): { text: string; of: string; value: number } {
  const of = (values: Float64Array): number => values[at] ?? Number.NaN
  const device = deviceNames[maxDevice[at] ?? -1]
  switch (role) {
    case 'utilization':
      return { text: `${formatFixed(of(mean), 1)} %`, of: 'mean', value: of(mean) }
    case 'power':
      return { text: formatPower(of(sum)), of: `mean, ${formatEnergy(of(integral))}`, value: of(sum) }
    case 'memory': {
      const step = of(maxStep)
      const where = Number.isNaN(step) ? 'before the first step' : `step ${formatCount(step)}`
      return {
        text: `${formatValue(of(max), 3)} ${systemUnit(name)}`.trim(),
        of: `peak, ${where}`,
        value: of(max),
      }
    }
    case 'temperature':
      return { text: `${formatFixed(of(max), 0)} °C`, of: device ? `max, ${device}` : 'max', value: of(max) }
  }
}

/** The mean over all lines of each cell, before the least and the greatest of them. */
function StripLine(props: { strip: Strip | undefined; share: boolean }) {
  const { theme } = useApp()
  let canvas: HTMLCanvasElement | undefined
  function draw(): void {
    theme()
    const { strip } = props
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return
    const scale = window.devicePixelRatio
    const width = canvas.clientWidth
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(HEIGHT * scale)
    if (!strip) return
    context.scale(scale, scale)
    const ink = getComputedStyle(canvas).getPropertyValue('--ink-2')
    // shares stand on all of their scale; others between nothing and their greatest
    const [low, high] = props.share ? [0, 100] : [Math.min(0, strip.low), strip.high]
    const y = (value: number): number =>
      HEIGHT - 1 - ((HEIGHT - 2) * (value - low)) / Math.max(high - low, Number.MIN_VALUE)
    const lines = strip.mean.length
    const cell = width / WIDTH
    let before = Number.NaN
    context.fillStyle = ink
    context.strokeStyle = ink
    context.beginPath()
    for (let x = 0; x < WIDTH; x++) {
      let [sum, n, least, greatest] = [0, 0, Infinity, -Infinity]
      for (let line = 0; line < lines; line++) {
        const value = strip.means[line * WIDTH + x] as number
        if (value !== value) continue
        sum += value
        n++
        least = Math.min(least, value)
        greatest = Math.max(greatest, value)
      }
      if (n > 1) {
        context.globalAlpha = 0.2
        // on whole pixels, so that neighbours have no seam
        const [left, right] = [x, x + 1].map((at) => Math.round(at * cell * scale) / scale) as [
          number,
          number,
        ]
        context.fillRect(left, y(greatest), right - left, Math.max(1, y(least) - y(greatest)))
      }
      const now = n > 0 ? y(sum / n) : Number.NaN
      // a gap is a gap
      if (now === now) {
        if (before === before) context.lineTo((x + 0.5) * cell, now)
        else context.moveTo((x + 0.5) * cell, now)
      }
      before = now
    }
    context.globalAlpha = 1
    context.stroke()
  }
  onMount(() => createEffect(draw))
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus
    <canvas ref={canvas} aria-hidden="true" style={{ height: `${HEIGHT}px` }} />
  )
}
