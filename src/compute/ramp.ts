import { mixOklab } from './oklab.ts'

/**
 * Ends and middle of the continuous colours, by theme: contrast on paper 3.0, 4.7, 15.3; dark 3.4, 5.6, 15.8.
 */
const STOPS = {
  light: ['#8995ac', '#3a70da', '#0b2159'],
  dark: ['#5f6980', '#5b8af2', '#e6eeff'],
} as const

export const RAMP_STEPS = 7

/** The colours of a continuous scale from its least to its greatest value, mixed in Oklab. */
export function rampColors(theme: 'light' | 'dark'): string[] {
  const stops = STOPS[theme]
  return Array.from({ length: RAMP_STEPS }, (_, i) => {
    const at = (i / (RAMP_STEPS - 1)) * (stops.length - 1)
    const from = Math.min(stops.length - 2, Math.floor(at))
    const mixed = mixOklab(stops[from]!, stops[from + 1]!, at - from)
    return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`
  })
}

/** The step of a share of the scale, 0 to 1. */
export function rampStep(share: number): number {
  return Math.max(0, Math.min(RAMP_STEPS - 1, Math.floor(share * RAMP_STEPS)))
}
