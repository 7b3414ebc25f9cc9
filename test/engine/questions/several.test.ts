import { expect, test } from 'vitest'
import { csvOf } from '../../../src/engine/exports/csv-lines.ts'
import { frameOf } from '../../../src/engine/questions/frame.ts'
import { frameVersionOf } from '../../../src/engine/questions/frame-version.ts'
import { tableOf } from '../../../src/engine/questions/history.ts'
import { probeOf } from '../../../src/engine/questions/probe.ts'
import { lineKey, metricOf, metricsOf, runOf } from '../../../src/model/line-key.ts'
import { ask, askAt, projectOf } from '../made-project.ts'

/*
 * A chart of several metrics asks for its lines by run and metric; each is what the metric's own chart has.
 */

const project = projectOf({
  a: [0, 1, 2].map((step) => ({ step, 'eval/loss': 10 - step, 'train/loss': 20 - step })),
  b: [0, 1, 2].map((step) => ({ step, 'train/loss': 30 - step })),
})
const runs = [
  lineKey('a', 'eval/loss'),
  lineKey('a', 'train/loss'),
  lineKey('b', 'eval/loss'),
  lineKey('b', 'train/loss'),
]

test('a line is of a run and a metric; without a metric it is of the chart’s', () => {
  const line = lineKey('vae › a,b', 'x/y')
  expect([runOf(line), metricOf(line, 'chart')]).toEqual(['vae › a,b', 'x/y'])
  expect([runOf('a'), metricOf('a', 'chart')]).toEqual(['a', 'chart'])
  expect(metricsOf(runs, 'losses')).toEqual(['eval/loss', 'train/loss'])
})

test('its frame has the lines of each metric, and their limits hold them all', () => {
  const frame = frameOf(project, { ...ask(runs, { range: { kind: 'full' } }), metric: 'losses' })
  // b has no eval/loss
  expect(frame.ends.map(({ run, logged }) => [run, logged])).toEqual([
    [0, 8],
    [1, 18],
    [3, 28],
  ])
  for (const [i, end] of frame.ends.entries()) {
    const line = runs[end.run] ?? ''
    const alone = frameOf(project, { ...ask([runOf(line)]), metric: metricOf(line, '') })
    const points = frame.main.ys.slice(frame.main.starts[i], frame.main.starts[i + 1])
    expect([...points]).toEqual([...alone.main.ys])
  }
  expect(frame.y[0]).toBeLessThan(8)
  expect(frame.y[1]).toBeGreaterThan(30)
  // losses are good when low, but no one of several metrics stands for the others
  expect(frame.best).toBeUndefined()
  expect(frameVersionOf(project, { ...ask(runs), metric: 'losses' })).not.toBe(
    frameVersionOf(project, { ...ask(runs.slice(1)), metric: 'losses' }),
  )
})

test('its crosshair and its table have the values of each line', () => {
  expect([...probeOf(project, { ...askAt(1, runs), metric: 'losses' }).logged]).toEqual([
    9,
    19,
    Number.NaN,
    29,
  ])
  const { steps, values, present } = tableOf(project, 'losses', runs, 0, 10)
  expect([...steps]).toEqual([0, 1, 2])
  expect([...values.slice(4, 8)]).toEqual([9, 19, Number.NaN, 29])
  expect([...present.slice(4, 8)]).toEqual([1, 1, 0, 1])
})

test('its CSV has a column for the metric', async () => {
  const lines = (await (await csvOf(project, 'losses', runs)).text()).trim().split('\n')
  expect(lines[0]).toBe('run,run_id,metric,step,timestamp,value')
  expect(lines).toHaveLength(1 + 9)
  expect(
    lines.filter((line) => line.startsWith('a,a,train/loss,')).map((line) => line.split(',').at(-1)),
  ).toEqual(['20', '19', '18'])
})
