import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Json } from '../../src/model/run.ts'
import { soon } from './steps.ts'

/* What tests of the Tables page share: how its grid is read, and held against tables that were read elsewhere. */

type Row = Record<string, Json>

/** A table as Python read it. */
export interface Logged {
  key: string
  run: string
  step: number
  rows: Json
}

/** Holds every table, step by step, against what was read elsewhere. */
export async function expectTables(page: Page, wanted: Logged[]): Promise<void> {
  expect(wanted.length).toBeGreaterThan(0)
  for (const key of new Set(wanted.map((one) => one.key))) {
    const all = wanted.filter((one) => one.key === key)
    await page.getByRole('combobox', { name: 'Table' }).selectOption(key)
    if (all.length > 1) await steps(page, 'All')
    const rows = all.flatMap((one) => (Array.isArray(one.rows) ? one.rows.map(rowOf) : []))
    await soon(() => rowCount(page)).toBe(rows.length)
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    for (const name of names)
      await soon(() => column(page, `.${name}`)).toEqual(rows.map((row) => textOf(row[name])))
  }
}

function rowOf(row: Json): Row {
  if (Array.isArray(row)) return Object.fromEntries(row.map((cell, i) => [String(i), cell]))
  return typeof row === 'object' && row !== null ? row : { value: row }
}

/** As a cell holds it, cut as on screen; nothing where a source has a null for what was not logged. */
function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'object') return cut(String(value))
  return cut(JSON.stringify(withoutNulls(value)))
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNulls(one)]])),
  )
}

const MOST = 320
function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text
}

/** Values of a column in the rows that are in the page; media and JSON without their nulls. */
export async function column(page: Page, id: string): Promise<string[]> {
  const cells = await page.locator('.data-line').evaluateAll(
    (lines, wanted) =>
      lines
        .map((one) => ({
          row: Number(one.getAttribute('data-row')),
          cell: [...one.querySelectorAll('[data-column]')].find(
            (cell) => cell.getAttribute('data-column') === wanted,
          ),
        }))
        .sort((a, b) => a.row - b.row)
        .map(({ cell }) => ({ value: cell?.getAttribute('data-value') ?? '', kinds: cell?.className ?? '' })),
    id,
  )
  return cells.map(({ value, kinds }) => {
    if (/\bnull\b/.test(kinds)) return ''
    return /\b(media|json)\b/.test(kinds) && !value.endsWith('…')
      ? cut(JSON.stringify(withoutNulls(JSON.parse(value))))
      : value
  })
}

export async function rowCount(page: Page): Promise<number> {
  const grid = page.getByRole('grid')
  return (await grid.count()) === 0 ? -1 : Number(await grid.getAttribute('aria-rowcount')) - 1
}

export function counts(page: Page): Promise<string> {
  return page.locator('.tables-counts').first().innerText()
}

export function line(page: Page, row: number): Locator {
  return page.locator(`.data-line[data-row="${row}"]`)
}

export async function steps(page: Page, which: 'One' | 'All'): Promise<void> {
  await page
    .getByRole('radiogroup', { name: 'Steps' })
    .getByRole('radio', { name: which, exact: true })
    .click()
}
