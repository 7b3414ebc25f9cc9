import { makeKeyTable, scanPayload } from './formats/scan.ts'
import { parseTimeText } from './formats/time.ts'
import { makeRunColumns } from './series-store.ts'

const ROWS = 3000

/**
 * Scans made-up rows while nothing is open yet, so that the JavaScript engine has compiled the scanner before the first
 * file comes: a cold scanner takes three times as long over its first 100,000 values.
 */
export function warmUp(): void {
  const encoder = new TextEncoder()
  for (let run = 0; run < 2; run++) {
    const keys = makeKeyTable()
    const scan = { columns: makeRunColumns(), first: undefined, next: [], kinds: [] }
    for (let row = 0; row < ROWS / 2; row++) {
      const x = Math.sin(row + run) * 10 ** ((row % 9) - 5)
      const values: Record<string, unknown> = {
        'train/loss': Math.abs(x),
        'train/lr': x * 1e-6,
        'train/epoch': row / 7,
        step_time: row,
        'a/b': Math.fround(x),
        tokens: row * 131072,
      }
      if (row % 10 === 0) values['eval/acc'] = row % 50 === 0 ? 'NaN' : x
      const payload = encoder.encode(JSON.stringify(values))
      scanPayload(keys, scan, payload, new DataView(payload.buffer), 0, payload.length, row)
      parseTimeText(`2026-01-01T00:${10 + (row % 50)}:00.${100000 + row}+00:00`)
    }
  }
}
