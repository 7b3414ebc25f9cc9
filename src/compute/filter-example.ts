import type { Json } from '../model/run.ts'
import { quote } from './filter-expression.ts'

/** What an example can be made of: values of the runs that have one. */
export interface ExampleOf {
  name: string
  values: readonly Json[]
}

/** Learning rates first, then what else people vary. */
const LIKELY = [/(^|[._/])(lr|learning_?rate)$/i, /(lr|rate|decay|dropout|beta|batch|temperature|optim)/i]
/** A key with more values than there are runs apart names the run; these do so by themselves. */
const NAMING = /(^|[._/-])(seed|name|id|path|dir|output_dir|run_name|time|date|host|hostname|device)$/i
/** Longer ones would not be read to the end in the field. */
const LONGEST = 26

/**
 * A comparison that some of the runs pass and others do not, or undefined where none is short enough. Keys
 * that differ are tried before metrics.
 */
export function exampleFilter(keys: readonly ExampleOf[], metrics: readonly ExampleOf[]): string | undefined {
  const likely = keys.filter(({ name }) => !NAMING.test(name))
  const sorted = [
    ...LIKELY.map((pattern) => likely.filter(({ name }) => pattern.test(name))),
    likely,
    metrics,
  ].flat()
  for (const { name, values } of sorted) {
    const word = /^[^\s()<>=!~"',]+$/.test(name) ? name : quote(name)
    const text = numberExample(word, values) ?? textExample(word, values)
    if (text !== undefined && text.length <= LONGEST) return text
  }
  return undefined
}

/** `lr < 1e-3`: a round number that has some values below it and one at or above. */
function numberExample(word: string, values: readonly Json[]): string | undefined {
  const numbers = [...new Set(values)]
    .filter((value) => typeof value === 'number' && Number.isFinite(value))
    .sort((a, b) => Number(a) - Number(b))
  const [below, above] = [numbers[Math.ceil(numbers.length / 2) - 1], numbers[Math.ceil(numbers.length / 2)]]
  if (typeof below !== 'number' || typeof above !== 'number') return undefined
  for (let digits = 1; digits <= 17; digits++) {
    const limit = Number(above.toPrecision(digits))
    if (limit > below && limit <= above) return `${word} < ${shortest(limit)}`
  }
  return undefined
}

/** `optimizer = adamw` */
function textExample(word: string, values: readonly Json[]): string | undefined {
  const found = values.find(
    (value) => typeof value === 'string' && value !== '' && values.some((other) => other !== value),
  )
  return typeof found === 'string'
    ? `${word} = ${/^[^\s()<>=!~"',]+$/.test(found) ? found : quote(found)}`
    : undefined
}

/** As people write them: `1e-3`, `0.02`, `100`, `2e5`. */
function shortest(value: number): string {
  const [plain, power] = [String(value), value.toExponential().replace('e+', 'e')]
  const odd = Math.abs(value) < 0.01 || Math.abs(value) >= 1e5
  return odd && power.length < plain.length ? power : plain
}
