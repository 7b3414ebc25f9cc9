import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import { builtPage, dropFiles, openPage, ready, useBrowser, usePage, useServer } from './harness.ts'
import { onPage, soon } from './steps.ts'

/*
 * The runs as points and as lines, over a sweep of 3 learning rates × 2 optimizers × 2 seeds, whose values are
 * known, and a run that diverged.
 */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const PARALLEL =
  '#/runs?view=parallel&axes=config:opt,config:lr,last:kl,max:acc%2Faccuracy&sort=-max:acc%2Faccuracy&cols=config:opt,config:lr,last:kl,max:acc%2Faccuracy'
const SCATTER =
  '#/runs?view=scatter&xcol=last:kl&ycol=max:acc%2Faccuracy&good=min%20last:kl&sort=-max:acc%2Faccuracy&cols=config:lr,max:acc%2Faccuracy'
const browser = await useBrowser()
const site = await useServer(builtPage())
const opened = usePage(async (hash, options = {}) => {
  const session = await openPage(browser, `${site.url}${hash}`, options)
  await given(session.page)
  return session
})
let data: Uint8Array

beforeAll(async () => {
  data = await sweep()
})

describe('parallel coordinates', () => {
  test('stand for all runs, with what each axis shows and how much a key explains', async () => {
    const { page, expectClean, close } = await opened(PARALLEL)
    expect(await heads(page)).toEqual([
      // ε² of lr: all of it but the seeds' and the optimizers' part, worked out below
      `opt explains ${explained('opt')} % alone 2 values`,
      `lr explains ${explained('lr')} % alone log 3 values`,
      'kl last log',
      'accuracy max',
    ])
    expect(await bar(page)).toBe('13 held of 13, nothing brushed: drag along an axis')
    await soon(() => page.locator('footer').innerText()).toContain('13 runs drawn, 13 held, 0 faint')
    expect(await page.locator('.parallel-axis .word').allTextContents()).toEqual(['adamw 7', 'muon 6'])
    expect(await page.locator('.parallel-axis .none').allTextContents()).toEqual(['no value 1', 'no value 1'])
    expectClean()
    await close()
  })

  test('a brush is the filter: dragged, read back, several on an axis, taken away', async () => {
    const { page, close } = await opened(PARALLEL)
    const axis = await box(key(page, 'max:acc/accuracy'))
    // from the top down to the middle of the axis: values from 0.105 to 0.32, with room at both ends
    await drag(page, axis, -0.01, 0.5)
    await soon(() => filter(page)).toMatch(/^max\(acc\/accuracy\) >= 0\.21\d*$/)
    const limit = Number(/>= ([\d.]+)$/.exec(await filter(page))?.[1])
    const wanted = RUNS.filter(({ acc }) => acc >= limit).map(({ name }) => name)
    await soon(async () => (await names(page)).sort()).toEqual([...wanted].sort())
    expect(await bar(page)).toBe(`${wanted.length} held of 13, by 1 brush`)
    // of few values each is one
    const lr = await box(key(page, 'config:lr'))
    await page.mouse.click(lr.x + lr.width / 2, lr.y + lr.height * 0.03)
    await soon(() => filter(page)).toContain('and lr = 0.01')
    await page.mouse.click(lr.x + lr.width / 2, lr.y + lr.height * 0.5)
    await soon(() => filter(page)).toContain('and lr in (0.001, 0.01)')
    // 1e-3 and 0.01 are neighbours
    await soon(() => bar(page)).toContain('by 2 brushes')
    await page.getByRole('button', { name: 'Clear brushes' }).click()
    await soon(() => filter(page)).toBe('')
    await close()
  })

  test('a filter that is typed is a brush, and a link holds all of it', async () => {
    const { page, close } = await opened(
      `${PARALLEL}&rq=opt%20%3D%20muon%20and%20last(kl)%20%3C%202.5&flip=config:lr`,
    )
    await soon(() => bar(page)).toBe('4 held of 13, by 2 brushes')
    expect(await page.locator('.parallel-axis .brush').count()).toBe(2)
    expect((await names(page)).sort()).toEqual(
      RUNS.filter(({ opt, kl }) => opt === 'muon' && kl < 2.5)
        .map(({ name }) => name)
        .sort(),
    )
    expect((await heads(page))[1]).toContain('flipped')
    await page
      .getByRole('searchbox', { name: 'Filter runs' })
      .first()
      .fill('(last(kl) < 1.5 or last(kl) > 2.5) and s1')
    await soon(() => page.locator('.parallel-axis .brush').count()).toBe(2)
    await soon(() => bar(page)).toContain('by 2 brushes')
    // the brush alone goes, the search for names stays
    await page.getByRole('button', { name: 'Clear brushes' }).click()
    await soon(() => filter(page)).toBe('s1')
    await close()
  })

  test('keep the best share by the last axis, and leave out what is held', async () => {
    const { page, close } = await opened(PARALLEL)
    await page.getByRole('slider', { name: 'Best runs by the last axis' }).fill('25')
    // 3 of the 12 that have a value
    const best = [...RUNS].sort((a, b) => b.acc - a.acc).slice(0, 3)
    await soon(() => filter(page)).toBe(`max(acc/accuracy) >= ${best[2]?.acc}`)
    await soon(() => names(page)).toEqual(best.map(({ name }) => name))
    await page.getByRole('button', { name: 'Leave these out' }).click()
    await soon(() => filter(page)).toBe(`not (max(acc/accuracy) >= ${best[2]?.acc})`)
    await soon(() => bar(page)).toBe('10 held of 13, by the filter')
    await close()
  })

  test('are moved, logged, flipped and given another statistic by the menu of a head, which the link keeps', async () => {
    const { page, close } = await opened(PARALLEL)
    await choose(page, 'kl, last', 'max')
    await soon(() => heads(page)).toContain('kl max log')
    await choose(page, 'kl, max', 'Log')
    await soon(() => heads(page)).toContain('kl max')
    await choose(page, 'kl, max', 'Flipped')
    await soon(() => heads(page)).toContain('kl max flipped')
    await choose(page, 'kl, max', 'Move left')
    await soon(async () => (await heads(page)).map((head) => head.split(' ')[0])).toEqual([
      'opt',
      'kl',
      'lr',
      'accuracy',
    ])
    await choose(page, 'opt', 'Hide axis')
    await soon(async () => (await heads(page)).length).toBe(3)
    await soon(() => page.url()).toMatch(/axes=max:kl,config:lr,max:acc\/accuracy/)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await given(page)
    await soon(() => heads(page)).toEqual([
      'kl max flipped',
      `lr explains ${explained('lr')} % alone log 3 values`,
      'accuracy max',
    ])
    // a head that is dragged by more than half of the way to the next axis changes places with it
    const head = await box(page.locator('.parallel-head').nth(0))
    const next = await box(page.locator('.parallel-head').nth(1))
    await page.mouse.move(head.x + head.width / 2, head.y + 10)
    await page.mouse.down()
    await page.mouse.move(head.x + head.width / 2 + 60, head.y + 10)
    await page.mouse.move(next.x + next.width / 2, head.y + 10)
    await page.mouse.up()
    await soon(async () => (await heads(page)).map((one) => one.split(' ')[0])).toEqual([
      'lr',
      'kl',
      'accuracy',
    ])
    expect(await page.getByRole('menu').filter({ visible: true }).count()).toBe(0)
    await close()
  })

  test('go by the keys alone, which say what is brushed', async () => {
    const { page, close } = await opened(PARALLEL)
    await key(page, 'config:opt').focus()
    await page.keyboard.press('ArrowRight')
    await soon(() => focused(page)).toBe('lr: nothing brushed')
    // the greatest stands at the top
    await page.keyboard.press('ArrowUp')
    await soon(() => focused(page)).toBe('lr: 0.01')
    await page.keyboard.press('ArrowDown')
    await soon(() => focused(page)).toBe('lr: 0.001')
    await page.keyboard.press('Shift+ArrowDown')
    await soon(() => focused(page)).toBe('lr: 1e-4, 0.001')
    expect(await filter(page)).toBe('lr in (1e-4, 0.001)')
    await page.keyboard.press('Alt+ArrowRight')
    await soon(async () => (await heads(page)).map((head) => head.split(' ')[0])).toEqual([
      'opt',
      'kl',
      'lr',
      'accuracy',
    ])
    await soon(() => focused(page)).toBe('lr: 1e-4, 0.001')
    await page.keyboard.press('Delete')
    await soon(() => filter(page)).toBe('')
    await close()
  })

  test('a line and its row are lit by each other', async () => {
    const { page, close } = await opened(PARALLEL)
    await page.locator('.runs-line').nth(2).hover()
    await page.locator('.parallel-hot .line').waitFor()
    const name = (await names(page))[2]
    await soon(() => page.locator('.plot-hot').innerText()).toBe(name)
    // along that line, between its last two axes
    const at = await page
      .locator('.parallel-hot .line')
      .evaluate((line) =>
        (line.getAttribute('points') ?? '').split(' ').map((point) => point.split(',').map(Number)),
      )
    const inner = await box(page.locator('.parallel-inner'))
    const [a, b] = [at.at(-2) ?? [], at.at(-1) ?? []]
    await page.mouse.move(inner.x + (a[0]! + 3 * b[0]!) / 4, inner.y + (a[1]! + 3 * b[1]!) / 4)
    await soon(() => page.locator('.plot-hot').innerText()).toBe(name)
    await soon(() => page.locator('.runs-line.hot').count()).toBe(1)
    await close()
  })

  test('lie at least 120 px apart, and scroll sideways where there is no room', async () => {
    const { page, close } = await opened(PARALLEL, PHONE)
    const lefts = await page
      .locator('.parallel-keys')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left))
    lefts.slice(1).forEach((left, i) => {
      expect(left - (lefts[i] ?? 0)).toBeGreaterThanOrEqual(120)
    })
    expect(await page.locator('.parallel').evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true)
    await close()
  })
})

describe('a scatter plot', () => {
  test('has every run that has both values, its frontier and its ties', async () => {
    const { page, expectClean, close } = await opened(SCATTER)
    const on = frontier()
    await soon(() => page.locator('.scatter-plot').getAttribute('data-drawn')).toBe('12')
    expect(await page.locator('.scatter-plot').getAttribute('data-frontier')).toBe(String(on.length))
    expect(await page.locator('.scatter-caption').innerText()).toContain(
      `frontier: ${on.length} of 12 runs, 2 ties`,
    )
    expect(await page.locator('.scatter-caption').innerText()).toContain(
      '1 run without both values: not drawn',
    )
    expect(await page.locator('footer').innerText()).toContain(
      'accuracy, max: higher is better; kl, last: lower is better',
    )
    await page.locator('.scatter-plot').focus()
    await page.keyboard.press('f')
    await soon(() => bar(page)).toBe(`${on.length} selected of 12, as the frontier`)
    await soon(async () => (await names(page)).sort()).toEqual([...on].sort())
    await page.keyboard.press('Escape')
    // the last column says where each run is
    await soon(() => told(page)).toEqual(
      Object.fromEntries(
        RUNS.map((run) => [
          run.name,
          behind(run) === 0 ? 'on it' : `behind ${behind(run)} run${behind(run) === 1 ? '' : 's'}`,
        ]),
      ),
    )
    expectClean()
    await close()
  })

  test('is walked by the keys, and each run is told', async () => {
    const { page, close } = await opened(SCATTER)
    await page.locator('.scatter-plot').focus()
    await page.keyboard.press('ArrowDown')
    const [worst] = [...RUNS].sort((a, b) => b.acc - a.acc)
    await soon(() => page.locator('.scatter [role=status]').first().innerText()).toContain(worst?.name)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press(' ')
    await soon(() => bar(page)).toBe('1 selected of 12, by hand')
    await soon(() => page.locator('.scatter [role=status]').first().innerText()).toContain('selected')
    await page.keyboard.press('Escape')
    await soon(() => bar(page)).toBe('0 selected of 12, drag around runs to select them')
    await close()
  })

  test('a lasso selects what is in it, stands in the link, and is kept or left out', async () => {
    const { page, close } = await opened(SCATTER)
    const at = await box(page.locator('.scatter-plot'))
    // the upper half
    await around(page, at, [
      [0.01, 0.01],
      [0.99, 0.01],
      [0.99, 0.47],
      [0.01, 0.47],
    ])
    const upper = RUNS.filter(({ acc }) => acc > 0.2125).map(({ name }) => name)
    await soon(async () => (await names(page)).sort()).toEqual([...upper].sort())
    expect(await bar(page)).toBe(`${upper.length} selected of 12, by the lasso`)
    await soon(() => page.url()).toContain('lasso=')
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await given(page)
    await soon(() => bar(page)).toBe(`${upper.length} selected of 12, by the lasso`)
    await page.getByRole('button', { name: 'Keep only these' }).click()
    await soon(() => page.locator('.scatter-plot').getAttribute('data-drawn')).toBe(String(upper.length))
    expect(await filter(page)).toContain('name')
    await page.getByRole('searchbox', { name: 'Filter runs' }).first().fill('')
    await soon(() => page.locator('.scatter-plot').getAttribute('data-drawn')).toBe('12')
    await page.locator('.scatter-plot').focus()
    await page.keyboard.press('f')
    await page.getByRole('button', { name: 'Leave these out' }).click()
    await soon(() => page.locator('.scatter-plot').getAttribute('data-drawn')).toBe(
      String(12 - frontier().length),
    )
    await close()
  })

  test('shows what is selected in charts', async () => {
    const { page, close } = await opened(SCATTER)
    await page.locator('.scatter-plot').focus()
    await page.keyboard.press('f')
    await page.getByRole('button', { name: 'Show in charts' }).click()
    await onPage(page, 'metrics')
    await ready(page)
    await soon(() => page.locator('main figure[data-metric="kl"]').first().getAttribute('data-series')).toBe(
      String(frontier().length),
    )
    await close()
  })

  test('asks which end is the good one where a name does not tell, and takes any column', async () => {
    const { page, close } = await opened('#/runs?view=scatter&xcol=last:kl&ycol=max:acc%2Faccuracy')
    expect(await page.locator('.scatter-caption').innerText()).toContain(
      'no frontier: is more or less kl, last better?',
    )
    await page.getByRole('button', { name: 'x: neither end better' }).click()
    await soon(() => page.locator('.scatter-caption').innerText()).toContain(
      `frontier: ${frontier().length} of 12`,
    )
    await page.getByRole('combobox', { name: 'X of the plot' }).selectOption({ label: 'lr' })
    await page.getByRole('combobox', { name: 'Size of the plot' }).selectOption({ label: 'kl' })
    await page.getByRole('combobox', { name: 'Colour of the plot' }).selectOption({ label: 'opt' })
    await soon(() => page.url()).toMatch(/xcol=config:lr.*color=config:opt.*size=|size=.*/)
    await soon(() => page.locator('.plot-key').innerText()).toMatch(/opt\s+adamw\s+6\s+muon\s+6/)
    await page.getByRole('button', { name: 'Log x axis' }).click()
    await soon(() => page.url()).toContain('log=')
    await close()
  })
})

test.each([
  ['lines on a desk', {}, PARALLEL],
  ['lines on a phone', PHONE, PARALLEL],
  ['lines, some of them faint', {}, `${PARALLEL}&rq=opt%20%3D%20muon`],
  ['points on a desk', {}, SCATTER],
  ['points on a phone', PHONE, SCATTER],
])('axe complains of nothing: %s', async (where, options, hash) => {
  const { page, expectClean, close } = await opened(hash, options)
  await expectAccessible(page, where)
  expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBe(
    await page.evaluate(() => innerWidth),
  )
  expectClean()
  await close()
})

test('the views are changed by a choice in the toolbar, which keeps the focus', async () => {
  const { page, close } = await opened('#/runs')
  await page.getByRole('radio', { name: 'Table' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.locator('.parallel').waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Parallel')
  await page.keyboard.press('ArrowRight')
  await page.locator('.scatter').waitFor()
  await page.keyboard.press('ArrowRight')
  await soon(() => page.locator('.scatter').count()).toBe(0)
  await soon(() => page.url()).not.toContain('view=')
  await close()
})

// what the tests do

async function given(page: Page): Promise<void> {
  await page.locator('input[type=file]').first().waitFor({ state: 'attached' })
  await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
  await onPage(page, 'runs')
  await ready(page)
}

function key(page: Page, axis: string): Locator {
  return page.locator(`.parallel-keys[data-axis="${axis}"]`)
}

async function box(of: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await of.boundingBox()
  if (!found) throw new Error('not in the page')
  return found
}

async function drag(
  page: Page,
  at: Awaited<ReturnType<typeof box>>,
  from: number,
  to: number,
): Promise<void> {
  const x = at.x + at.width / 2
  await page.mouse.move(x, at.y + Math.max(1, at.height * from))
  await page.mouse.down()
  await page.mouse.move(x, at.y + at.height * ((from + to) / 2))
  await page.mouse.move(x, at.y + at.height * to)
  await page.mouse.up()
}

async function around(
  page: Page,
  at: Awaited<ReturnType<typeof box>>,
  corners: readonly (readonly [number, number])[],
): Promise<void> {
  const place = ([x, y]: readonly [number, number]) => [at.x + x * at.width, at.y + y * at.height] as const
  const [first] = corners
  if (!first) return
  await page.mouse.move(...place(first))
  await page.mouse.down()
  for (const corner of [...corners.slice(1), first]) {
    await page.mouse.move(...place(corner), { steps: 3 })
    // a corner is taken at the next frame
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
  await page.mouse.up()
}

async function choose(page: Page, axis: string, entry: string): Promise<void> {
  await page.getByRole('button', { name: `Axis ${axis}`, exact: true }).click()
  await page
    .getByRole('menu', { name: `Axis ${axis}` })
    .locator('.menu-item', { hasText: new RegExp(`^${entry}`) })
    .first()
    .click()
}

function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null)
}

function heads(page: Page): Promise<string[]> {
  return page.locator('.parallel-head').evaluateAll((all) =>
    all
      .sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left)
      .map((one) =>
        [...one.querySelectorAll('b, .parallel-note span, .parallel-note i, .parallel-note:last-child')]
          .map((part) => part.textContent?.trim())
          .filter(Boolean)
          .join(' '),
      ),
  )
}

async function bar(page: Page): Promise<string> {
  return (await page.locator('.selection-bar [role=status]').innerText()).replace(/\s+/g, ' ').trim()
}

function filter(page: Page): Promise<string> {
  return page.getByRole('searchbox', { name: 'Filter runs' }).first().inputValue()
}

function names(page: Page): Promise<string[]> {
  return page
    .locator('.runs-grid .runs-line')
    .evaluateAll((all) =>
      all
        .sort((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
        .map((line) => (line.querySelector<HTMLElement>('.runs-name-text')?.innerText ?? '').trim()),
    )
}

/** The last cell of each line, by name. */
function told(page: Page): Promise<Record<string, string>> {
  return page.locator('.runs-grid .runs-line').evaluateAll((all) =>
    Object.fromEntries(
      all.map((line) => {
        const cells = [...line.querySelectorAll<HTMLElement>('.runs-cell')].sort(
          (a, b) => Number(a.ariaColIndex) - Number(b.ariaColIndex),
        )
        const name = line.querySelector<HTMLElement>('.runs-name-text')?.innerText.trim() ?? ''
        return [name, cells.at(-1)?.innerText.trim() ?? '']
      }),
    ),
  )
}

// what is in the file

interface Made {
  name: string
  lr: number
  opt: string
  seed: number
  acc: number
  kl: number
}

/** Accuracy rises with lr, muon is a little better; kl rises with both. Two runs are the same in both values. */
const RUNS: Made[] = [1e-4, 1e-3, 1e-2].flatMap((lr, i) =>
  ['adamw', 'muon'].flatMap((opt, j) =>
    [1, 2].map((seed) => ({
      name: `${opt}-${lr}-s${seed}`,
      ...{ lr, opt, seed },
      // the seeds of the first configuration agree
      acc: Number((0.1 * (i + 1) + 0.01 * j + (i + j === 0 ? 0.005 : 0.005 * seed)).toFixed(3)),
      kl: Number((0.05 * 10 ** i + 0.4 * j * (i + 1) + (i + j === 0 ? 0 : 0.1 * seed)).toFixed(3)),
    })),
  ),
)

/** How many runs have at most its kl and at least its accuracy, and one of them better. */
function behind(run: Made): number {
  return RUNS.filter(
    (other) => other.kl <= run.kl && other.acc >= run.acc && (other.kl < run.kl || other.acc > run.acc),
  ).length
}

function frontier(): string[] {
  return RUNS.filter((run) => behind(run) === 0).map(({ name }) => name)
}

/** 1 − (SSw / (n − k)) / (SSt / (n − 1)) of the accuracies, in percent. */
function explained(by: 'lr' | 'opt'): number {
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  const squares = (values: number[]): number => values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0)
  const groups = [...new Set(RUNS.map((run) => run[by]))].map((value) =>
    RUNS.filter((run) => run[by] === value).map(({ acc }) => acc),
  )
  const n = RUNS.length
  const within = groups.reduce((sum, group) => sum + squares(group), 0) / (n - groups.length)
  return Math.round(100 * Math.max(0, 1 - within / (squares(RUNS.map(({ acc }) => acc)) / (n - 1))))
}

async function sweep(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
  `)
  let hour = 0
  const put = (name: string, config: object, rows: string[]): void => {
    const at = (second: number): string =>
      `2026-01-01T${String(hour).padStart(2, '0')}:00:${String(second).padStart(2, '0')}+00:00`
    db.exec(
      `INSERT INTO configs (run_id, run_name, config, created_at) VALUES ('${name}', '${name}', '${JSON.stringify(config)}', '${at(0)}')`,
    )
    rows.forEach((values, step) => {
      db.exec(
        `INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('${name}', '${at(step)}', '${name}', ${step}, '${values}')`,
      )
    })
    hour++
  }
  for (const { name, lr, opt, seed, acc, kl } of RUNS)
    put(name, { lr, opt, seed }, [
      `{"acc/accuracy": ${acc / 2}, "kl": ${kl}}`,
      `{"acc/accuracy": ${acc}, "kl": ${kl}}`,
    ])
  put('broken', { lr: 1e-2, opt: 'adamw', seed: 9 }, ['{"acc/accuracy": "NaN", "kl": "NaN"}'])
  const bytes = file()
  close()
  return bytes
}
