import type { Locator, Page } from 'playwright-core'
import { memoryDatabase } from '../engine/sqlite-files.ts'

/* What tests of the table of runs share: a small sweep whose values are known, and how its lines are read. */

export function lines(page: Page): Locator {
  return page.locator('.runs-grid .runs-line')
}

export function heads(page: Page): Promise<string[]> {
  return page
    .locator('.runs-head-cell .head-name .clip')
    .evaluateAll((all) => all.map((one) => one.textContent ?? ''))
}

export function names(page: Page): Promise<string[]> {
  return lines(page).evaluateAll((all) =>
    all
      .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((line) =>
        (line.querySelector<HTMLElement>('.runs-name')?.innerText ?? '').replace(/[\s›⌄]+/g, ' ').trim(),
      ),
  )
}

/** Texts of the cells of a line. */
export function cells(line: Locator): Promise<string[]> {
  return line
    .getByRole('gridcell')
    .evaluateAll((all) =>
      all
        .sort((a, b) => Number(a.getAttribute('aria-colindex')) - Number(b.getAttribute('aria-colindex')))
        .map((cell) => (cell as HTMLElement).innerText.replace(/[\s›⌄]+/g, ' ').trim()),
    )
}

/** 3 configurations × 3 seeds and a run that diverged. */
export async function sweep(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
  `)
  const put = (name: string, hour: number, config: object, rows: [number, string][]): void => {
    const at = (second: number): string => `2026-01-01T0${hour}:00:${String(second).padStart(2, '0')}+00:00`
    db.exec(
      `INSERT INTO configs (run_id, run_name, config, created_at) VALUES ('${name}', '${name}', '${JSON.stringify(config)}', '${at(0)}')`,
    )
    for (const [step, values] of rows)
      db.exec(
        `INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('${name}', '${at(step)}', '${name}', ${step}, '${values}')`,
      )
  }
  put('broken', 9, { lr: 0.009, seed: 9, same: 1 }, [
    [0, '{"acc/accuracy": 0.9, "kl": 1}'],
    [10, '{"acc/accuracy": "NaN", "kl": 1}'],
  ])
  let hour = 0
  for (const lr of [1, 2, 3])
    for (const seed of [1, 2, 3]) {
      const reached = (lr * 10 + seed) / 100
      put(`lr${lr}-s${seed}`, hour++, { lr: lr / 1000, seed, same: 1 }, [
        [0, `{"acc/accuracy": ${(reached - 0.001).toFixed(3)}, "kl": 0}`],
        [10, `{"acc/accuracy": ${reached}, "kl": ${seed}}`],
      ])
    }
  const bytes = file()
  close()
  return bytes
}
