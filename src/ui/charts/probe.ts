import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'
import type { Probe, ProbeQuery } from '../../model/view.ts'
import { type Box, fromPixel, type Scene, toPixel, xMap } from './scene.ts'

/**
 * The question for the values of runs at an x: half a pixel away at most, unless points lie further apart.
 */
export function probeAt({ scene, box }: { scene: Scene; box: Box }, runs: string[], at: number): ProbeQuery {
  const map = xMap(scene, box)
  const reach = Math.abs(at - fromPixel(map, toPixel(map, at) - 0.5))
  const { project, metric, x, smoothing } = scene.query
  return { project, metric, runs, x, smoothing, at, reach }
}

export interface Probed {
  query: ProbeQuery
  probe: Probe
}

/**
 * Values at the crosshair: one request on its way, the newest question waits behind it, older answers stay
 * until then. What nobody points at any more is given up.
 */
export function createProbe(
  query: Accessor<ProbeQuery | undefined>,
  ask: (query: ProbeQuery, signal: AbortSignal) => Promise<Probe>,
): Accessor<Probed | undefined> {
  const [probed, setProbed] = createSignal<Probed>()
  let wanted: ProbeQuery | undefined
  let flying: AbortController | undefined

  createEffect(() => {
    wanted = query()
    if (wanted === undefined) {
      flying?.abort()
      setProbed(undefined)
    } else void next()
  })
  onCleanup(() => {
    wanted = undefined
    flying?.abort()
  })

  async function next(): Promise<void> {
    if (flying) return
    while (wanted) {
      const asked = wanted
      flying = new AbortController()
      try {
        const probe = await ask(asked, flying.signal)
        if (wanted) setProbed({ query: asked, probe })
      } catch {
        // A failed read shows in the chart itself; the tooltip only keeps its last values.
      }
      flying = undefined
      if (wanted === asked) break
    }
  }

  return probed
}
