import { createSignal } from 'solid-js'
import type { ChartView, ShownRun } from '../../state/view/chart-context.ts'
import { groupsOf } from '../../state/view/frame-query.ts'
import type { Scene } from './scene.ts'

const [picture, setPicture] = createSignal<typeof import('./group-picture.ts')>()
let asked = false

/** Runs as they are drawn, and the lines of their groups. */
export function drawnRuns(view: ChartView, metric: string): ShownRun[] {
  const groups = groupsOf(view, metric)
  const runs = view.lines(metric)
  return groups === undefined || groups === 'waits' ? runs : [...runs, ...groups.lines()]
}

/** The scene with what groups or a baseline add to it, once what draws that is there. */
export function withGroups(scene: Scene, view: ChartView): Scene {
  const groups = groupsOf(view, scene.query.metric)
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
