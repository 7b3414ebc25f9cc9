import { nextTurn } from '../../bridge/turn.ts'
import { extentOf, yLimits } from '../../compute/domain.ts'
import { smooth } from '../../compute/smooth.ts'
import { makeSink, thinLine } from '../../compute/thin.ts'
import { memoryBytes } from '../../storage/bytes.ts'
import type { ProjectReader } from '../formats/dataset.ts'
import { makeLooseRows } from '../formats/loose-rows.ts'
import { makeImage, makePages } from '../formats/sqlite/database-image.ts'
import { makeRowReader } from '../formats/sqlite/sqlite-rows.ts'
import { makeProject, type Project } from '../projects/project.ts'
import { frameOf } from './frame.ts'

const PAGE = 65536
const ROUNDS = 24
const POINTS = 20_000

/**
 * Works on made-up data while nothing is open yet, so that the JavaScript engine has compiled the hot loops
 * before the first file comes: cold ones take three times as long over their first 100,000 values. Gives way
 * to messages between its rounds.
 */
export async function warmUp(): Promise<void> {
  const page = madeUpPage()
  const header = {
    pageSize: PAGE,
    usable: PAGE,
    wal: false,
    pageCount: 2,
    changeCounter: 0,
    schemaCookie: 0,
    encoding: 1,
  }
  const bytes = new Uint8Array(2 * PAGE)
  bytes.set(page, PAGE)
  const pages = makePages(makeImage(header, memoryBytes(bytes)), { block: PAGE, keep: 2, ahead: 0 })
  const columns = ['id', 'run_id', 'timestamp', 'run_name', 'step', 'metrics']
  for (let round = 0; round < ROUNDS; round++) {
    const reader = makeRowReader({ name: 'metrics', root: 2, columns, rowidColumn: 0 })
    await reader?.read(pages, { stop: () => false, pauseDue: () => false, pause: nextTurn })
    await nextTurn()
  }
  for (let round = 0; round < 6; round++) {
    drawnOnce(round)
    await nextTurn()
  }
  const project = madeUpProject()
  for (let round = 0; round < 12; round++) {
    askedOnce(project, round)
    await nextTurn()
  }
  // what every database of trackio needs, and what the page asks for next to its charts
  await Promise.all([import('../formats/sqlite/index-count.ts'), import('./history.ts')])
}

/** A leaf page of a metrics table: rows of three runs that take turns, as 0.43 writes them. */
function madeUpPage(): Uint8Array {
  const page = new Uint8Array(PAGE)
  const encoder = new TextEncoder()
  let at = PAGE
  let cells = 0
  for (let row = 0; ; row++) {
    const x = Math.sin(row) * 10 ** ((row % 9) - 5)
    const values = {
      'train/loss': Math.abs(x),
      'train/lr': x * 1e-6,
      epoch: row / 7,
      step_time: row,
      'a/b': Math.fround(x),
      'eval/acc': row % 50 === 0 ? 'NaN' : x,
      tokens: row * 131072,
    }
    const texts = [
      String(row % 3).repeat(32),
      `2026-01-01T00:${10 + (row % 50)}:00.${100000 + row}+00:00`,
      `run-${row % 3}`,
      JSON.stringify(row % 10 === 0 ? values : { ...values, 'eval/acc': undefined }),
    ].map((text) => encoder.encode(text))
    const [id, time, name, payload] = texts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    // serial types: NULL for the row id, texts, a two-byte integer, a blob (file format §2.1)
    const types = [
      0,
      13 + id.length * 2,
      13 + time.length * 2,
      13 + name.length * 2,
      2,
      12 + payload.length * 2,
    ].flatMap(varint)
    const record = [types.length + 1, ...types, ...id, ...time, ...name, row >> 8, row & 255, ...payload]
    const cell = [...varint(record.length), ...varint(row + 1), ...record]
    if (at - cell.length < 8 + 2 * (cells + 1)) break
    at -= cell.length
    page.set(cell, at)
    page.set([at >> 8, at & 255], 8 + 2 * cells++)
  }
  page.set([13, 0, 0, cells >> 8, cells & 255])
  return page
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 | (value >> 7), value & 127]
}

function drawnOnce(round: number): void {
  const xs = Float64Array.from({ length: POINTS }, (_, i) => i)
  const ys = Float64Array.from({ length: POINTS }, (_, i) => Math.exp(-i / 5000) + Math.sin(i * 1.7) / 10)
  const nothing = (): void => {}
  const sink = makeSink()
  const smoothed = smooth(ys, xs, { kind: 'mean', width: 10, factor: 1 })
  const columns = { min: 0, max: POINTS, width: 350 * (round + 1), log: false }
  thinLine(sink, xs, round % 2 === 0 ? ys : smoothed, 0, POINTS, columns, false, nothing, nothing)
  const all = sink.ys.slice(0, sink.length)
  yLimits({ all: extentOf(all), usual: () => all, hold: [1], short: false }, { kind: 'robust' }, 'linear')
}

/** As large as the runs of a sweep: three runs of 1,000 rows. */
function madeUpProject(): Project {
  const rows = makeLooseRows()
  const encoder = new TextEncoder()
  for (let row = 0; row < 3000; row++) {
    const step = Math.floor(row / 3)
    const values = { loss: Math.exp(-step / 300) + (row % 7) / 50, lr: 0.001, accuracy: Math.sin(row) }
    const at = `2026-01-01T00:00:00.${100_000 + row}+00:00`
    rows.add({
      id: null,
      name: `run-${row % 3}`,
      timestamp: at,
      step,
      payload: encoder.encode(JSON.stringify(values)),
    })
  }
  rows.settle()
  const reader: ProjectReader = {
    keys: () => rows.keys,
    runs: () => rows.runs,
    version: () => 1,
    samples: () => [],
    runTables: () => ({}),
    hasIds: () => false,
    part: () => null,
    exact: () => true,
    readUpTo: () => Number.POSITIVE_INFINITY,
    reading: () => ({ state: 'done', bytes: 0, totalBytes: 0, rows: rows.rows }),
    notices: () => [],
  }
  return makeProject({ id: '', name: '', source: '', file: '', bytes: 0 }, reader)
}

/** A page of charts at defaults: with few lines, and with many, which have an area. */
function askedOnce(project: Project, round: number): void {
  const runs = project.catalogue().runs.map(({ key }) => key)
  for (const metric of ['loss', 'lr', 'accuracy']) {
    frameOf(project, {
      project: '',
      metric,
      runs,
      x: { kind: 'step' },
      xScale: 'linear',
      yScale: 'linear',
      range: { kind: 'robust' },
      smoothing: { kind: 'mean', width: round % 3 === 0 ? 10 : round, factor: 1, auto: round % 3 === 0 },
      raw: true,
      area: round % 2 === 0,
      width: 300 + round,
    })
  }
}
