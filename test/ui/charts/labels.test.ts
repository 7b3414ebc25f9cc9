import { describe, expect, test } from 'vitest'
import { formatValue } from '../../../src/compute/number.ts'
import { frameOf } from '../../../src/engine/questions/frame.ts'
import { historyOf } from '../../../src/engine/questions/history.ts'
import { drawBests, drawLastValues } from '../../../src/ui/charts/draw-marks.ts'
import { bestValues, makeScene } from '../../../src/ui/charts/scene.ts'
import { clippedWords, treatmentWords } from '../../../src/ui/charts/words.ts'
import { ask, type MadeRow, projectOf, valuesOf } from '../../engine/made-project.ts'
import { makeRandom } from '../../random.ts'

const BOX = { left: 52, top: 8, width: 300, height: 200 }
const AUTO = { kind: 'mean', width: 10, factor: 1, auto: true } as const
const TOKENS = {
  paper: '#fff',
  ink: '#000',
  ink2: '#333',
  ink3: '#666',
  grid: '#eee',
  axis: '#ccc',
  accent: '#00f',
  font: 'sans-serif',
}

/** What is drawn at defaults for these runs, and the texts that a drawing function writes. */
function drawn(runs: Record<string, MadeRow[]>, metric = 'y') {
  const project = projectOf(runs)
  const names = Object.keys(runs)
  const query = ask(names, {
    metric,
    smoothing: AUTO,
    range: { kind: 'robust' },
    ...(names.length > 24 && { area: true }),
  })
  const frame = frameOf(project, query)
  const shown = names.map((key, slot) => ({ key, name: key, slot, style: { color: '#2d69e9', dash: [] } }))
  const scene = Object.defineProperty(makeScene(frame, query, shown, 'light', false, 'utc'), 'tokens', {
    value: TOKENS,
  })
  const texts = (draw: (pen: CanvasRenderingContext2D) => void): string[] => {
    const written: string[] = []
    const pen = new Proxy({} as Record<string, unknown>, {
      get: (target, name) => {
        if (name === 'fillText') return (text: string) => written.push(text)
        if (name === 'measureText') return (text: string) => ({ width: text.length * 6 })
        return target[String(name)] ?? (() => {})
      },
      set: (target, name, value) => {
        target[String(name)] = value
        return true
      },
    })
    draw(pen as unknown as CanvasRenderingContext2D)
    return written
  }
  return { project, frame, scene, query, texts }
}

describe('labels at the ends of lines', () => {
  const random = makeRandom(3)
  const noisy = Array.from({ length: 400 }, (_, i) => Math.exp(-i / 90) + random())

  test.each([
    ['a dense line', valuesOf(noisy)],
    ['a short line', valuesOf(noisy.slice(0, 8))],
    ['a sparse line', noisy.map((y, step): MadeRow => (step % 25 === 0 ? { step, y } : { step, z: 1 }))],
    ['a constant', valuesOf(noisy.map(() => 1e-3))],
  ])('are what history() gives, of %s', (_, rows) => {
    const { project, scene, texts } = drawn({ a: rows })
    const values = historyOf(project, 'a', ['y']).y?.values ?? []
    expect(texts((pen) => drawLastValues(pen, scene, BOX))).toEqual([
      formatValue(values[values.length - 1] as number, 4),
    ])
  })
  test('say NaN where the run ended in NaN', () => {
    const { scene, texts } = drawn({ a: valuesOf([...noisy, Number.NaN]), b: valuesOf([1, 2, 3]) })
    expect(texts((pen) => drawLastValues(pen, scene, BOX))).toEqual(['NaN', '3.000'])
  })
})

describe('captions', () => {
  test('say what was done to the lines', () => {
    const said = (runs: Record<string, MadeRow[]>): string => treatmentWords(drawn(runs))
    const noise = (n: number): MadeRow[] => valuesOf(Array.from({ length: n }, (_, i) => Math.sin(i * 1.7)))
    expect(said({ a: noise(8) })).toBe('as logged, 8 points')
    expect(said({ a: noise(1) })).toBe('as logged, 1 point')
    expect(said({ a: noise(8), b: noise(12) })).toBe('as logged, 8 to 12 points')
    expect(said({ a: noise(300) })).toBe('mean of 11 rows')
    expect(said({ a: noise(40), b: noise(300) })).toBe('mean of 5 to 11 points')
    expect(said({ a: noise(300), b: valuesOf(Array.from({ length: 300 }, () => 1)) })).toBe(
      'mean of 11 rows, 1 of 2 lines as logged',
    )
  })
  test('count what is off the axis in words', () => {
    expect(clippedWords({ above: 0, below: 12 })).toBe('12 points below the axis')
    expect(clippedWords({ above: 1, below: 0 })).toBe('1 point above the axis')
    expect(clippedWords({ above: 1234, below: 5 })).toBe('1,234 points above the axis, 5 below')
    expect(clippedWords({ above: 0, below: 0 })).toBe('')
  })
})

describe('a sweep of 30', () => {
  const random = makeRandom(9)
  const runs = Object.fromEntries(
    Array.from({ length: 30 }, (_, r) => [
      `run-${r}`,
      Array.from({ length: 200 }, (_, step): MadeRow => {
        const loss = 1 + r / 100 + Math.exp(-step / 30) + 0.2 * random()
        return {
          step,
          'eval/loss':
            r === 29 && step > 150 ? Number.NaN : r === 29 && step > 120 ? 10 ** (step / 20) : loss,
        }
      }),
    ]),
  )
  // the best value of all is one point of a run in the middle
  const [best] = [runs['run-17']?.[120]]
  if (best) best['eval/loss'] = 0.5
  const { frame, scene, project, texts } = drawn(runs, 'eval/loss')

  test('shows every run’s best logged value on its axis, though one diverged', () => {
    const bests = bestValues(scene)
    expect(bests.length).toBe(30)
    for (const { value } of bests) expect(value >= frame.y[0] && value <= frame.y[1]).toBe(true)
    expect(frame.y[1]).toBeLessThan(4)
  })
  test('names the best of all as it was logged', () => {
    expect(bestValues(scene)[0]).toMatchObject({ line: { run: { key: 'run-17' } }, x: 120, value: 0.5 })
    expect(texts((pen) => drawBests(pen, scene, BOX))).toEqual(['lowest 0.5000'])
  })
  test('each is the least that history() gives', () => {
    for (const { line, value } of bestValues(scene)) {
      const values = historyOf(project, line.run.key, ['eval/loss'])['eval/loss']?.values ?? []
      expect(value).toBe(Math.min(...[...values].filter(Number.isFinite)))
    }
  })
  test('of a metric without a direction has no best', () => {
    const plain = Object.fromEntries(
      Object.entries(runs).map(([name, rows]) => [name, rows.map(({ step }) => ({ step, y: random() }))]),
    )
    expect(bestValues(drawn(plain).scene)).toEqual([])
  })
})
