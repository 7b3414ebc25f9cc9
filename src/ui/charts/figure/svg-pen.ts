import type { Pen } from '../pen.ts'

interface State {
  fillStyle: Pen['fillStyle']
  strokeStyle: Pen['strokeStyle']
  globalAlpha: number
  lineWidth: number
  lineJoin: CanvasLineJoin
  font: string
  textAlign: CanvasTextAlign
  textBaseline: CanvasTextBaseline
  dash: readonly number[]
  transform: string
  clip: string
}

const START: State = {
  fillStyle: '#000',
  strokeStyle: '#000',
  globalAlpha: 1,
  lineWidth: 1,
  lineJoin: 'miter',
  font: '10px sans-serif',
  textAlign: 'start',
  textBaseline: 'alphabetic',
  dash: [],
  transform: '',
  clip: '',
}

/**
 * The middle of a line of text above its baseline, in em: `dominant-baseline` is not known to every reader of
 * SVG.
 */
const MIDDLE = 0.35

/**
 * A pen that writes SVG: paths stay paths, text stays text. `measure` gives the width of a text in a font,
 * CSS pixels. `family`: of nearly all text, named once. Text comes from data: it is escaped, and what XML
 * cannot hold becomes U+FFFD.
 */
export class SvgPen implements Pen {
  private state: State = { ...START }
  private readonly kept: State[] = []
  private readonly parts: string[] = []
  private clips = 0
  private path: string[] = []
  private box: [number, number, number, number] | undefined
  private at = ''

  constructor(
    private readonly family: string,
    private readonly measure: (text: string, font: string) => number,
  ) {}

  /** The whole file; `title` and `words` are for who cannot see it. */
  end(width: number, height: number, title: string, words: string): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(this.family)}" role="img"><title>${escaped(title)}</title><desc>${escaped(words)}</desc>\n${this.parts.join('\n')}\n</svg>\n`
  }

  beginPath(): void {
    this.path = []
    this.box = undefined
    this.at = ''
  }
  moveTo(x: number, y: number): void {
    this.path.push(`M${short(x)} ${short(y)}`)
    this.at = 'M'
  }
  lineTo(x: number, y: number): void {
    // after M and L further pairs are lines too
    this.path.push(this.at === '' ? `M${short(x)} ${short(y)}` : ` ${short(x)} ${short(y)}`)
    if (this.at === '') this.at = 'M'
  }
  /** Whole circles only: nothing here draws another arc. */
  arc(x: number, y: number, radius: number): void {
    const r = short(radius)
    this.path.push(
      `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${short(2 * radius)} 0a${r} ${r} 0 1 0 ${short(-2 * radius)} 0z`,
    )
    this.at = ''
  }
  closePath(): void {
    this.path.push('z')
    this.at = ''
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.box = [x, y, width, height]
  }
  fill(): void {
    this.draw(`fill="${this.color('fillStyle')}"`)
  }
  stroke(): void {
    const { lineWidth, dash, lineJoin } = this.state
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.map(short).join(' ')}"` : ''
    const join = lineJoin === 'miter' ? '' : ` stroke-linejoin="${lineJoin}"`
    this.draw(
      `fill="none" stroke="${this.color('strokeStyle')}" stroke-width="${short(lineWidth)}"${dashes}${join}`,
    )
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    const color = this.color('fillStyle')
    if (color === 'none') return
    this.put(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${color}"`,
      '/>',
    )
  }
  fillText(text: string, x: number, y: number): void {
    this.write(text, x, y, `fill="${this.color('fillStyle')}"`)
  }
  strokeText(text: string, x: number, y: number): void {
    const { lineWidth, lineJoin } = this.state
    this.write(
      text,
      x,
      y,
      `fill="none" stroke="${this.color('strokeStyle')}" stroke-width="${short(lineWidth)}" stroke-linejoin="${lineJoin}"`,
    )
  }
  private write(text: string, x: number, y: number, look: string): void {
    const { textAlign, textBaseline } = this.state
    const { weight, size, family } = parseFont(this.state.font)
    const down = textBaseline === 'middle' ? MIDDLE * size : textBaseline === 'top' ? 0.75 * size : 0
    const anchor = { center: 'middle', right: 'end', end: 'end', left: 'start', start: 'start' }[textAlign]
    this.put(
      `<text x="${short(x)}" y="${short(y + down)}"${family === this.family ? '' : ` font-family="${escaped(family)}"`} font-size="${short(size)}"${weight === '400' ? '' : ` font-weight="${weight}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`} ${look} xml:space="preserve"`,
      `>${escaped(text)}</text>`,
    )
  }
  measureText(text: string): { width: number } {
    return { width: this.measure(text, this.state.font) }
  }
  setLineDash(dash: Iterable<number>): void {
    this.state.dash = [...dash]
  }
  save(): void {
    this.kept.push({ ...this.state })
  }
  restore(): void {
    this.state = this.kept.pop() ?? this.state
  }
  translate(x: number, y: number): void {
    this.state.transform += `translate(${short(x)} ${short(y)})`
  }
  rotate(angle: number): void {
    this.state.transform += `rotate(${short((angle * 180) / Math.PI)})`
  }
  clip(): void {
    if (!this.box) return
    const [x, y, width, height] = this.box
    const id = `clip-${++this.clips}`
    this.parts.push(
      `<clipPath id="${id}"><rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"/></clipPath>`,
    )
    this.state.clip = id
  }

  private draw(look: string): void {
    if (this.path.length > 0) this.put(`<path d="${this.path.join('')}" ${look}`, '/>')
  }
  private put(start: string, end: string): void {
    const { globalAlpha, transform, clip } = this.state
    const alpha = globalAlpha < 1 ? ` opacity="${short(globalAlpha)}"` : ''
    const place = transform ? ` transform="${transform}"` : ''
    this.parts.push(`${start}${alpha}${place}${clip ? ` clip-path="url(#${clip})"` : ''}${end}`)
  }
  private color(which: 'fillStyle' | 'strokeStyle'): string {
    const color = this.state[which]
    return color === 'transparent' || typeof color !== 'string' ? 'none' : escaped(color)
  }

  get fillStyle() {
    return this.state.fillStyle
  }
  set fillStyle(value) {
    this.state.fillStyle = value
  }
  get strokeStyle() {
    return this.state.strokeStyle
  }
  set strokeStyle(value) {
    this.state.strokeStyle = value
  }
  get globalAlpha() {
    return this.state.globalAlpha
  }
  set globalAlpha(value) {
    this.state.globalAlpha = value
  }
  get lineWidth() {
    return this.state.lineWidth
  }
  set lineWidth(value) {
    this.state.lineWidth = value
  }
  get lineJoin() {
    return this.state.lineJoin
  }
  set lineJoin(value) {
    this.state.lineJoin = value
  }
  get font() {
    return this.state.font
  }
  set font(value) {
    this.state.font = value
  }
  get textAlign() {
    return this.state.textAlign
  }
  set textAlign(value) {
    this.state.textAlign = value
  }
  get textBaseline() {
    return this.state.textBaseline
  }
  set textBaseline(value) {
    this.state.textBaseline = value
  }
}

/** At most two digits after the point: a hundredth of a pixel. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Text as XML takes it, in elements and in quotes. */
function escaped(text: string): string {
  return [...text]
    .map((letter) => (isXml(letter.codePointAt(0) ?? 0) ? letter : '\ufffd'))
    .join('')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

/** https://www.w3.org/TR/xml/#charsets; half a surrogate pair is none of them. */
function isXml(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  )
}

/** `600 11px "Segoe UI", sans-serif` */
function parseFont(font: string): { weight: string; size: number; family: string } {
  const found = /^(?:(\d+) )?([\d.]+)px (.*)$/s.exec(font)
  return { weight: found?.[1] ?? '400', size: Number(found?.[2] ?? 10), family: found?.[3] ?? 'sans-serif' }
}
