import { createRoot } from 'solid-js'
import { expect, test } from 'vitest'
import type { Probe, ProbeQuery } from '../../src/model/view.ts'
import type { ChartView } from '../../src/state/view/chart-context.ts'
import { sentence } from '../../src/ui/charts/chart-keys.ts'
import { createChartModel } from '../../src/ui/charts/chart-model.ts'
import { settle } from '../settle.ts'
import { makeFakeView } from './charts/fake-view.ts'

/** A chart that stands, in a project that is written to: no two questions for its values get the same. */
async function setUp() {
  const fake = makeFakeView({ runs: 3, delay: 0, smoothing: 0, theme: 'light' })
  const asked: ProbeQuery[] = []
  const view: ChartView = {
    ...fake.view,
    setBusy() {},
    async probe(query) {
      asked.push(query)
      const values = Float64Array.from(query.runs, (_, run) => asked.length + 10 * run)
      const probe: Probe = {
        index: Int32Array.from(query.runs, () => 0),
        x: values,
        steps: values,
        times: values,
        drawn: values,
        logged: values,
        since: values,
      }
      return probe
    },
  }
  const made = createRoot((dispose) => ({
    model: createChartModel({
      view,
      metric: () => 'loss',
      visible: () => true,
      width: () => 400,
      height: () => 200,
      ratio: () => 1,
      table: () => false,
      everyRun: () => view.cursor()?.metric === 'loss',
    }),
    dispose,
  }))
  await settle()
  const scene = made.model.scene()
  if (!scene) throw new Error('no scene')
  made.model.setDrawn({ scene, box: { left: 50, top: 10, width: 300, height: 150 } })
  return { ...made, view, asked }
}

test('the caption and what is spoken have their number from the same answer', async () => {
  const { model, view, dispose } = await setUp()
  view.setCursor({ x: 100, metric: 'loss', pinned: false })
  await settle()
  const spoken = await sentence(model)
  const focus = model.focus()
  expect(model.reading()?.text).toBe('21.00')
  expect(spoken).toBe(`Step 100, ${focus?.name} 21.000, highest of 3`)
  expect(model.crosshair.point(focus?.key ?? '')?.logged).toBe(21)
  dispose()
})

test('what is spoken waits for the answer at the crosshair, and says nothing where there is none', async () => {
  const { model, view, dispose } = await setUp()
  view.setCursor({ x: 100, metric: 'loss', pinned: false })
  view.setCursor({ x: 200, metric: 'loss', pinned: false })
  expect(await sentence(model)).toMatch(/^Step 200, /)
  view.setCursor(undefined)
  expect(await sentence(model)).toBe('')
  dispose()
})

test('a chart that another one has the crosshair of asks for its focused run alone', async () => {
  const { model, view, asked, dispose } = await setUp()
  view.setCursor({ x: 100, metric: 'other', pinned: false })
  view.setHighlight('1')
  await settle()
  expect(asked.at(-1)?.runs).toEqual(['1'])
  expect([model.crosshair.point('1')?.logged, model.crosshair.point('0')]).toEqual([asked.length, undefined])
  view.setCursor({ x: 100, metric: 'loss', pinned: false })
  await settle()
  expect(asked.at(-1)?.runs).toEqual(['0', '1', '2'])
  dispose()
})

test('another drawing, so other rows, asks again at the same crosshair', async () => {
  const { model, view, asked, dispose } = await setUp()
  view.setCursor({ x: 100, metric: 'loss', pinned: false })
  await settle()
  const drawn = model.drawn()
  if (drawn) model.setDrawn({ ...drawn })
  await settle()
  expect([asked.length, model.reading()?.text]).toEqual([2, '22.00'])
  dispose()
})
