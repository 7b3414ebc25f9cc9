import { linesWords } from '../../compute/group-words.ts'
import { formatCount, formatValue } from '../../compute/number.ts'
import { nameInText } from '../../compute/visible-name.ts'
import type { ChartGroups } from '../../state/view/chart-context.ts'
import { formatX } from './chart-axes.ts'
import type { Pen } from './pen.ts'
import { type Box, type GroupPicture, type Scene, toPixel, xMap, yMap } from './scene.ts'

/** What a chart of groups or of differences says of itself, and the ring at its best value. */
export function makeGroupPicture(scene: Scene, groups: ChartGroups): GroupPicture {
  const { frame, query } = scene
  const best = frame.groups?.best
  const words = [
    query.base ? `difference to ${nameInText(groups.baseName())}, ${howTaken(scene, groups)}` : '',
    best ? `best ${formatValue(best.value, 4, scene.integer)}, ${where(scene, groups)}` : '',
    ...(query.groups ? groupWords(scene) : []),
  ]
  return {
    words: words.filter(Boolean),
    lines: frame.groups ? linesCount(scene) : '',
    pairs: query.base ? [] : groups.pairs(),
    draw(pen, box) {
      if (best) ring(pen, scene, box, best)
    },
  }
}

function linesCount({ frame, lines }: Scene): string {
  const groups = lines.filter(({ index }) => (frame.groups?.runs[index] ?? 0) > 0).length
  const runs = lines.length - groups
  const count = (n: number, word: string): string =>
    n > 0 ? `${formatCount(n)} ${word}${n === 1 ? '' : 's'}` : ''
  return [count(groups, 'group'), count(runs, 'run')].filter(Boolean).join(', ')
}

function howTaken({ query }: Scene, groups: ChartGroups): string {
  if (!query.base?.group) return query.groups ? 'interpolated between its points' : 'between its points too'
  return groups.bySeed() ? 'by seed' : 'by group'
}

function where(scene: Scene, groups: ChartGroups): string {
  const best = scene.frame.groups?.best
  return best ? `${nameInText(groups.nameOfRun(best.run))} at ${formatX(scene, best.x)}` : ''
}

/** Which line and band, over how many runs, how runs are brought to one axis, and what is left out. */
function groupWords({ frame, query, lines }: Scene): string[] {
  const { groups: facts } = frame
  const asked = query.groups
  if (!facts || !asked) return []
  const counts = lines.flatMap(({ index }) => facts.runs[index] || [])
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const n = counts.length === 0 ? '' : least === most ? `, n ${most}` : `, n ${least} to ${most}`
  return [
    counts.length > 0 ? `${linesWords(asked.statistic, asked.band)}${n}` : '',
    facts.small > 0
      ? `${formatCount(facts.small)} ${facts.small === 1 ? 'group' : 'groups'} of fewer than 3 runs: the runs, no band`
      : '',
    counts.length > 0 ? 'interpolated inside each run’s range, none outside' : '',
    Number.isFinite(facts.linePlaces) ? `lines at ${formatCount(facts.linePlaces)} places` : '',
    Number.isFinite(facts.bandPlaces) ? `bands at ${formatCount(facts.bandPlaces)} places` : '',
  ]
}

function ring(pen: Pen, scene: Scene, box: Box, best: { x: number; value: number }): void {
  const [px, py] = [toPixel(xMap(scene, box), best.x), toPixel(yMap(scene, box), best.value)]
  const inside =
    px >= box.left - 1 &&
    px <= box.left + box.width + 1 &&
    py >= box.top - 2 &&
    py <= box.top + box.height + 2
  if (!inside) return
  pen.fillStyle = scene.tokens.paper
  pen.strokeStyle = scene.tokens.ink
  pen.lineWidth = 1.25
  pen.beginPath()
  pen.arc(px, py, 3.2, 0, 2 * Math.PI)
  pen.fill()
  pen.stroke()
}
