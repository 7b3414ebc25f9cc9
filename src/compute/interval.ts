/*
 * Means of a few runs and how sure they are: 95 % intervals by Student's t, and what difference is no more
 * than the noise of seeds.
 */

/** What is known of some values. `sd` and `half` are NaN of fewer than two. */
export interface Spread {
  n: number
  mean: number
  /** Standard deviation of the sample, over n − 1. */
  sd: number
  /** Half of the 95 % t interval of the mean: t(n − 1) · sd / √n. */
  half: number
}

/** Of the finite values; NaN and infinities are left out, and `n` counts what is left. */
export function spreadOf(values: Iterable<number>): Spread {
  const finite: number[] = []
  for (const value of values) if (Number.isFinite(value)) finite.push(value)
  const n = finite.length
  if (n === 0) return { n, mean: Number.NaN, sd: Number.NaN, half: Number.NaN }
  // divided first where the sum would leave the doubles
  const sum = finite.reduce((total, value) => total + value, 0)
  const mean = Number.isFinite(sum) ? sum / n : finite.reduce((total, value) => total + value / n, 0)
  if (n === 1) return { n, mean, sd: Number.NaN, half: Number.NaN }
  const squares = finite.reduce((total, value) => total + (value - mean) ** 2, 0)
  const sd = Math.sqrt(squares / (n - 1))
  return { n, mean, sd, half: (student95(n - 1) * sd) / Math.sqrt(n) }
}

/**
 * Largest difference to the mean of `base` that is within the noise of its seeds: t(n − 1) · s · √(1/n + 1/m),
 * s and n of `base`, m values on the other side (1 for a run, the size of a group): the 95 % prediction
 * interval of a mean of m values that are spread as those of `base`. NaN of fewer than three seeds, of which
 * nothing is said.
 */
export function seedNoise(base: Spread, m: number): number {
  if (base.n < 3 || m < 1) return Number.NaN
  return student95(base.n - 1) * base.sd * Math.sqrt(1 / base.n + 1 / m)
}

const kept: number[] = []

/**
 * The two-sided 95 % point of Student's t with so many degrees of freedom (an integer from 1 on): 12.706 for
 * 1, 2.262 for 9. Of the closed form of its distribution (Abramowitz and Stegun 26.7.3 and 26.7.4), halved
 * until the doubles end.
 */
export function student95(df: number): number {
  if (!(df >= 1)) return Number.NaN
  // the expansion of Cornish and Fisher, right to 10⁻⁹ from here on
  if (df > MOST) return Z + (Z ** 3 + Z) / (4 * df) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * df ** 2)
  kept[df] ??= quantile(df)
  return kept[df]
}

const MOST = 2000
/** The 95 % point of the normal distribution. */
const Z = 1.959963984540054

function quantile(df: number): number {
  let [low, high] = [0, Math.PI / 2]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (within(middle, df) < 0.95) low = middle
    else high = middle
  }
  return Math.tan((low + high) / 2) * Math.sqrt(df)
}

/** Share of the distribution between −t and t, where tan θ = t / √df. */
function within(theta: number, df: number): number {
  const [sin, cos] = [Math.sin(theta), Math.cos(theta)]
  const odd = df % 2 === 1
  let term = odd ? cos : 1
  let sum = odd && df === 1 ? 0 : term
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= ((k - 1) / k) * cos * cos
    sum += term
  }
  return odd ? (2 / Math.PI) * (theta + sin * sum) : sin * sum
}
