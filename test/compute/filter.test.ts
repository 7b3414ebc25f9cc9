import { describe, expect, test } from 'vitest'
import { type FilterFunction, type FilterSubject, makeMetricTest } from '../../src/compute/filter.ts'
import { parseFilter, quote } from '../../src/compute/filter-expression.ts'
import type { Json } from '../../src/model/run.ts'

interface Made {
  name: string
  group: string | null
  state: string
  config: Record<string, Json>
  metrics: Record<string, Partial<Record<FilterFunction, number>>>
}

/** last, min, max, mean */
const all = (last: number, min = last, max = last, mean = last) => ({ last, min, max, mean })
const A = 'adamw-lr6e-4'
const B = 'muon-lr2e-2'
const C = 'debug-muon'
const D = 'lr=0.1 (a)'
const runs: Made[] = [
  {
    name: A,
    group: 'baseline',
    state: 'ended',
    config: {
      learning_rate: 6e-4,
      opt: 'adamw',
      debug: false,
      batch_size: 64,
      'my key': 1,
      seed: 1,
      'optim.wd': 0.1,
    },
    metrics: { 'eval/loss': all(3.31, 3.2, 9, 4), 'eval/acc': all(0.4, 0.1, 0.5, 0.3), grad: all(1) },
  },
  {
    name: B,
    group: 'muon runs',
    state: 'live',
    config: { learning_rate: 2e-2, opt: 'muon', batch_size: '128', seed: 2, layers: [1, 2], note: null },
    metrics: { 'eval/loss': all(3.27, 3.1, 11, 5), 'eval/acc': all(0.45, 0.2, 0.45, 0.4) },
  },
  {
    name: C,
    group: 'muon runs',
    state: 'ended',
    config: { learning_rate: 1e-4, opt: 'muon', seed: 3 },
    metrics: { 'eval/loss': all(Number.NaN) },
  },
  { name: D, group: null, state: 'ended', config: {}, metrics: { grad: all(Infinity), 'a "b" (c)': all(7) } },
]
/** The one that stands beside the run, when nobody chose another. */
const beside: Record<string, FilterFunction> = { 'eval/loss': 'min', 'eval/acc': 'max' }
/** What further functions give, by metric and what is asked. */
const MEASURED: Record<string, Record<string, number>> = {
  'eval/loss {"by":"at","step":1000}': { [A]: 4, [B]: 5 },
  'eval/acc {"by":"best","of":"eval/loss","end":"min"}': { [A]: 0.3, [B]: 0.45 },
  'eval/acc {"by":"reach","value":0.4,"end":"max"}': { [A]: 100, [B]: 200 },
  'a "b" (c) {"by":"area"}': { [D]: 12 },
}
const keys = [...new Set(runs.flatMap(({ config }) => Object.keys(config)))]
const metrics = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))]

function parse(text: string, names = runs.map(({ name }) => name)) {
  return parseFilter(text, {
    isKey: (name) => keys.includes(name),
    isMetric: (name) => metrics.includes(name),
    keys: () => keys,
    metrics: () => metrics,
    runNames: () => names,
  })
}

function subject(run: Made): FilterSubject {
  return {
    name: run.name,
    group: run.group,
    state: run.state,
    config: (key) => run.config[key],
    metric: (name, by) => run.metrics[name]?.[by ?? beside[name] ?? 'last'],
    tags: [],
    note: undefined,
    measured: (name, measure) => MEASURED[`${name} ${JSON.stringify(measure)}`]?.[run.name],
  }
}

function pass(text: string): string[] | string {
  const filter = parse(text)
  if (filter.kind === 'error') return filter.message
  return runs.filter((run) => filter.test(subject(run))).map(({ name }) => name)
}

describe('plain text', () => {
  test.each<[string, string[]]>([
    ['', [A, B, C, D]],
    ['  ', [A, B, C, D]],
    ['MUON', [B, C]],
    ['^muon|adam', [A, B]],
    ['^(?!.*muon)', [A, D]],
    ['debug-', [C]],
    // no valid regular expression: a substring
    ['(a', [D]],
    ['nothing', []],
    // joined words are looked for one by one, and where the name has the word between them it is found too
    ['adamw or debug', [A, C]],
    ['muon and debug', [C]],
    // within a regular expression they are words like any other
    ['^(a or b)$', []],
  ])('%s', (text, expected) => {
    expect(pass(text)).toEqual(expected)
  })
  test('in quotes is looked for as it stands, operators and all', () => {
    expect(pass('"lr=0.1"')).toEqual([D])
    expect(pass("'lr=0.1 (a)'")).toEqual([D])
    expect(pass('"lr" and not "lr=0.1"')).toEqual([A, B])
    expect(pass(quote('lr=0.1 (a)'))).toEqual([D])
  })
})

describe('expressions', () => {
  test.each<[string, string[]]>([
    ['learning_rate < 1e-3', [A, C]],
    ['learning_rate<1e-3', [A, C]],
    ['learning_rate <= 6e-4', [A, C]],
    ['learning_rate >= .02', [B]],
    ['learning_rate = 0.0006', [A]],
    ['learning_rate == 6e-4', [A]],
    ['learning_rate<1e-3 and eval/loss < 3.4 and not debug', [A]],
    ['learning_rate < 1e-3 not debug', [A]],
    ['learning_rate < 1e-3 adamw', [A]],
    ['opt = muon or learning_rate = 0.0006', [A, B, C]],
    ['opt != "muon"', [A, D]],
    ['opt = MUON', [B, C]],
    ['opt > b', [B, C]],
    ['(opt = adamw or opt = muon) and learning_rate >= 1e-3', [B]],
    ['NOT (opt = muon) AND learning_rate > 0', [A]],
    ['opt ~ ^m', [B, C]],
    ['opt ~ "("', []],
    ['learning_rate ~ 02', [B]],
    ['debug = false', [A]],
    ['not debug', [A, B, D]],
    ['optim.wd = .1', [A]],
    ['"my key" = 1', [A]],
    // a number that was given as text
    ['batch_size > 100', [B]],
    ['batch_size = 128', [B]],
    ['layers = [1,2]', [B]],
    ['note = null', [B]],
    // the number beside the run: the least loss, the greatest accuracy, of others the last value
    ['eval/loss < 3.15', [B]],
    ['eval/loss > 0', [A, B]],
    ['eval/acc >= 0.5', [A]],
    ['grad = 1', [A]],
    ['min(eval/loss) < 3.15', [B]],
    ['MIN( eval/loss )<3.15', [B]],
    ['last(eval/loss) < 3.3', [B]],
    ['max(eval/loss) > 10', [B]],
    ['mean(eval/loss) <= 4', [A]],
    ['mean (eval/acc) > .35', [B]],
    ['last(eval/acc) >= 0.45 and max(eval/acc) < 0.5', [B]],
    ['max("a \\"b\\" (c)") = 7', [D]],
    // a run that went to NaN is found by it, and by nothing else
    ['eval/loss = nan', [C]],
    ['last(eval/loss) = NaN', [C]],
    ['eval/loss != nan', [A, B, D]],
    ['grad = inf', [D]],
    ['grad > 100', [D]],
    ['grad >= infinity', [D]],
    ['grad = -inf', []],
    // lists
    ['opt in (muon)', [B, C]],
    ['opt in (adamw, muon)', [A, B, C]],
    ['opt in (adamw,muon) and seed in (1, 3)', [A, C]],
    ['opt not in (muon)', [A, D]],
    ['not opt in (muon)', [A, D]],
    ['learning_rate in (6e-4, 0.02)', [A, B]],
    ['group in ("muon runs", baseline)', [A, B, C]],
    ['eval/loss in (nan)', [C]],
    // what the run itself has
    ['group = baseline', [A]],
    ['group != baseline', [B, C, D]],
    ['group = "muon runs" and state = live', [B]],
    ['state = ended', [A, C, D]],
    ['state in (live, ended)', [A, B, C, D]],
    ['name = debug-muon', [C]],
    ['name ~ ^muon', [B]],
    ['name in (debug-muon, muon-lr2e-2)', [B, C]],
  ])('%s', (text, expected) => {
    expect(pass(text)).toEqual(expected)
  })

  test('names the metrics whose values it needs, each once', () => {
    const needs = (text: string) => {
      const filter = parse(text)
      return filter.kind === 'error' ? filter.message : filter.metrics
    }
    expect(needs('min(eval/loss) < 3 or last(eval/loss) < 4 and opt = muon')).toEqual(['eval/loss'])
    expect(needs('opt = muon and name = a')).toEqual([])
    expect(needs('muon')).toEqual([])
  })

  test('a key of the config that is called like what a run has is reached in quotes', () => {
    const words = {
      isKey: (name: string) => name === 'state',
      isMetric: () => false,
      keys: () => ['state'],
      metrics: () => [],
      runNames: () => [],
    }
    const filter = (text: string) => {
      const found = parseFilter(text, words)
      return (
        found.kind !== 'error' &&
        found.test({
          name: 'n',
          group: null,
          state: 'live',
          config: () => 'texas',
          metric: () => undefined,
          tags: [],
          note: undefined,
          measured: () => undefined,
        })
      )
    }
    expect(filter('state = live')).toBe(true)
    expect(filter('"state" = texas')).toBe(true)
  })
})

describe('what is wrong is said', () => {
  test.each([
    ['learning_rate <', 'a value is missing after <'],
    ['(learning_rate < 1', 'a parenthesis is not closed'],
    ['learning_rate < 1 and', 'the expression ends too early'],
    ['learning_rate < 1)', 'unexpected )'],
    ['< 1', 'unexpected <'],
    ['opt = "muon', 'a quote is not closed'],
    ['opt in ()', 'a value is missing after in ('],
    ['opt in (a', 'a parenthesis is not closed'],
    ['min(eval/loss)', 'min(eval/loss) is compared with nothing'],
    ['min() < 1', 'a metric is missing in min()'],
    ['min(eval/loss < 1', 'unexpected <'],
    ['avg(eval/loss) < 1', 'no function avg(); min, max, last, mean'],
    // the nearest name: words' beginnings, a part, a letter wrong, another case
    ['lr < 1', 'no key "lr"; learning_rate?'],
    ['wd < 1', 'no key "wd"; optim.wd?'],
    ['bs < 1', 'no key "bs"; batch_size?'],
    ['loss < 1', 'no key "loss"; eval/loss?'],
    ['eval/lss < 1', 'no key "eval/lss"; eval/loss?'],
    ['learning < 1', 'no key "learning"; learning_rate?'],
    ['Learning_Rate < 1', 'no key "Learning_Rate"; learning_rate?'],
    ['grup = a', 'no key "grup"; group?'],
    ['sead = 1', 'no key "sead"; seed?'],
    ['zzzzz < 1', 'no key "zzzzz"'],
    ['learning_rate < 1 and zzzzz > 2', 'no key "zzzzz"'],
    // a function asks for a metric
    ['min(learning_rate) < 1', 'no metric "learning_rate"'],
    ['max(acc) < 1', 'no metric "acc"; eval/acc?'],
    // a run is called so
    ['lr=0.1', 'no key "lr"; learning_rate? In quotes it searches names: "lr=0.1"'],
    ['=0.1', 'unexpected =. In quotes it searches names: "=0.1"'],
  ])('%s', (text, message) => {
    expect(pass(text)).toBe(message)
  })
})

test('a metric search is a substring, or a regular expression where valid', () => {
  expect(['train/loss', 'lr'].filter(makeMetricTest('LOSS', false))).toEqual(['train/loss'])
  expect(['train/loss', 'lr'].filter(makeMetricTest('^l', true))).toEqual(['lr'])
  expect(['a(b', 'lr'].filter(makeMetricTest('(', true))).toEqual(['a(b'])
})

describe('functions that ask for more than the metric', () => {
  test.each<[string, string[] | string]>([
    ['at(eval/loss, 1000) < 4.5', [A]],
    ['at(eval/loss,1000) >= 4', [A, B]],
    ['best(eval/acc, min eval/loss) > 0.4', [B]],
    ['reach(eval/acc, >= 0.4) <= 100', [A]],
    [String.raw`area("a \"b\" (c)") = 12`, [D]],
    ['not at(eval/loss, 1000) < 4.5 and learning_rate < 1', [B, C]],
    ['at(eval/loss) < 4.5', 'a number is missing: at(eval/loss, 1000)'],
    ['best(eval/acc, eval/loss) > 1', 'best() is written best(eval/acc, max eval/accuracy)'],
    ['reach(eval/acc, 0.4) > 1', 'reach() is written reach(eval/acc, >= 0.7)'],
    ['best(eval/acc, min eval/los) > 1', 'no metric "eval/los"; eval/loss?'],
    ['area(eval/los) > 1', 'no metric "eval/los"; eval/loss?'],
    ['area(grad)', 'area(grad) is compared with nothing'],
  ])('%s', (text, found) => {
    expect(pass(text)).toEqual(found)
  })
})
