import { createSignal } from 'solid-js'
import { PALETTES } from '../../../compute/color.ts'
import type { App } from '../../../state/app.ts'

const [printing, setPrinting] = createSignal(false)

/** The page is being made ready for paper: every chart of the report is drawn, in the colours of the light theme. */
export { printing }

/** Paper is white: the theme that charts are drawn in then. */
export function drawnTheme(theme: 'light' | 'dark'): 'light' | 'dark' {
  return printing() ? 'light' : theme
}

/** A line in the colour that its own has in the light theme, while the page is made ready for paper. */
export function forPaper<T extends { style: { color: string } }>(line: T): T {
  if (!printing()) return line
  const at = (PALETTES.dark as readonly string[]).indexOf(line.style.color)
  const color = PALETTES.light[at]
  return color === undefined ? line : { ...line, style: { ...line.style, color } }
}

/** Draws all of the report for paper, and opens the browser's dialog for it; the screen is then as it was. */
export async function printReport({ settled }: App): Promise<void> {
  // asked for again while it is made ready: the theme to go back to is known to the first
  if (printing()) return
  const root = document.documentElement
  const { theme } = root.dataset
  try {
    root.dataset.theme = 'light'
    setPrinting(true)
    settled.poke()
    await settled.wait()
    window.print()
  } finally {
    setPrinting(false)
    if (theme) root.dataset.theme = theme
    settled.poke()
  }
}
