import { expect, test } from 'vitest'
import type { Otherwise } from '../../../../src/compute/media-steps.ts'
import type { MediaItem } from '../../../../src/state/pages/media.ts'
import {
  formatPanes,
  type Pane,
  paneOf,
  parsePanes,
  shownIn,
} from '../../../../src/ui/pages/media/open-panes.ts'

const NOTHING: Otherwise = { kind: 'nothing' }

function item(step: number, row: number): MediaItem {
  return { id: `${step} ${row}`, run: 'r', key: 'k', kind: 'trackio.image', step, row, time: 0 }
}

test('what is written into the address is read again', () => {
  const panes: Pane[] = [
    { run: 'r', key: 'k', step: undefined, n: 0 },
    { run: 'r', key: 'a "quoted" key, with commas', step: 9200, n: 0 },
    { run: 'r/2', key: 'k', step: null, n: 2 },
    { run: 'r', key: 'k', step: undefined, n: 3 },
    { run: 'ä', key: '', step: -0.5, n: 0 },
  ]
  expect(parsePanes(formatPanes(panes))).toEqual(panes)
  expect(formatPanes([{ run: 'r', key: 'k', step: 9200, n: 0 }])).toBe('[["r","k",9200]]')
  expect([formatPanes([]), parsePanes(''), parsePanes(undefined)]).toEqual(['', [], []])
})

test('what cannot be read of a link is left out', () => {
  for (const text of ['[', '{}', '3', 'null', '[null]', '[["r"]]', '[[1,"k"]]', '[{"run":"r"}]'])
    expect(parsePanes(text), text).toEqual([])
  expect(parsePanes('[["r","k","x",-1],["r","k",5,1.5]]')).toEqual([
    { run: 'r', key: 'k', step: undefined, n: 0 },
    { run: 'r', key: 'k', step: 5, n: 0 },
  ])
})

test('the pane of any value shows that value', () => {
  const all = [item(10, 0), item(20, 1), item(20, 2), item(20, 3), item(Number.NaN, 4), item(Number.NaN, 5)]
  for (const one of all) {
    for (const pinned of [true, false]) {
      const [pane] = parsePanes(formatPanes([paneOf(one, all, pinned)]))
      const asked = Number.isFinite(one.step) ? one.step : 10
      const shown = pane && shownIn(pane, all, asked, NOTHING)
      expect(shown, `${one.id}, ${pinned}`).toMatchObject({ item: one, asked: undefined })
    }
  }
})

test('a pane follows the step by the rule, a pinned one stays', () => {
  const all = [item(10, 0), item(20, 1)]
  const [free, pinned] = [paneOf(all[0] as MediaItem, all, false), paneOf(all[0] as MediaItem, all, true)]
  expect(shownIn(free, all, 20, NOTHING)).toMatchObject({ item: all[1], asked: undefined, pinned: false })
  expect(shownIn(free, all, 17, { kind: 'nearest' })).toMatchObject({ item: all[1], asked: 17 })
  expect(shownIn(free, all, 17, NOTHING)).toEqual({ item: undefined, why: 'between 10 and 20' })
  expect(shownIn(pinned, all, 20, NOTHING)).toMatchObject({ item: all[0], asked: undefined, pinned: true })
})

test('why a pane is empty', () => {
  const pane: Pane = { run: 'r', key: 'k', n: 0 }
  expect(shownIn(pane, [], 10, NOTHING)).toMatchObject({ why: 'no such value in this project' })
  expect(shownIn({ ...pane, step: 15 }, [item(10, 0)], 10, NOTHING)).toMatchObject({
    why: 'not logged at this step',
  })
  expect(shownIn(pane, [item(Number.NaN, 0)], 10, NOTHING)).toMatchObject({ why: 'logged without a step' })
})

test('of fewer values than there were at another step the last one stands', () => {
  const all = [item(10, 0), item(10, 1), item(20, 2)]
  expect(shownIn({ run: 'r', key: 'k', n: 1 }, all, 20, NOTHING)).toMatchObject({ item: all[2] })
})
