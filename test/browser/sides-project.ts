import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { png, wav } from './media-bytes.ts'

/*
 * Runs with all that stands beside numbers, as tables of runs show it: pictures, a sound, a text, tables,
 * histograms and traces, of which each run has some and lacks others.
 */

export interface SideRun {
  name: string
  lr: number
  steps: number[]
}

/** `gamma` ends earlier, and logs neither sounds nor traces. */
export const SIDE_RUNS: SideRun[] = [
  { name: 'alpha', lr: 0.001, steps: [0, 100, 200, 300] },
  { name: 'beta', lr: 0.003, steps: [0, 100, 200, 300] },
  { name: 'gamma', lr: 0.01, steps: [0, 100, 200] },
]

/** Rows of the table of a run at a step. */
export function tableRows({ name }: SideRun, step: number): { prompt: string; reward: number }[] {
  return Array.from({ length: 4 + step / 100 + (name === 'beta' ? 2 : 0) }, (_, i) => ({
    prompt: `question ${i}`,
    reward: Math.round(100 * (((i * 37 + step + name.length) % 50) / 50)) / 100,
  }))
}

/** Counts of the bins from −2 to 2. */
export function binCounts({ name }: SideRun, step: number): number[] {
  const at = SIDE_RUNS.findIndex((run) => run.name === name)
  const n = 24
  return Array.from({ length: n }, (_, i) => {
    const x = -2 + (4 * (i + 0.5)) / n
    return Math.round(1000 * Math.exp(-(((x - at * 0.4) * (1 + step / 300)) ** 2)))
  })
}

/** Traces of a run: of each step as many, the first one with an error. */
export function tracesOf({ name }: SideRun): number {
  return name === 'gamma' ? 0 : name === 'alpha' ? 8 : 4
}

/** Written as trackio lays them: a database with its media beside it. */
export async function writeSides(folder: string): Promise<void> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
    CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, key TEXT NOT NULL, trace_index INTEGER, messages TEXT NOT NULL, metadata TEXT NOT NULL, search_text TEXT NOT NULL, log_id TEXT, space_id TEXT, spans TEXT NOT NULL DEFAULT '[]');
  `)
  const put = (path: string, bytes: Uint8Array): string => {
    const at = join(folder, 'media', path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, bytes)
    return path
  }
  for (const [r, run] of SIDE_RUNS.entries()) {
    const key = `id-${run.name}`
    const time = (step: number): string => new Date(1_767_225_600_000 + r * 60_000 + step * 100).toISOString()
    db.exec({
      sql: 'INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)',
      bind: [key, run.name, JSON.stringify({ lr: run.lr, model: 'small' }), time(0)],
    })
    for (const step of run.steps) {
      const at = `sides/${run.name}/${step}`
      const row: Record<string, unknown> = {
        loss: Math.exp(-step / 200) + run.lr,
        'samples/face': {
          ...{ _type: 'trackio.image', caption: `${run.name} at ${step}` },
          file_path: put(`${at}/face.png`, picture(r, step)),
        },
        'eval/completions': { _type: 'trackio.table', _value: tableRows(run, step) },
        'grads/head': {
          _type: 'trackio.histogram',
          bins: Array.from({ length: 25 }, (_, i) => -2 + i / 6),
          values: binCounts(run, step),
        },
      }
      if (run.name === 'alpha')
        row['grads/body'] = { _type: 'trackio.histogram', bins: [0, 1, 2], values: [step + 1, 5] }
      if (run.name !== 'gamma' && step === 100)
        row['samples/voice'] = {
          ...{ _type: 'trackio.audio', caption: 'a tone' },
          file_path: put(
            `${at}/voice.wav`,
            wav(() => 0),
          ),
        }
      // two at its last step
      if (run.name === 'beta' && step === 300)
        db.exec({
          sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
          bind: [
            ...[key, time(step - 1), run.name, step],
            JSON.stringify({
              'samples/face': {
                ...{ _type: 'trackio.image', caption: 'another one' },
                file_path: put(`${at}/other.png`, picture(r, 50)),
              },
            }),
          ] as string[],
        })
      db.exec({
        sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
        bind: [key, time(step), run.name, step, JSON.stringify(row)],
      })
    }
    for (let i = 0; i < tracesOf(run); i++) {
      const step = run.steps[i % run.steps.length] ?? 0
      const messages = [
        { role: 'user', content: `question ${i}` },
        { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'python' } }] },
        { role: 'tool', tool_call_id: 'c', content: i === 0 ? 'NameError' : '4', is_error: i === 0 },
      ]
      db.exec({
        sql: 'INSERT INTO traces VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        bind: [
          ...[`${run.name}:${i}`, key, time(step), run.name, step, 'rollout', i],
          ...[JSON.stringify(messages), '{}', '', null, null, '[]'],
        ] as string[],
      })
    }
  }
  writeFileSync(join(folder, 'sides.db'), file())
  close()
}

/** 48 × 48 pixels, another hue for each run, lighter with each step. */
function picture(run: number, step: number): Buffer {
  const size = 48
  const values = Array.from({ length: size * size }, (_, at) => {
    const far = Math.hypot((at % size) - 24, Math.floor(at / size) - 24) / 34
    const light = Math.max(0, 1 - far) * (0.5 + step / 600)
    return [0, 1, 2].map((c) => Math.round(40 + 200 * light * (c === run % 3 ? 1 : 0.45)))
  }).flat()
  return png(values, size, size)
}
