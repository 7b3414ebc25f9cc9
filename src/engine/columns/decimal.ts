/*
 * Decimal digits to the nearest double, exactly as JSON.parse gives it.
 *
 * Up to 15 digits with a power of ten up to 22 both are exact doubles, so one multiplication or division
 * rounds right (Clinger, "How to read floating point numbers accurately", 1990). Longer ones (trackio writes
 * 16 or 17 digits) are worked out in double-double arithmetic (Dekker, "A floating-point technique for
 * extending the available precision", 1971); the few results that lie too near to a tie between two doubles
 * are left to the caller, who asks the engine's own parser.
 */

const EXACT = 22
const RANGE = 100
const POWER = new Float64Array(RANGE + 1)
const POWER_LOW = new Float64Array(RANGE + 1)
for (let e = 0; e <= RANGE; e++) {
  const exact = 10n ** BigInt(e)
  POWER[e] = Number(exact)
  POWER_LOW[e] = Number(exact - BigInt(POWER[e] as number))
}

const SPLIT = 2 ** 27 + 1
// error bound of the double-double result relative to half a unit in the last place, with room to spare
const DOUBT = 1 + 2 ** -30

/**
 * (head · 10^tailDigits + tail) · 10^exponent, correctly rounded; NaN where this arithmetic cannot decide.
 * `head` holds at most 15 digits, `tail` the next ones (at most 15, `tailDigits` of them).
 */
export function toDouble(head: number, tail: number, tailDigits: number, exponent: number): number {
  if (tailDigits === 0) {
    if (head === 0) return 0
    if (exponent === 0) return head
    if (exponent > 0 && exponent <= EXACT) return head * (POWER[exponent] as number)
    if (exponent < 0 && exponent >= -EXACT) return head / (POWER[-exponent] as number)
  }
  if (exponent > RANGE || exponent < -RANGE || tailDigits > EXACT) return Number.NaN
  // the digits as high + low, exactly
  const scale = POWER[tailDigits] as number
  const product = head * scale
  const high = product + tail
  const low = productError(head, scale, product) + (tail - (high - product))
  if (exponent === 0) return decide(high, low)
  if (exponent > 0) {
    const p = POWER[exponent] as number
    const big = high * p
    return decide(big, productError(high, p, big) + low * p + high * (POWER_LOW[exponent] as number))
  }
  const p = POWER[-exponent] as number
  const quotient = high / p
  const back = quotient * p
  const rest =
    high - back - productError(quotient, p, back) + low - quotient * (POWER_LOW[-exponent] as number)
  return decide(quotient, rest / p)
}

/** a · b − product, exactly, where product is the rounded a · b. */
function productError(a: number, b: number, product: number): number {
  const ca = SPLIT * a
  const ah = ca - (ca - a)
  const al = a - ah
  const cb = SPLIT * b
  const bh = cb - (cb - b)
  const bl = b - bh
  return al * bl - (product - ah * bh - al * bh - ah * bl)
}

function decide(value: number, correction: number): number {
  const sum = value + correction
  const rest = correction - (sum - value)
  return sum + rest * DOUBT === sum ? sum : Number.NaN
}
