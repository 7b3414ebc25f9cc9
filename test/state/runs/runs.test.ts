import { createRoot, createSignal } from 'solid-js'
import { describe, expect, test, vi } from 'vitest'
import type { RunMark } from '../../../src/model/mark.ts'
import type { Json, Run } from '../../../src/model/run.ts'
import { DEFAULT_VIEW, type ViewState } from '../../../src/state/address/link.ts'
import type { RunValues } from '../../../src/state/runs/ranks.ts'
import { createRuns, type RunsOptions } from '../../../src/state/runs/runs.ts'

function run(
  name: string,
  slot: number,
  config: Record<string, Json> = {},
  group: string | null = null,
): Run {
  return {
    key: name,
    id: name,
    name,
    group,
    username: null,
    status: null,
    config,
    createdAt: '',
    created: slot,
    lastTimestamp: '',
    last: slot,
    slot,
    rows: 1,
    firstStep: 0,
    lastStep: 1,
  }
}

const values = (last: number, min = last, max = last, mean = last): RunValues => ({
  ...{ last, min, max, mean, first: last, tail: last },
  ...{ count: 1, nonfinite: 0, minStep: 0, maxStep: 0 },
})
const RUNS = [run('a', 0, { lr: 1 }, 'g'), run('b', 1, { lr: 2 }, 'g'), run('c', 2, { lr: 3 })]

function setUp(given: {
  metrics: string[]
  known?: Record<string, Record<string, RunValues>> | undefined
  runs?: Run[]
  marks?: Record<string, RunMark>
}) {
  return createRoot((dispose) => {
    const [view, setView] = createSignal<ViewState>(DEFAULT_VIEW)
    const [all, setAll] = createSignal(given.runs ?? RUNS)
    const [known, setKnown] = createSignal<Record<string, Record<string, RunValues>>>(given.known ?? {})
    const [live, setLive] = createSignal<string[]>([])
    const [project, setProject] = createSignal('p')
    const patch = (change: Partial<ViewState>) => setView({ ...view(), ...change })
    const options = {
      location: { field: (name: keyof ViewState) => () => view()[name], view, patch },
      preferences: { value: () => ({ slots: {} }), keepsColors: () => false, set: () => {} },
      data: { catalogue: () => ({ runs: all() }), exact: () => true },
      projectName: project,
      theme: () => 'light',
      metricNames: () => given.metrics,
      ranks: {
        values: (metric: string) => known()[metric] && new Map(Object.entries(known()[metric] ?? {})),
      },
      marks: { here: () => undefined, of: (key: string) => given.marks?.[key] },
      live: ({ key }: Run) => live().includes(key),
      patterns: { attempt: <T>(work: () => T): T => work(), notices: () => [] },
    }
    // only what createRuns looks at is there
    const runs = createRuns(options as unknown as RunsOptions)
    const filter = async (text: string) => {
      patch({ filter: text })
      // of the first expression; nothing of it is shown before
      await vi.dynamicImportSettled()
      return runs.filterError() ?? [...runs.listed()].sort().join(' ')
    }
    return { runs, patch, filter, setAll, setKnown, setLive, setProject, dispose }
  })
}

const LOSS = { a: values(5, 1, 9, 4), b: values(2, 2, 2, 2), c: values(3, 3, 8, 5) }

describe('the value beside a run', () => {
  test.each<[string[], string | undefined, string | undefined]>([
    [['train/loss', 'eval/loss', 'lr'], 'eval/loss', 'min'],
    [['eval/accuracy', 'train/loss'], 'train/loss', 'min'],
    [['eval/accuracy', 'train/reward', 'lr'], 'eval/accuracy', 'max'],
    [['lr', 'reward'], 'reward', 'max'],
    [['lr', 'epoch'], undefined, undefined],
    // a weight of a loss is no loss
    [['loss_scale', 'val/error'], 'val/error', 'min'],
  ])('of %j is %s, %s', (metrics, metric, by) => {
    const { runs, dispose } = setUp({ metrics })
    expect(runs.rank()).toEqual(metric && { metric, by })
    dispose()
  })
  test('best first: an accuracy from the greatest, also of those logged last; NaN last', () => {
    const known = { acc: { a: values(0.5), b: values(Number.NaN, 0.9, 0.9), c: values(0.7, 0.1, 0.9) } }
    const { runs, patch, dispose } = setUp({ metrics: ['acc'], known })
    for (const by of ['last', 'max'] as const) {
      patch({ rank: { metric: 'acc', by } })
      expect(runs.listed()).toEqual(['c', 'a', 'b'])
    }
    patch({ rank: { metric: 'acc', by: 'min' } })
    expect(runs.listed()).toEqual(['c', 'a', 'b'])
    dispose()
  })
})

describe('the filter', () => {
  test('compares the number that stands beside the run', async () => {
    const { runs, filter, patch, dispose } = setUp({ metrics: ['loss', 'x'], known: { loss: LOSS, x: LOSS } })
    expect(runs.value('a')).toBe(1)
    expect(await filter('loss < 1.5')).toBe('a')
    patch({ rank: { metric: 'loss', by: 'last' } })
    expect(runs.value('a')).toBe(5)
    expect(await filter('loss < 2.5')).toBe('b')
    patch({ rank: { metric: 'loss', by: 'max' } })
    expect(await filter('loss > 8.5')).toBe('a')
    // nobody chose one for it, and its name does not tell: the last
    expect(await filter('x = 5')).toBe('a')
    expect(await filter('min(x) = 1')).toBe('a')
    expect(await filter('mean(x) >= 4')).toBe('a c')
    dispose()
  })
  test('a metric that is no longer the chosen one goes back to its good end', async () => {
    const { filter, patch, dispose } = setUp({ metrics: ['loss', 'acc'], known: { loss: LOSS, acc: LOSS } })
    patch({ rank: { metric: 'acc', by: 'last' } })
    expect(await filter('acc = 5')).toBe('a')
    expect(await filter('loss = 1')).toBe('a')
    dispose()
  })
  test('a run that ended in NaN is NaN, whatever its best was', async () => {
    const { filter, dispose } = setUp({
      metrics: ['loss'],
      known: { loss: { ...LOSS, a: values(Number.NaN, 1, 9, 4) } },
    })
    expect(await filter('loss < 100')).toBe('b c')
    expect(await filter('min(loss) < 100')).toBe('b c')
    expect(await filter('loss = nan')).toBe('a')
    dispose()
  })
  test('tags and notes that a person wrote', async () => {
    const { filter, dispose } = setUp({
      metrics: [],
      marks: { a: { tags: ['paper', 'rerun'] }, b: { note: 'diverged twice', tags: ['rerun'] } },
    })
    expect(await filter('tag = paper')).toBe('a')
    expect(await filter('tag = rerun and not tag = paper')).toBe('b')
    expect(await filter('tag != paper')).toBe('b c')
    expect(await filter('tag in (paper, other)')).toBe('a')
    expect(await filter('note ~ diverged')).toBe('b')
    dispose()
  })
  test('group, state and config', async () => {
    const { filter, setLive, runs, dispose } = setUp({ metrics: [] })
    expect(await filter('group = g')).toBe('a b')
    expect(await filter('lr in (1, 3)')).toBe('a c')
    expect(await filter('state = live')).toBe('')
    setLive(['b'])
    expect(runs.listed()).toEqual(['b'])
    expect(await filter('state = ended')).toBe('a c')
    dispose()
  })
  test('an unknown key says so, names the nearest, and keeps the last result', async () => {
    const { runs, filter, dispose } = setUp({ metrics: ['train/loss'], known: { 'train/loss': LOSS } })
    expect(await filter('lr > 1')).toBe('b c')
    expect(await filter('loss > 1')).toBe('no key "loss"; train/loss?')
    expect(runs.listed()).toEqual(['c', 'b'])
    dispose()
  })
  test('hides what it hid before until the values are known', async () => {
    const { runs, filter, setKnown, setAll, dispose } = setUp({ metrics: ['loss'] })
    expect(await filter('lr < 3')).toBe('a b')
    expect(await filter('loss < 1.5')).toBe('a b')
    expect(runs.filterWaits()).toEqual(['loss'])
    // a run that nobody knows anything of yet is not hidden
    setAll([...RUNS, run('d', 3)])
    expect([...runs.listed()].sort()).toEqual(['a', 'b', 'd'])
    setKnown({ loss: LOSS })
    expect(runs.listed()).toEqual(['a'])
    expect(runs.filterWaits()).toEqual([])
    dispose()
  })
  test('what was hidden of another project hides nothing while values are read', async () => {
    const { runs, filter, setProject, setKnown, dispose } = setUp({
      metrics: ['loss'],
      known: { loss: LOSS },
    })
    expect(await filter('loss < 1.5')).toBe('a')
    setKnown({})
    setProject('q')
    expect([...runs.listed()].sort()).toEqual(['a', 'b', 'c'])
    dispose()
  })
})

describe('charts that follow the filter', () => {
  test('draw what matches and is shown, and it is known when nothing is left', async () => {
    const { runs, filter, patch, dispose } = setUp({ metrics: [] })
    const drawn = () => runs.shown().map(({ key }) => key)
    await filter('lr < 3')
    expect(drawn()).toEqual(['a', 'b', 'c'])
    expect(runs.noneDrawn()).toBe(false)
    patch({ follow: true })
    expect(drawn()).toEqual(['a', 'b'])
    await filter('nothing')
    expect([drawn(), runs.noneDrawn()]).toEqual([[], true])
    // matching runs that are hidden are not drawn either
    await filter('lr = 1')
    runs.set(['a'], false)
    expect([drawn(), runs.noneDrawn()]).toEqual([[], true])
    await filter('')
    expect(runs.noneDrawn()).toBe(false)
    dispose()
  })
})
