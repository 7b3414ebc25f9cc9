import { countLevels, LEVEL_WORDS } from '../../compute/alert-list.ts'
import { formatCount } from '../../compute/number.ts'
import { ALERT_LEVELS, type AlertLevel } from '../../model/alert.ts'
import { runOf } from '../../model/line-key.ts'
import type { AlertMark, ShownRun } from '../../state/view/chart-context.ts'
import type { Pen } from './pen.ts'
import { type AlertPicture, type Box, type PlacedAlert, type Scene, toPixel, xMap } from './scene.ts'

/*
 * Fetched at the first alert: no chart needs it to stand. Draws in CSS pixels, as all of draw-marks.ts does.
 */

/** Shapes are this wide at most; nearer ones would touch. */
const APART = 9
/** How near the pointer comes to a mark to be on it. */
const REACH = 6

export const SHAPES: Record<AlertLevel, string> = { error: '▼', warn: '▲', info: '●' }

/** One shape on the chart: `px` of the gravest of its alerts, which come gravest first. */
export interface Mark {
  px: number
  alerts: PlacedAlert[]
}

/** What the alerts of a scene's lines add to it; undefined where none has a place in view. */
export function makeAlerts(scene: Scene, alerts: readonly AlertMark[]): AlertPicture | undefined {
  const placed = placeAlerts(scene, alerts)
  if (placed.length === 0) return undefined
  const words = `${formatCount(placed.length)} ${placed.length === 1 ? 'alert' : 'alerts'}`
  let known: { left: number; width: number; marks: Mark[] } | undefined
  const marksIn = (box: Box): Mark[] => {
    if (known?.left !== box.left || known.width !== box.width) {
      const map = xMap(scene, box)
      known = { left: box.left, width: box.width, marks: mergeMarks(placed, (x) => toPixel(map, x)) }
    }
    return known.marks
  }
  const at = (box: Box, x: number): PlacedAlert[] => {
    const map = xMap(scene, box)
    const px = toPixel(map, x)
    // on a step axis the crosshair walks whole steps, however wide one is
    const reach = scene.query.x.kind === 'step' && !map.log ? Math.max(0.5, map.scale / 2) : 0.5
    const found = marksIn(box).filter((mark) => Math.abs(mark.px - px) <= reach)
    const own = placed.filter((alert) => Math.abs(toPixel(map, alert.x) - px) <= reach)
    return [...new Set([...found.flatMap((mark) => mark.alerts), ...own])].sort(byGravity)
  }
  /** With `only`, the shapes that a line at that pixel goes through. */
  const draw = (pen: Pen, box: Box, only?: number): void => {
    for (const { px, alerts } of marksIn(box)) {
      if (alerts[0] && (only === undefined || Math.abs(px - only) < 2))
        drawShape(pen, scene, alerts[0].alert.level, px, box.top)
    }
  }
  return {
    inView: placed,
    words,
    key: `${words}: ${levelWords(placed)}`,
    draw,
    drawLine(pen, box, x) {
      const [first] = at(box, x)
      if (!first) return
      pen.fillStyle = colorOf(scene, first.alert.level)
      pen.fillRect(Math.round(toPixel(xMap(scene, box), x)), box.top - 4, 1, box.height + 4)
      draw(pen, box, toPixel(xMap(scene, box), x))
    },
    at,
    snap(box, px, py) {
      if (py > box.top + 4 + REACH) return undefined
      const near = marksIn(box).filter((mark) => Math.abs(mark.px - px) <= REACH)
      near.sort((a, b) => Math.abs(a.px - px) - Math.abs(b.px - px))
      return near[0]?.alerts[0]?.x
    },
  }
}

/** Alerts of the scene's runs that have a place on its x axis and lie in view, from left to right. */
export function placeAlerts(
  scene: Pick<Scene, 'frame' | 'query' | 'lines'>,
  alerts: readonly AlertMark[],
): PlacedAlert[] {
  if (scene.frame.single) return []
  // the first of several lines of a run stands for it
  const runs = new Map(scene.lines.map(({ run }) => [runOf(run.key), run]).reverse() as [string, ShownRun][])
  const [low, high] = scene.frame.x
  return alerts
    .flatMap((alert): PlacedAlert[] => {
      const shown = runs.get(alert.run ?? '')
      const x = shown ? placeOf(alert, shown, scene.query.x.kind) : NaN
      return shown && x >= low && x <= high ? [{ alert, shown, x }] : []
    })
    .sort((a, b) => a.x - b.x)
}

/**
 * Of the x axis: its step, seconds since the run's first row, or ms since 1970; NaN where it has none of
 * these.
 */
function placeOf({ step, time }: AlertMark, run: ShownRun, axis: Scene['query']['x']['kind']): number {
  switch (axis) {
    case 'step':
      return step ?? NaN
    case 'relative':
      return (time - (run.created ?? NaN)) / 1000
    case 'wall':
      return time
    case 'metric':
      return NaN
  }
}

/**
 * Shapes that do not touch. The gravest take their places first, from left to right; what would touch one
 * joins the nearest: a row of a thousand alerts is a row of shapes, and no error hides behind a warning.
 */
export function mergeMarks(placed: readonly PlacedAlert[], toX: (x: number) => number): Mark[] {
  // marks stand at least APART from each other, so there is at most one in each stretch of that width
  const byPlace = new Map<number, Mark>()
  for (const alert of [...placed].sort((a, b) => byGravity(a, b) || a.x - b.x)) {
    const px = toX(alert.x)
    const place = Math.floor(px / APART)
    const near = [place - 1, place, place + 1]
      .flatMap((at) => byPlace.get(at) ?? [])
      .filter((mark) => Math.abs(mark.px - px) < APART)
      .sort((a, b) => Math.abs(a.px - px) - Math.abs(b.px - px))
    if (near[0]) near[0].alerts.push(alert)
    else byPlace.set(place, { px, alerts: [alert] })
  }
  return [...byPlace.values()].sort((a, b) => a.px - b.px)
}

/** Of the same level, title and step: one, with all that are. In the order of the first ones. */
export function headingsOf(alerts: readonly PlacedAlert[]): { alert: AlertMark; all: PlacedAlert[] }[] {
  const folds = new Map<string, { alert: AlertMark; all: PlacedAlert[] }>()
  for (const placed of alerts) {
    const { level, title, step } = placed.alert
    const key = JSON.stringify([level, title, step])
    const known = folds.get(key)
    if (known) known.all.push(placed)
    else folds.set(key, { alert: placed.alert, all: [placed] })
  }
  return [...folds.values()]
}

/** `1 error ▼, 2 info ●` */
function levelWords(placed: readonly PlacedAlert[]): string {
  const counts = countLevels(placed.map(({ alert }) => alert))
  const present = ALERT_LEVELS.filter((level) => counts[level] > 0)
  return present.map((level) => `${formatCount(counts[level])} ${level} ${SHAPES[level]}`).join(', ')
}

/** `Error: NaN gradient, main, step 13, grad_norm is NaN` */
export function spokenAlerts(alerts: readonly PlacedAlert[]): string {
  const said = alerts.slice(0, MOST_SAID).map(({ alert, shown }) => {
    const step = alert.step === null ? '' : `step ${formatCount(alert.step, 0)}`
    return `${LEVEL_WORDS[alert.level]}: ${[alert.title, shown.name, step, firstLine(alert.text)].filter(Boolean).join(', ')}`
  })
  const more = alerts.length - said.length
  return [...said, more > 0 ? `and ${formatCount(more)} more` : ''].filter(Boolean).join('. ')
}

/** As many are spoken. */
const MOST_SAID = 3

export function firstLine(text: string | null): string {
  return (
    text
      ?.trim()
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? ''
  )
}

function byGravity(a: PlacedAlert, b: PlacedAlert): number {
  return ALERT_LEVELS.indexOf(a.alert.level) - ALERT_LEVELS.indexOf(b.alert.level)
}

function colorOf({ tokens }: Scene, level: AlertLevel): string {
  return { error: tokens.error, warn: tokens.warn, info: tokens.ink3 }[level]
}

/** Half above the plot's edge and half below, with a thin halo of paper: lines may pass there. */
function drawShape(pen: Pen, scene: Scene, level: AlertLevel, px: number, top: number): void {
  pen.beginPath()
  if (level === 'info') pen.arc(px, top, 3.5, 0, 2 * Math.PI)
  else {
    const [base, tip] = level === 'error' ? [top - 4, top + 3.5] : [top + 3.5, top - 4]
    pen.moveTo(px - 4.5, base)
    pen.lineTo(px + 4.5, base)
    pen.lineTo(px, tip)
    pen.closePath()
  }
  pen.lineJoin = 'round'
  pen.lineWidth = 2
  pen.strokeStyle = scene.tokens.paper
  pen.stroke()
  pen.fillStyle = colorOf(scene, level)
  pen.fill()
}
