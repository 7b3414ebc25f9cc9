import { expect } from 'vitest'
import type {} from '../../src/state/host/page-api.ts'
import type { ExpectedProject, ExpectedRun } from '../engine/golden-fixtures.ts'
import type { Runs } from './other/driver.ts'

/** A number as expected.json spells it. */
function spelled(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

/**
 * Compares what the page says of a project, through its automation contract, with what Python read: runs in
 * order, configs, every point of every metric.
 */
export async function expectProject(
  page: Runs,
  name: string,
  expected: Pick<ExpectedProject, 'runs'>,
): Promise<void> {
  const wanted = expected.runs.toSorted(
    (a, b) => compare(a.created_at, b.created_at) || compare(a.id ?? a.name, b.id ?? b.name),
  )
  const runs = await page.evaluate(async (project) => (await window.trackio?.runs(project)) ?? [], name)
  expect(
    runs.map(({ id, name: run, group, config }) => ({ id, name: run, group, config: spelledIn(config) })),
  ).toEqual(wanted.map(({ id, name: run, group, config }) => ({ id, name: run, group, config })))
  for (const run of wanted) await expectRun(page, name, run)
}

async function expectRun(page: Runs, project: string, run: ExpectedRun): Promise<void> {
  const got = await page.evaluate(
    async ([name, id]) => {
      const series = (await window.trackio?.history(name ?? '', id ?? '')) ?? {}
      // −0, and numbers that JSON has no word for, would not survive the way here
      const text = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))
      return Object.entries(series).map(
        ([metric, { steps, values }]) => [metric, [...steps].map(text), [...values].map(text)] as const,
      )
    },
    [project, run.id ?? run.name],
  )
  const numbers = (texts: readonly string[]): (number | string)[] =>
    texts.map((text) => spelled(Number(text)))
  const metrics = Object.fromEntries(
    got.map(([metric, steps, values]) => [metric, { steps: numbers(steps), values: numbers(values) }]),
  )
  const wanted = Object.entries(run.metrics).map(([metric, { steps, values }]) => [metric, { steps, values }])
  expect(metrics, run.name).toEqual(Object.fromEntries(wanted))
}

function spelledIn(value: unknown): unknown {
  if (typeof value === 'number') return spelled(value)
  if (Array.isArray(value)) return value.map(spelledIn)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spelledIn(member)]))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
