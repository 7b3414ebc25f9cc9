/** Colours of the theme that canvases draw with, as they are now. */
export function designTokens(): {
  sunken: string
  ink: string
  rule: string
  minus: number[]
  plus: number[]
} {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string): string => style.getPropertyValue(name).trim()
  return {
    sunken: of('--sunken'),
    ink: of('--ink'),
    rule: of('--rule'),
    minus: rgb(of('--run-0')),
    plus: rgb(of('--run-1')),
  }
}

/** Of `#rrggbb`. */
function rgb(text: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16) || 0)
}
