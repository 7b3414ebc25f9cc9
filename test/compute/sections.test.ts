import { describe, expect, test } from 'vitest'
import type { Section } from '../../src/compute/section.ts'
import { foldedAtStart, movedOrder, putInOrder, rankSections } from '../../src/compute/section-order.ts'
import {
  autoColumns,
  cardHeight,
  heightOf,
  layoutSections,
  leafName,
  PINNED,
  rowsWithin,
  sectionsOf,
} from '../../src/compute/sections.ts'
import { makeRandom } from '../random.ts'

describe('sections', () => {
  test('names without a prefix come first; one level is nested, deeper prefixes stay whole', () => {
    const sections = sectionsOf([
      'train/loss',
      'loss',
      'train/layer10/w',
      'train/layer2/w',
      'train/a/b/c',
      'eval/loss',
    ])
    expect(sections.map(({ name, count }) => [name, count])).toEqual([
      ['charts', 1],
      ['train', 4],
      ['eval', 1],
    ])
    expect(sections[1]?.nested.map(({ name }) => name)).toEqual([
      'train/a/b',
      'train/layer2',
      'train/layer10',
    ])
  })
  test('a logged charts/x is a section of its own', () => {
    const sections = sectionsOf(['x', 'charts/x'])
    expect(sections.map(({ name }) => name)).toEqual(['charts', 'charts'])
    expect(new Set(sections.map(({ key }) => key)).size).toBe(2)
  })
  test('odd names stay names', () => {
    expect(sectionsOf(['', '/x', 'a/'])[0]?.metrics).toEqual(['', '/x'])
    expect(leafName('/x')).toBe('/x')
    expect(leafName('a/b/c')).toBe('c')
  })
})

/** As a TRL run logs them. */
const TRL = [
  'train/epoch',
  'train/global_step',
  'train/grad_norm',
  'train/learning_rate',
  'train/loss',
  'train/mean_token_accuracy',
  'train/num_tokens',
  'train/step_time',
  'train/rewards/accuracies',
  'train/rewards/chosen',
  'train/rewards/margins',
  'train/logps/chosen',
  'train/logps/rejected',
  'eval/loss',
  'eval/runtime',
  'eval/samples_per_second',
  'eval/steps_per_second',
  'profiling/Time taken: Trainer._prepare_inputs',
  'profiling/Time taken: Trainer.compute_loss',
]

describe('order at first sight', () => {
  const names = (sections: { name: string }[]) => sections.map(({ name }) => name)
  test('within a section: results, then the others, then counters and timings', () => {
    const [train] = sectionsOf(TRL)
    expect(train?.metrics.map(leafName)).toEqual([
      'loss',
      'mean_token_accuracy',
      'grad_norm',
      'learning_rate',
      'epoch',
      'global_step',
      'num_tokens',
      'step_time',
    ])
    expect(train?.nested.map(({ name }) => name)).toEqual(['train/rewards', 'train/logps'])
  })
  test('sections: train, eval, val, test, results, others, counters, timings', () => {
    const all = [
      ...TRL,
      'zoo/count',
      'zoo/epoch',
      'val/loss',
      'test/acc',
      'weights/layer2',
      'weights/layer10',
      'metrics/mAP50(B)',
      'speed/x',
      'system/gpu',
      'loss',
    ]
    expect(names(sectionsOf(all))).toEqual([
      ...[
        'charts',
        'train',
        'eval',
        'val',
        'test',
        'metrics',
        'weights',
        'system',
        'zoo',
        'profiling',
        'speed',
      ],
    ])
  })
  test('the half of eval that is timings does not make it a section of timings', () => {
    expect(names(sectionsOf(TRL))).toEqual(['train', 'eval', 'profiling'])
  })
  test('counters without a prefix do not lead the sheet', () => {
    expect(names(sectionsOf(['epoch', 'time', 'train/loss', 'a/b']))).toEqual(['train', 'a', 'charts'])
  })
  test('most of a section being timings makes it one, its name notwithstanding', () => {
    expect(names(sectionsOf(['a/fps', 'a/load_time', 'a/x', 'b/x']))).toEqual(['b', 'a'])
  })
  test('timings are folded at start from 21 charts on, other sections never', () => {
    const many = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => `${prefix}/${i}`)
    const sections = sectionsOf([
      ...many('profiling', 21),
      ...many('timings', 20),
      ...many('train', 40),
      ...many('train/perf', 30),
    ])
    expect([...foldedAtStart(sections, rankSections(sections))].sort()).toEqual(['profiling/', 'train/perf/'])
  })
  test('pinned ones make the first section and stand nowhere else', () => {
    const sections = sectionsOf(TRL, { pinned: ['eval/loss', 'gone', 'train/epoch', 'eval/loss'] })
    expect(sections[0]).toEqual({
      name: 'Pinned',
      key: PINNED,
      metrics: ['eval/loss', 'train/epoch'],
      nested: [],
      count: 2,
    })
    const rest = sections
      .slice(1)
      .flatMap(({ metrics, nested }) => [...metrics, ...nested.flatMap((inner) => inner.metrics)])
    expect([...rest, 'eval/loss', 'train/epoch'].sort()).toEqual([...TRL].sort())
  })
  test('what a person put in order comes first among its siblings, sections too', () => {
    const sections = sectionsOf(['loss', ...TRL], {
      order: ['profiling/', 'train/logps/', 'train/epoch', 'gone', 'train/loss', '/'],
    })
    expect(names(sections)).toEqual(['profiling', 'charts', 'train', 'eval'])
    expect(names(sections[2]?.nested ?? [])).toEqual(['train/logps', 'train/rewards'])
    expect(sections[2]?.metrics.slice(0, 3)).toEqual([
      'train/epoch',
      'train/loss',
      'train/mean_token_accuracy',
    ])
  })
})

describe('order by hand', () => {
  const automatic = ['a', 'b', 'c', 'd']
  test('lists no more than it takes', () => {
    expect(movedOrder([], automatic, automatic, 'c', 'a')).toEqual(['c'])
    expect(movedOrder([], automatic, automatic, 'c', 'b')).toEqual(['a', 'c'])
    expect(movedOrder([], automatic, automatic, 'a', undefined)).toEqual(['b', 'c', 'd'])
    expect(movedOrder(['x', 'c'], ['c', 'a', 'b', 'd'], automatic, 'c', 'd')).toEqual(['x'])
  })
  test('every way of moving one gives the order that was meant', () => {
    const random = makeRandom(7)
    for (let n = 0; n < 300; n++) {
      const size = 2 + Math.floor(random() * 7)
      const all = Array.from({ length: size }, (_, i) => `m${i}`)
      let order: string[] = ['elsewhere']
      let now = all
      for (let k = 0; k < 5; k++) {
        const moved = now[Math.floor(random() * size)] ?? ''
        const rest = now.filter((id) => id !== moved)
        const at = Math.floor(random() * size)
        order = movedOrder(order, now, all, moved, rest[at])
        now = putInOrder(all, (id) => id, order)
        expect(now).toEqual([...rest.slice(0, at), moved, ...rest.slice(at)])
      }
    }
  })
})

describe('while data arrives', () => {
  const POOL = [
    ...TRL,
    ...[
      'loss',
      'epoch',
      'a/fps',
      'a/x',
      'a/y',
      'a/loss',
      'b/time',
      'b/loss',
      'b/acc',
      'val/f1',
      'zoo/count',
      'zoo/loss',
      'Loss/train',
    ],
    ...['Loss/val', 'train/perf/a', 'train/perf/loss', 'time/x', 'm10', 'm9', 'M9', ''],
  ]
  test('no section, chart or pin changes its place among those that were there', () => {
    const random = makeRandom(11)
    for (let n = 0; n < 200; n++) {
      const names = [...POOL].sort(() => random() - 0.5)
      const pinned = names.filter(() => random() < 0.1)
      const order = [...names, 'train/', 'a/', '/', 'train/perf/', 'b/']
        .filter(() => random() < 0.15)
        .sort(() => random() - 0.5)
      let ranks = new Map<string, number>()
      let before: string[] = []
      for (let count = 1; count <= names.length; count += 1 + Math.floor(random() * 6)) {
        const there = names.slice(0, count).sort()
        ranks = rankSections(sectionsOf(there), ranks)
        const now = walk(sectionsOf(there, { pinned, order, ranks }))
        const known = new Set(before)
        expect(now.filter((id) => known.has(id))).toEqual(before)
        before = now
      }
    }
  })
})

/** Heads and charts as they follow each other on the sheet. */
function walk(sections: Section[]): string[] {
  return sections.flatMap((top) => [`# ${top.key}`, ...top.metrics, ...walk(top.nested)])
}

describe('layout', () => {
  const measure = { columns: 3, rowHeight: 242, headHeight: 32, closed: (key: string) => key === 'eval/' }
  test('heights add up, closed sections are a head', () => {
    const blocks = layoutSections(
      sectionsOf(['a', 'b', 'c', 'd', 'eval/loss', 'eval/x', 'eval/y', 'train/x/y', 'train/z']),
      measure,
    )
    // charts: 32 + 2 rows; train: 32 + 1 row + nested (32 + 1 row); eval closed: 32
    expect(blocks.map(({ top, height }) => [top, height])).toEqual([
      [0, 516],
      [516, 548],
      [1064, 32],
    ])
    expect(blocks[1]?.nested[0]).toMatchObject({ top: 274, height: 274 })
    expect(heightOf(blocks)).toBe(1096)
  })

  const places = (columns: number, counts: number[], closed: string[] = []) => {
    const metrics = counts.flatMap((count, s) => Array.from({ length: count }, (_, i) => `s${s}/x${i}`))
    const blocks = layoutSections(sectionsOf(metrics), {
      columns,
      rowHeight: 200,
      headHeight: 30,
      closed: (key) => closed.includes(key),
    })
    return blocks.map(({ top, height, column, columns, span }) => [top, height, column, columns, span])
  }
  test('small neighbours share a row, each below its own head', () => {
    expect(places(3, [2, 1, 1, 1, 5])).toEqual([
      [0, 230, 0, 2, 1],
      [0, 230, 2, 1, 1],
      [230, 230, 0, 1, 1],
      [230, 230, 1, 2, 1],
      [460, 430, 0, 3, 1],
    ])
  })
  test('one chart alone between larger ones is wider', () => {
    expect(places(3, [4, 1, 4])).toEqual([
      [0, 430, 0, 3, 1],
      [430, 230, 0, 3, 2],
      [660, 430, 0, 3, 1],
    ])
  })
  test('one column flows nowhere', () => {
    expect(places(1, [1, 1, 2])).toEqual([
      [0, 230, 0, 1, 1],
      [230, 230, 0, 1, 1],
      [460, 430, 0, 1, 1],
    ])
  })
  test('a head that is pressed stays where it is, and so do those beside it', () => {
    const open = places(3, [1, 1, 1])
    expect(places(3, [1, 1, 1], ['s1/'])).toEqual(open)
    expect(places(3, [1, 1, 1], ['s0/', 's1/', 's2/']).map(([, height]) => height)).toEqual([30, 30, 30])
  })
  test('nested sections flow too', () => {
    const blocks = layoutSections(sectionsOf(['t/a', 't/x/1', 't/y/1', 't/z/1', 't/z/2']), {
      ...measure,
      closed: () => false,
    })
    expect(blocks[0]?.nested.map(({ top, column, columns }) => [top, column, columns])).toEqual([
      [274, 0, 1],
      [274, 1, 2],
      [548, 0, 3],
    ])
    expect(blocks[0]?.height).toBe(32 + 3 * 242 + 2 * 32)
  })
  test('no row of small sections is mostly blank, and nothing overlaps, whatever the shape', () => {
    const random = makeRandom(3)
    for (const columns of [1, 2, 3, 4, 5, 6]) {
      for (let n = 0; n < 200; n++) {
        const counts = Array.from(
          { length: 1 + Math.floor(random() * 8) },
          () => 1 + Math.floor(random() ** 2 * 9),
        )
        const rows = new Map<number, { from: number; columns: number; filled: number; count: number }[]>()
        for (const [s, [top = 0, height = 0, from = 0, wide = 0, span = 0]] of places(
          columns,
          counts,
        ).entries()) {
          const count = counts[s] ?? 0
          expect(from + wide).toBeLessThanOrEqual(columns)
          expect(height).toBe(30 + 200 * Math.ceil(count / Math.floor(wide / span)))
          rows.set(top, [
            ...(rows.get(top) ?? []),
            { from, columns: wide, filled: Math.min(columns, count * span), count },
          ])
        }
        for (const row of rows.values()) {
          // they lie edge to edge, from the first column to the last
          expect(row.reduce((at, { from, columns: wide }) => (from === at ? at + wide : Number.NaN), 0)).toBe(
            columns,
          )
          expect(row.reduce((sum, { filled }) => sum + filled, 0) * 2).toBeGreaterThanOrEqual(columns)
        }
        const tops = [...rows.keys()].sort((a, b) => a - b)
        expect(tops[0]).toBe(0)
      }
    }
  })
  test('rows within a stretch, whole rows at both ends', () => {
    expect(rowsWithin(100, measure, 242, 484)).toEqual([3, 6])
    expect(rowsWithin(100, measure, -500, 1)).toEqual([0, 3])
    expect(rowsWithin(7, measure, 300, 9000)).toEqual([3, 7])
  })
  test('the sizes of the design at 1440 × 900', () => {
    expect([autoColumns(1176), cardHeight(392), cardHeight(294)]).toEqual([3, 242, 181])
    expect([autoColumns(200), autoColumns(9000), cardHeight(10), cardHeight(9000)]).toEqual([1, 6, 168, 360])
  })
})
