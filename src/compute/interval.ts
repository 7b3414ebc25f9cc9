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

/**
 * Half of Welch's 95 % interval of a difference of means: `a` and `b` are the squared standard errors of means of
 * n and m values. The degrees of freedom (Satterthwaite) are no integer, so the point of Student's t is found on
 * the incomplete beta function (Press et al., Numerical Recipes, 6.4), halved until the doubles end.
 */
export function welch95(a: number, n: number, b: number, m: number): number {
  if (a + b === 0) return 0
  const df = (a + b) ** 2 / (a ** 2 / (n - 1) + b ** 2 / (m - 1))
  if (!(df > 0)) return Number.NaN
  // the share of the distribution beyond ±t is I(x; df / 2, 1 / 2) with x = df / (df + t²)
  let [low, high] = [0, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (beta(middle, df / 2, 0.5) < 0.05) low = middle
    else high = middle
  }
  const x = (low + high) / 2
  return Math.sqrt((df * (1 - x)) / x) * Math.sqrt(a + b)
}

/** The regularised incomplete beta function. */
function beta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  const front = Math.exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

/** Its continued fraction, by Lentz's method. */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny)
  let h = d
  for (let k = 1; k <= 300; k++) {
    for (const t of [
      (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k)),
      (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1)),
    ]) {
      d = 1 / (1 + t * d || tiny)
      c = 1 + t / c || tiny
      h *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return h
}

/** ln Γ for x > 0: Lanczos's approximation (g = 7, nine terms), right to 10⁻¹⁴. */
function lgamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lgamma(1 - x)
  const sum = LANCZOS.reduce((total, term, i) => (i === 0 ? term : total + term / (x - 1 + i)), 0)
  const t = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
