export const LEGENDS = ['right', 'below', 'none'] as const
export const BACKGROUNDS = ['light', 'dark', 'transparent'] as const

export interface FigureOptions {
  format: 'png' | 'svg'
  /** CSS pixels. */
  width: number
  height: number
  /** Pixels of a PNG in a CSS pixel. */
  scale: number
  title: string
  axisTitles: boolean
  legend: (typeof LEGENDS)[number]
  background: (typeof BACKGROUNDS)[number]
  /** The line below that says what is drawn. */
  provenance: boolean
}

export const SIDE = { least: 200, most: 4000 }
export const MOST_SCALE = 4
/** Beyond this, programs that show SVG get slow. */
export const LARGE_SVG = 5e6

const START: FigureOptions = {
  format: 'png',
  width: 800,
  height: 480,
  scale: 2,
  title: '',
  axisTitles: true,
  legend: 'right',
  background: 'light',
  provenance: true,
}

let last: FigureOptions = START

/** What was chosen last on this page, for another metric; the first time the page's own theme. */
export function figureOptions(metric: string, theme: 'light' | 'dark'): FigureOptions {
  return { ...(last === START ? { ...START, background: theme } : last), title: metric }
}

export function keepFigureOptions(options: FigureOptions): void {
  last = options
}
