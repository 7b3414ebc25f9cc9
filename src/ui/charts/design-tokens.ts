/** The design tokens that canvases need, as CSS colours of the current theme. */
export interface Tokens {
  paper: string
  ink: string
  ink2: string
  ink3: string
  grid: string
  axis: string
  accent: string
  warn: string
  error: string
  font: string
}

let cached: { theme: string; tokens: Tokens } | undefined

/** Read when drawing, which comes after the theme's attribute is set in the same frame. */
export function readTokens(theme: 'light' | 'dark'): Tokens {
  if (cached?.theme === theme) return cached.tokens
  const style = getComputedStyle(document.documentElement)
  const read = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback
  const tokens: Tokens = {
    paper: read('--paper', '#ffffff'),
    ink: read('--ink', '#1b1b19'),
    ink2: read('--ink-2', '#50504b'),
    ink3: read('--ink-3', '#6b6b65'),
    grid: read('--grid', '#ededeb'),
    axis: read('--axis', '#c6c6c1'),
    accent: read('--accent', '#1552c8'),
    warn: read('--warn', '#8a5a00'),
    error: read('--error', '#b3261e'),
    font: read('--font', 'sans-serif'),
  }
  cached = { theme, tokens }
  return tokens
}

const colors = new Map<string, number>()
let probe: CanvasRenderingContext2D | null | undefined

/** Any CSS colour as 0xRRGGBB; opacity is left out. */
export function parseColor(css: string): number {
  const hex = /^#([0-9a-f]{6})$/i.exec(css)
  if (hex) return Number.parseInt(hex[1] ?? '0', 16)
  const known = colors.get(css)
  if (known !== undefined) return known
  if (probe === undefined) {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 1
    probe = canvas.getContext('2d', { willReadFrequently: true })
  }
  if (!probe) return 0x808080
  probe.clearRect(0, 0, 1, 1)
  probe.fillStyle = '#808080'
  probe.fillStyle = css
  probe.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0] = probe.getImageData(0, 0, 1, 1).data
  const color = (r << 16) | (g << 8) | b
  colors.set(css, color)
  return color
}
