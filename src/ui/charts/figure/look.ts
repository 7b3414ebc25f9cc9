import { PALETTES } from '../../../compute/color.ts'
import { rampColors } from '../../../compute/ramp.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import type { Tokens } from '../design-tokens.ts'
import type { FigureOptions } from './figure-options.ts'

/** What a figure needs of the style sheet's tokens, for both themes: the page has only its own at hand. */
export const INKS: Record<'light' | 'dark', Omit<Tokens, 'font'>> = {
  light: {
    paper: '#ffffff',
    ink: '#1b1b19',
    ink2: '#50504b',
    ink3: '#6b6b65',
    grid: '#ededeb',
    axis: '#c6c6c1',
    accent: '#1552c8',
    warn: '#8a5a00',
    error: '#b3261e',
  },
  dark: {
    paper: '#131416',
    ink: '#ececea',
    ink2: '#b4b6bb',
    ink3: '#90939a',
    grid: '#222428',
    axis: '#43464d',
    accent: '#86adff',
    warn: '#e0a93a',
    error: '#ff8a7f',
  },
}

/** The families of the page, of which every system has one: a figure needs no font file beside it. */
export const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Inter, Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif'

/** Transparent figures go on white pages as a rule, so their inks are the dark ones. */
export function themeOf(background: FigureOptions['background']): 'light' | 'dark' {
  return background === 'dark' ? 'dark' : 'light'
}

export function figureTokens(background: FigureOptions['background']): Tokens {
  const inks = INKS[themeOf(background)]
  return {
    ...inks,
    ...(background === 'transparent' ? { paper: 'transparent', grid: '#80808033' } : {}),
    font: FONT,
  }
}

/** All that runs may be drawn in: colours of their own, and those of a scale. */
function colorsOf(theme: 'light' | 'dark'): string[] {
  return [...PALETTES[theme], ...rampColors(theme)]
}

/** Runs in the colours of the figure's theme, where that is not the page's. */
export function figureRuns(
  runs: readonly ShownRun[],
  page: 'light' | 'dark',
  figure: 'light' | 'dark',
): ShownRun[] {
  if (page === figure) return [...runs]
  const [here, there] = [colorsOf(page), colorsOf(figure)]
  return runs.map((run) => ({
    ...run,
    style: { ...run.style, color: there[here.indexOf(run.style.color)] ?? run.style.color },
  }))
}
