/**
 * How numbers are printed where people read them. What is exported, copied or sent is never written so.
 * `digits`: of a label, and one more of a tooltip. `notation`: `431.2k`, `431,234` or `4.312e5`. `marks`: the one
 * between thousands and the one before decimals. `sizes`: bytes by thousands, or by 1024.
 */
export interface NumberStyle {
  digits: 'few' | 'usual' | 'many'
  notation: 'short' | 'plain' | 'powers'
  marks: keyof typeof MARKS
  sizes: 'decimal' | 'binary'
}

export const USUAL: NumberStyle = { digits: 'usual', notation: 'short', marks: 'point', sizes: 'decimal' }

export function sameNumbers(a: NumberStyle, b: NumberStyle): boolean {
  return a.digits === b.digits && a.notation === b.notation && a.marks === b.marks && a.sizes === b.sizes
}

/** Between thousands, and before decimals; the space is a narrow one that breaks no line. */
export const MARKS = {
  point: [',', '.'],
  comma: ['.', ','],
  'space-comma': ['\u202f', ','],
  'space-point': ['\u202f', '.'],
} as const

/** What is taken from or added to the digits of a label. */
const MORE_DIGITS = { few: -1, usual: 0, many: 2 } as const

let read: () => NumberStyle = () => USUAL

/**
 * Has every number printed in the style that `style` gives when it is printed: where that is a signal, what
 * was printed is printed anew when it changes. The engine's thread never calls this: its numbers stay as usual.
 */
export function printNumbersBy(style: () => NumberStyle): void {
  read = style
}

export function numberStyle(): NumberStyle {
  return read()
}

/** Prints as usual, for what leaves the page: the same file or text whatever somebody likes to read. */
export function asUsual<T>(print: () => T): T {
  const before = read
  read = () => USUAL
  try {
    return print()
  } finally {
    read = before
  }
}

/** Digits that a label shows where `digits` are usual; of fewer than three, as in `± 0.02`, none is left out. */
export function digitsOf(digits: number): number {
  return digits < 3 ? digits : Math.max(2, digits + MORE_DIGITS[read().digits])
}

/** A printed number (`12,400.5`) with the marks of the style. */
export function marked(text: string): string {
  const { marks } = read()
  if (marks === 'point') return text
  const [thousands, decimal] = MARKS[marks]
  return text.replace(/[.,]/g, (mark) => (mark === ',' ? thousands : decimal))
}

/** The mark before decimals. */
export function decimalMark(): string {
  return MARKS[read().marks][1]
}
