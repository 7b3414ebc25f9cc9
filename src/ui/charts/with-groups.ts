import { createSignal } from 'solid-js'
import type { ChartView, ShownRun } from '../../state/view/chart-context.ts'
import type { Scene } from './scene.ts'

const [picture, setPicture] = createSignal<typeof import('./group-picture.ts')>()
let asked = false

/** Runs as they are drawn, and the lines of their groups. */
export function drawnRuns(view: ChartView, chart: string): ShownRun[] {
  const groups = view.groups()
  const lines = view.lines(chart)
  return groups === undefined || groups === 'waits' ? lines : [...lines, ...groups.lines()]
}

/** The scene with what groups or a baseline add to it, once what draws that is there. */
export function withGroups(scene: Scene, view: ChartView): Scene {
  const groups = view.groups()
  if (groups === undefined || groups === 'waits') return scene
  if (!asked) {
    asked = true
    import('./group-picture.ts').then(
      (module) => setPicture(() => module),
      // a chart without these words is still a chart; the next one tries again
      () => (asked = false),
    )
  }
  scene.groups = picture()?.makeGroupPicture(scene, groups)
  return scene
}
