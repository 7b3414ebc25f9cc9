import { createMemo } from 'solid-js'
import { formatCount, formatDuration, formatValue } from '../../compute/number.ts'
import { type Crosshair, createCrosshair } from '../../state/view/crosshair.ts'
import type { ChartModel } from './chart-model.ts'
import { probeAt, type Scene } from './scene.ts'

/** Values of the runs that are read at the crosshair, where the crosshair before it was pinned. */
export function createStart(model: ChartModel): Crosshair {
  const { view, crosshair } = model
  const query = createMemo(() => {
    const from = view.cursor()?.from
    const drawn = model.drawn()
    const runs = crosshair.answered()?.runs
    return from === undefined || !drawn || !runs ? undefined : probeAt(drawn, runs, from)
  })
  return createCrosshair(query, view.probe)
}

/** `+0.0123`, `−3.000e-4`; a dash where one of the two is missing or no number. */
export function changeWords(
  from: number | undefined,
  to: number | undefined,
  scene: Scene,
  digits = 4,
): string {
  const change = (to ?? Number.NaN) - (from ?? Number.NaN)
  if (!Number.isFinite(change)) return '–'
  const text = formatValue(change, digits, scene.integer)
  return change > 0 ? `+${text}` : text
}

/** How far apart two crosshairs are: `2,000 steps`, `2 h 41 m`. */
export function distanceWords(scene: Scene, from: number, to: number): string {
  const far = to - from
  switch (scene.query.x.kind) {
    case 'step':
      return `${formatCount(far, 0)} ${Math.abs(far) === 1 ? 'step' : 'steps'}`
    case 'relative':
      return formatDuration(far)
    case 'wall':
      return formatDuration(far / 1000)
    case 'metric':
      return formatValue(far, 5)
  }
}
