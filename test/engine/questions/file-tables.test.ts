import { describe, expect, test } from 'vitest'
import type { OpenFile } from '../../../src/engine/files/open-file.ts'
import { makeFileTables } from '../../../src/engine/questions/file-tables.ts'
import type { TableFile, TableRef } from '../../../src/model/logged-table.ts'
import { textFile } from '../files/file-of.ts'

const LINES = 200_000
const csv = `n,word\n${Array.from({ length: LINES }, (_, i) => `${i},word ${i}`).join('\n')}\n`

function tablesOf(file: OpenFile) {
  return makeFileTables({ open: async () => file, forgetClosed: () => undefined })
}

function ref(more: Partial<TableFile> = {}): TableRef & { file: TableFile } {
  const of = { project: 'p', path: 'rows.csv' }
  return { project: 'p', key: 'rows.csv', runs: [], file: { of, as: 'csv', ...more } }
}

describe('rows of a file', () => {
  test('of this machine are all read', async () => {
    const table = await tablesOf(textFile('rows.csv', csv)).table(ref(), {})
    expect(table.data.rows).toBe(LINES)
    expect(table.file?.()).toMatchObject({ all: true, full: false, total: LINES, size: csv.length })
  })

  test('behind a network are read as far as a look needs, and all of them when somebody asks', async () => {
    const tables = tablesOf(textFile('rows.csv', csv, true))
    const first = await tables.table(ref(), {})
    const rows = first.data.rows
    expect(rows).toBeGreaterThan(50_000)
    expect(first.file?.()).toMatchObject({ all: false, total: undefined })
    expect(first.file?.().read.bytes).toBeLessThan(1.2e6)
    const told: string[] = []
    const all = await tables.table(ref({ all: true }), { onProgress: ({ text }) => told.push(text) })
    // the same table goes on: its first rows were not read again
    expect(all).toBe(first)
    expect(all.data.rows).toBe(LINES)
    expect(told.length).toBeGreaterThan(1)
    expect(told.at(-1)).toBe(`reading rows: ${LINES.toLocaleString('en')}`)
    expect(all.data.byName.get('n')?.numbers[LINES - 1]).toBe(LINES - 1)
  })

  test('that were read stay when somebody gives up, and when no more can be read', async () => {
    const file = textFile('rows.csv', csv, true)
    const tables = tablesOf(file)
    const abort = new AbortController()
    const given = tables.table(ref({ all: true }), {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    })
    await expect(given).rejects.toMatchObject({ name: 'AbortError' })
    const some = await tables.table(ref(), {})
    expect(some.data.rows).toBeGreaterThan(50_000)
    expect(some.file?.().all).toBe(false)
    const { load } = file.bytes
    file.bytes.load = async () => {
      throw new Error('the line is down')
    }
    const broken = await tables.table(ref({ all: true }), {})
    expect(broken.data.rows).toBe(some.data.rows)
    expect(broken.file?.().why).toBe('the line is down')
    file.bytes.load = load
    const whole = await tables.table(ref({ all: true }), {})
    expect([whole.data.rows, whole.file?.().why]).toEqual([LINES, undefined])
    const { numbers } = whole.data.byName.get('n') as { numbers: Float64Array }
    expect(numbers.subarray(0, LINES).every((n, i) => n === i)).toBe(true)
  })

  test('of which none could be read are an error', async () => {
    const file = textFile('rows.csv', csv)
    const { load } = file.bytes
    let reads = 0
    file.bytes.load = async (offset, length) => {
      // the look at its first bytes is one
      if (++reads > 1) throw new Error('the line is down')
      return load(offset, length)
    }
    await expect(tablesOf(file).table(ref(), {})).rejects.toThrow('the line is down')
  })
})
