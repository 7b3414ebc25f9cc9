import { createSignal } from 'solid-js'
import type { ChartView } from '../../state/view/chart-context.ts'
import type { Scene } from './scene.ts'

const [drawing, setDrawing] = createSignal<typeof import('./alert-marks.ts')>()
let asked = false

/** The scene with what its runs warned of, once what draws that is there: fetched at the first alert. */
export function withAlerts(scene: Scene, view: ChartView): Scene {
  const alerts = view.alertMarks() ? view.alerts() : []
  if (alerts.length === 0) return scene
  if (!asked) {
    asked = true
    import('./alert-marks.ts').then(
      (module) => setDrawing(() => module),
      // a chart without marks is still a chart; the next one tries again
      () => (asked = false),
    )
  }
  scene.alerts = drawing()?.makeAlerts(scene, alerts)
  return scene
}
