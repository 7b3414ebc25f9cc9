import { describe, expect, test } from 'vitest'
import { toDouble } from '../../../src/engine/columns/decimal.ts'
import { makeKeyTable, scanPayload } from '../../../src/engine/columns/scan.ts'
import { makeRunColumns } from '../../../src/engine/columns/series-store.ts'
import { makeRandom, makeRandomDouble } from '../../random.ts'

const encoder = new TextEncoder()

describe('numbers of a payload are bit for bit those of JSON.parse', () => {
  test('doubles of all magnitudes in their shortest digits', () => {
    const next = makeRandomDouble(makeRandom(1))
    check(Array.from({ length: 150_000 }, () => String(next())))
  })
  test('everyday magnitudes in their shortest digits', () => {
    const random = makeRandom(2)
    check(
      Array.from({ length: 100_000 }, () => String((random() - 0.5) * 10 ** Math.floor(random() * 12 - 6))),
    )
  })
  test('17 significant digits, plain and with an exponent', () => {
    const random = makeRandom(3)
    const next = makeRandomDouble(random)
    check(Array.from({ length: 40_000 }, () => next().toPrecision(17)))
    check(
      Array.from({ length: 40_000 }, () =>
        ((random() - 0.5) * 10 ** Math.floor(random() * 30 - 15)).toPrecision(17),
      ),
    )
  })
  test('as Python writes them: 1e-05, 1e+16, 5.0', () => {
    const random = makeRandom(4)
    const next = makeRandomDouble(random)
    check(
      Array.from({ length: 50_000 }, (_, i) =>
        python(i % 2 ? next() : (random() - 0.5) * 10 ** Math.floor(random() * 24 - 8)),
      ),
    )
    expect(
      ['0.00001', '10000000000000000', '5', '0.1', '1.5e-7', '1e22', '123456789012345680'].map((text) =>
        python(Number(text)),
      ),
    ).toEqual(['1e-05', '1e+16', '5.0', '0.1', '1.5e-07', '1e+22', '1.2345678901234568e+17'])
  })
  test('any number of digits on both sides of the point, with any exponent', () => {
    const random = makeRandom(5)
    const digits = (n: number): string => Array.from({ length: n }, () => Math.floor(random() * 10)).join('')
    const texts = Array.from({ length: 40_000 }, () => {
      const whole = digits(1 + Math.floor(random() * 20)).replace(/^0+(?=\d)/, '')
      const fraction = random() < 0.8 ? `.${digits(1 + Math.floor(random() * 24))}` : ''
      const exponent =
        random() < 0.4
          ? `${random() < 0.5 ? 'e' : 'E'}${['', '+', '-'][Math.floor(random() * 3)]}${Math.floor(random() * 330)}`
          : ''
      return `${random() < 0.3 ? '-' : ''}${whole}${fraction}${exponent}`
    })
    check(texts, 1)
  })
  test('leading zeros of a fraction', () => {
    const random = makeRandom(6)
    check(
      Array.from(
        { length: 12_000 },
        () => `0.${'0'.repeat(Math.floor(random() * 40))}${Math.floor(random() * 1e15)}`,
      ),
      1,
    )
  })
  test('exact ties between two doubles, and a digit beside them', () => {
    const random = makeRandom(7)
    const next = makeRandomDouble(random)
    const texts: string[] = []
    for (let i = 0; i < 2500; i++) {
      // magnitudes whose ties have few digits, and any others
      const value = Math.abs(
        i % 2 ? Math.floor(2 ** 52 * (1 + random())) * 2 ** Math.floor(random() * 40 - 30) : next(),
      )
      const tie = halfway(value)
      if (tie) texts.push(...tie)
    }
    check(texts, 1)
  })
  test('the borders: subnormals, the largest double, overflow, underflow, powers of ten and two', () => {
    const texts = [
      '5e-324',
      '2.4703282292062327e-324',
      '2.4703282292062328e-324',
      '2.2250738585072014e-308',
      '2.2250738585072011e-308',
      '4.9406564584124654e-324',
    ]
    texts.push(
      '1.7976931348623157e308',
      '1.7976931348623158e308',
      '1.7976931348623159e308',
      '1e309',
      '1e400',
      '1e401',
      '1e-400',
      '1e-401',
      '1e99999',
      '0e99999',
      '123456789e-99999',
    )
    for (let e = -330; e <= 310; e++)
      texts.push(`1e${e}`, `9.999999999999999e${e}`, `123456789012345678e${e}`)
    for (let e = -1074; e <= 1023; e++)
      texts.push(String(2 ** e), (2 ** e).toPrecision(17), (2 ** e * (1 + 2 ** -52)).toPrecision(17))
    for (const n of [15, 16, 17, 18, 29, 30, 31, 40, 300, 800])
      texts.push(
        '9'.repeat(n),
        `0.${'9'.repeat(n)}`,
        `${'1'.repeat(n)}.${'1'.repeat(n)}`,
        `0.${'0'.repeat(n)}1`,
      )
    for (const v of [2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 2 ** 63, 2 ** 64])
      texts.push(String(BigInt(v)), String(BigInt(v) + 1n), String(-BigInt(v) - 1n), `${BigInt(v)}.5`)
    check(texts, 1)
  })
  test('zero keeps its sign', () => {
    check(['0', '-0', '0.0', '-0.0', '-0e10', '0e-5', '-0.000000', '-1e-400'])
  })
  test('subnormals in their shortest digits', () => {
    const random = makeRandom(8)
    check(
      Array.from({ length: 5000 }, () =>
        String(Math.ceil(random() * 2 ** Math.ceil(random() * 52)) * 5e-324),
      ),
    )
  })
})

test('toDouble decides nearly all numbers of up to 17 digits itself', () => {
  const random = makeRandom(9)
  let left = 0
  for (let i = 0; i < 50_000; i++) {
    const text = (1 + random() * 9).toPrecision(17).replace('.', '')
    const value = toDouble(Number(text.slice(0, 15)), Number(text.slice(15)), 2, -16)
    if (Number.isNaN(value)) left++
    else if (!Object.is(value, Number(`${text}e-16`))) expect(value).toBe(Number(`${text}e-16`))
  }
  expect(left).toBeLessThan(5)
})

test('toDouble leaves exact ties to the caller, and what is out of its range', () => {
  // 2^53 + 1 lies in the middle of 2^53 and 2^53 + 2
  expect(toDouble(900719925474099, 3, 1, 0)).toBeNaN()
  expect(toDouble(1, 0, 0, 101)).toBeNaN()
  expect(toDouble(1, 0, 0, -101)).toBeNaN()
})

/**
 * Scans the texts as values of payloads, and compares the bits. A number that is too long sends its whole
 * payload to JSON.parse: such ones come one by one.
 */
function check(texts: string[], each = 100): void {
  const wrong: string[] = []
  for (let from = 0; from < texts.length; from += each) {
    const some = texts.slice(from, from + each)
    const bytes = encoder.encode(`{${some.map((text, i) => `"k${i}": ${text}`).join(', ')}}`)
    const keys = makeKeyTable()
    const run = { columns: makeRunColumns(), first: undefined, next: [], kinds: [] }
    expect(scanPayload(keys, run, bytes, new DataView(bytes.buffer), 0, bytes.length, 0)).toBe(true)
    some.forEach((text, i) => {
      const got = run.columns.metrics[keys.byName.get(`k${i}`) ?? -1]?.data[0]
      if (!Object.is(got, JSON.parse(text))) wrong.push(`${text}: ${got}`)
    })
  }
  expect(wrong).toEqual([])
}

/**
 * repr(float): an exponent of at least two digits from 1e16 on and below 1e-4, else `.0` where there is no
 * fraction.
 */
function python(value: number): string {
  const size = Math.abs(value)
  if (value === 0 || (size >= 1e-4 && size < 1e16))
    return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits, exponent = ''] = value.toExponential().split('e')
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

/**
 * The exact decimal digits of the tie above a double, and the same with the last digit one lower and one
 * higher; undefined when there are too many.
 */
function halfway(value: number): string[] | undefined {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const exponent = Number(raw >> 52n)
  if (exponent === 0 || exponent === 2047) return undefined
  // value = significand · 2^power; the tie lies half a unit higher
  const tie = ((raw & 0xfffffffffffffn) | 0x10000000000000n) * 2n + 1n
  const power = exponent - 1075 - 1
  if (power > 200 || power < -200) return undefined
  if (power >= 0) {
    const whole = tie * 2n ** BigInt(power)
    return [String(whole), String(whole - 1n), String(whole + 1n)]
  }
  // tie · 2^power = tie · 5^−power · 10^power
  const digits = tie * 5n ** BigInt(-power)
  return [0n, -1n, 1n].map((d) => `${digits + d}e${power}`)
}
