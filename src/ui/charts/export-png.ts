import type { Drawn } from './chart-model.ts'
import type { ChartView } from './chart-view.ts'
import { clip } from './draw-bars.ts'
import { rowsWords, smoothingWords } from './tooltip.tsx'

/** The chart on paper with its title, legend and a line that says what is drawn, at the resolution of the screen. */
export function renderPng(drawn: Drawn, metric: string, view: ChartView): Promise<Blob> {
  const { scene, canvas } = drawn
  const width = canvas.clientWidth || canvas.width
  const height = canvas.clientHeight || canvas.height
  const ratio = canvas.width / width
  const columns = Math.max(1, Math.floor((width - 32) / 170))
  const legend = scene.frame.single ? [] : scene.lines.slice(0, 60)
  const rows = Math.ceil(legend.length / columns)
  const out = document.createElement('canvas')
  const full = 34 + height + rows * 18 + 30
  out.width = Math.round(width * ratio)
  out.height = Math.round(full * ratio)
  const pen = out.getContext('2d')
  if (!pen) return Promise.reject(new Error('canvas: no 2d context'))
  const { tokens } = scene
  pen.fillStyle = tokens.paper
  pen.fillRect(0, 0, out.width, out.height)
  pen.drawImage(canvas, 0, Math.round(34 * ratio))
  pen.scale(ratio, ratio)
  pen.textBaseline = 'middle'
  pen.fillStyle = tokens.ink
  pen.font = `600 13px ${tokens.font}`
  pen.fillText(clip(pen, metric, width - 32), 16, 18)
  legend.forEach(({ run }, i) => {
    const x = 16 + ((i % columns) * (width - 32)) / columns
    const y = 34 + height + Math.floor(i / columns) * 18 + 9
    pen.strokeStyle = run.style.color
    pen.lineWidth = 2
    pen.setLineDash(run.style.dash)
    pen.beginPath()
    pen.moveTo(x, y)
    pen.lineTo(x + 14, y)
    pen.stroke()
    pen.setLineDash([])
    pen.fillStyle = tokens.ink2
    pen.font = `12px ${tokens.font}`
    pen.fillText(clip(pen, run.name, (width - 32) / columns - 28), x + 20, y)
  })
  const more = scene.lines.length - legend.length
  const words = [
    !scene.frame.single && more > 0 ? `and ${more} more runs` : '',
    view.project(),
    smoothingWords(scene.query.smoothing) || 'as logged',
    scene.query.yScale === 'log' ? 'log y' : '',
    `range ${scene.query.range.kind}`,
    rowsWords(scene),
  ]
  pen.fillStyle = tokens.ink3
  pen.font = `11px ${tokens.font}`
  pen.fillText(clip(pen, words.filter(Boolean).join(', '), width - 32), 16, full - 15)
  return new Promise((resolve, reject) =>
    out.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('png: the browser made no image'))), 'image/png'),
  )
}

export function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has taken its own hold of the blob by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

export function fileName(metric: string, ending: string): string {
  return `${metric.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'metric'}.${ending}`
}
