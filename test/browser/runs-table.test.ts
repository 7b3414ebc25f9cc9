import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropFiles,
  type Opened,
  openPage,
  ready,
  useBrowser,
  usePage,
  useServer,
} from './harness.ts'
import { cells, heads, lines, names, sweep } from './runs-page.ts'
import { onPage, soon } from './steps.ts'

/* What the table of runs can do beyond listing them, over the same sweep as runs.test.ts. */

const browser = await useBrowser()
const site = await useServer(builtPage())
const opened = usePage(open, listed)
let data: Uint8Array

beforeAll(async () => {
  data = await sweep()
})

test('the table is not settled before the values that it shows and is sorted by are there', async () => {
  const { page, close } = await openPage(browser, `${site.url}#/runs?sort=max:kl&cols=max:kl`)
  // statistics of metrics come a second late
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage
    Worker.prototype.postMessage = function (message: unknown, ...rest: []) {
      const late = JSON.stringify(message)?.includes('"stats"')
      setTimeout(() => post.call(this, message, ...rest), late ? 1000 : 0)
    }
  })
  await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
  await onPage(page, 'runs')
  await ready(page)
  expect(await cells(lines(page).nth(0))).not.toContain('')
  const kl = await Promise.all((await lines(page).all()).map(async (line) => (await cells(line))[1]))
  expect(kl).toEqual([...kl].sort((a, b) => Number(a) - Number(b)))
  await close()
})

describe('columns of the table of runs', () => {
  test('may be a value at a step, where another metric was best, steps to a value, an area, a line', async () => {
    const { page, expectClean, close } = await opened(
      '#/runs?sort=name&cols=at(0):acc%2Faccuracy,at(11):kl,best(max acc%2Faccuracy):kl,reach(>%3D0.33):acc%2Faccuracy,area:acc%2Faccuracy,spark:kl',
    )
    expect(await heads(page)).toEqual([
      'accuracy, at step 0',
      'kl, at step 11',
      'kl, at max of acc/accuracy',
      'accuracy, steps to ≥ 0.33',
      'accuracy, area',
      'kl',
    ])
    // no run came to step 11; NaN is no best; of the steps from 0 to 10 the trapezoid of 0.329 and 0.33
    await soon(async () => cells(lines(page).nth(9))).toEqual([
      ...['lr3-s3', '0.3290', '', '3.000', '10', '3.295', '3.000'],
    ])
    expect((await cells(lines(page).nth(0))).slice(1, 6)).toEqual(['0.9000', '', '1.000', '0', ''])
    expect(await lines(page).nth(9).locator('.spark path').getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+L/)
    expectClean()
    await close()
  })

  test('are added from the foot of the chooser, by the keys alone, and asked for by the filter', async () => {
    const { page, close } = await opened('#/runs?cols=state&sort=name')
    await page.getByRole('button', { name: /^Columns \d/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Metric of the new column' }).selectOption('acc/accuracy')
    await page.getByRole('combobox', { name: 'Statistic of the new column' }).selectOption('at')
    await page.getByRole('textbox', { name: 'Step' }).fill('0')
    await page.keyboard.press('Enter')
    await soon(() => heads(page)).toEqual(['State', 'accuracy, at step 0'])
    await page.keyboard.press('Escape')
    await filter(page).fill('at(acc/accuracy, 0) > 0.321 and reach(acc/accuracy, >= 0.33) <= 10')
    await soon(() => names(page)).toEqual(['broken', 'lr3-s3'])
    await close()
  })

  test('are moved, pinned and hidden by keys, and saved as a set that the link has', async () => {
    const { page, close } = await opened('#/runs?cols=state,steps,config:lr')
    await page.getByRole('button', { name: 'lr', exact: true }).focus()
    await page.keyboard.press('Alt+ArrowLeft')
    await soon(() => heads(page)).toEqual(['State', 'lr', 'Steps'])
    await page.getByRole('button', { name: 'State', exact: true }).focus()
    await page.keyboard.press('Delete')
    await soon(() => heads(page)).toEqual(['lr', 'Steps'])
    await page.getByRole('button', { name: 'Steps', exact: true }).focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Pin to the left' }).press('Enter')
    await soon(() => heads(page)).toEqual(['Steps', 'lr'])
    await page.getByRole('button', { name: 'Save columns as' }).click()
    await page.getByRole('textbox', { name: 'Name of the set' }).fill('Mine')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Overview' }).click()
    await soon(async () => (await heads(page)).length).toBe(7)
    await soon(() => page.url()).toMatch(/sets=Mine/)
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await give(page)
    await page.getByRole('button', { name: 'Mine', exact: true }).click()
    await soon(() => heads(page)).toEqual(['Steps', 'lr'])
    expect(await page.getByRole('button', { name: 'Mine', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    )
    await close()
  })

  test('are dragged to another place by their heads', async () => {
    const { page, close } = await opened('#/runs?cols=state,steps,config:lr')
    const [from, to] = [
      await page.getByRole('button', { name: 'lr', exact: true }).boundingBox(),
      await page.getByRole('button', { name: 'State', exact: true }).boundingBox(),
    ]
    if (!from || !to) throw new Error('no heads')
    await page.mouse.move(from.x + from.width / 2, from.y + 10)
    await page.mouse.down()
    await page.mouse.move(to.x + 40, to.y + 10, { steps: 4 })
    await page.mouse.move(to.x + 2, to.y + 10, { steps: 4 })
    await page.mouse.up()
    await soon(() => heads(page)).toEqual(['lr', 'State', 'Steps'])
    await close()
  })
})

describe('the heads of the table of runs', () => {
  test('are brushed by dragging and by keys; the filter has the words, and the brush is read back', async () => {
    const { page, close } = await opened('#/runs?cols=config:lr,max:acc%2Faccuracy&sort=name')
    const range = page.getByRole('slider', { name: 'Range of accuracy, max' })
    const box = await range.boundingBox()
    if (!box) throw new Error('no bars')
    // ten distinct values: the last three bars are 0.32, 0.33 and the NaN's run, whose greatest is none
    await page.mouse.move(box.x + 2, box.y + 10)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.3, box.y + 10, { steps: 3 })
    await page.mouse.up()
    await soon(() => filter(page).inputValue()).toMatch(/^max\(acc\/accuracy\) <= 0\.\d+$/)
    expect(await page.locator('.head-brush').count()).toBe(1)
    await filter(page).fill('max(acc/accuracy) >= 0.2 and lr < 0.0025')
    await soon(() => names(page)).toEqual(['lr2-s1', 'lr2-s2', 'lr2-s3'])
    expect(await page.locator('.head-brush').count()).toBe(2)
    await page.getByRole('slider', { name: 'Range of lr' }).focus()
    await page.keyboard.press('Delete')
    await soon(() => filter(page).inputValue()).toBe('max(acc/accuracy) >= 0.2')
    await page.keyboard.press('ArrowRight')
    await soon(() => filter(page).inputValue()).toBe('max(acc/accuracy) >= 0.2 and lr = 0.001')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await soon(() => filter(page).inputValue()).toMatch(/lr >= 0.002 and lr <= 0.003$/)
    await soon(() => names(page)).toHaveLength(6)
    await close()
  })
})

describe('lines of the table of runs', () => {
  test('come in groups within groups, and as differences in percent', async () => {
    const { page, close } = await opened(
      '#/runs?group=config:lr&within=seed&cols=max:acc%2Faccuracy&sort=name',
    )
    await page.getByRole('button', { name: 'Open lr 0.003' }).click()
    await soon(async () => (await names(page)).filter((name) => name.startsWith('seed'))).toEqual([
      ...['seed 1 1', 'seed 2 1', 'seed 3 1'],
    ])
    const first = lines(page).filter({ hasText: 'lr 0.001' })
    await first.getByRole('gridcell').first().focus()
    await page.keyboard.press('b')
    await page.getByRole('radio', { name: 'Δ %, difference in percent' }).click()
    // means 0.12 and 0.22: 83.3 % more
    await soon(async () => (await cells(lines(page).filter({ hasText: 'lr 0.002' })))[1]).toBe('+83.3 %')
    await close()
  })

  test('are selected by Shift and keys; a range is copied as a spreadsheet takes it', async () => {
    const { page, close } = await opened('#/runs?cols=config:lr,config:seed&sort=name')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await lines(page).nth(1).locator('[data-column="0"]').focus()
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowRight')
    await page.getByText('2 selected').waitFor()
    expect(await lines(page).nth(2).getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('Control+c')
    await soon(() => page.evaluate(() => navigator.clipboard.readText())).toBe(
      'lr\tseed\n0.001\t1\n0.001\t2\n',
    )
    await page.keyboard.press('Escape')
    await soon(() => page.getByText('2 selected').count()).toBe(0)
    // the name itself is a link to the run
    const cell = (line: number) => lines(page).nth(line).locator('[data-column="0"]')
    await cell(0).click()
    await cell(2).click({ modifiers: ['Shift'] })
    await page.getByText('3 selected').waitFor()
    await page.getByRole('button', { name: 'Leave these out' }).click()
    await soon(async () => (await names(page)).length).toBe(7)
    await close()
  })

  test('take a name, a note and tags, kept in the link and in this browser where the source is only read', async () => {
    const { page, close } = await open('#/runs?cols=tags,note&sort=name')
    await lines(page).nth(0).getByRole('gridcell').first().focus()
    await page.keyboard.press('m')
    await page.getByText('The source is only read').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('the broken one')
    await page.getByRole('textbox', { name: 'Tags' }).fill('paper, rerun')
    await page.getByRole('textbox', { name: 'Note' }).fill('NaN at step 10')
    await expectAccessible(page, 'a run is being named')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await filter(page).fill('tag = paper and note ~ NaN')
    await soon(() => names(page)).toEqual(['the broken one'])
    expect(await cells(lines(page).nth(0))).toEqual(['the broken one', 'paper, rerun', 'NaN at step 10'])
    await soon(() => page.url()).toMatch(/rq=tag/)
    await page.reload()
    await give(page)
    await soon(() => names(page)).toEqual(['the broken one'])

    // a note that is changed alone leaves the tags, and is taken back
    const marked = async () => (await cells(lines(page).nth(0))).slice(1)
    await lines(page).nth(0).getByRole('gridcell').first().focus()
    await page.keyboard.press('m')
    await page.getByRole('textbox', { name: 'Note' }).fill('NaN, why?')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await soon(marked).toEqual(['paper, rerun', 'NaN, why?'])
    await page
      .getByRole('region', { name: 'Changes' })
      .getByRole('button', { name: 'Undo', exact: true })
      .click()
    await soon(marked).toEqual(['paper, rerun', 'NaN at step 10'])
    await close()
  })

  test('keep the place of the keys when they scroll away and come back', async () => {
    const { page, close } = await opened('#/runs?sort=name', { viewport: { width: 1100, height: 320 } })
    await lines(page).nth(0).getByRole('gridcell').first().focus()
    await page.keyboard.press('PageDown')
    await soon(() => focusedRun(page)).toBe('lr3-s3')
    await page.locator('.runs-sheet').evaluate((sheet) => sheet.scrollTo(0, 0))
    await page.keyboard.press('ArrowUp')
    await soon(() => focusedRun(page)).toBe('lr3-s2')
    await close()
  })
})

async function open(hash: string, options: object = {}): Promise<Opened> {
  const session = await openPage(browser, site.url + hash, options)
  await give(session.page)
  return session
}

async function give(page: Page): Promise<void> {
  await dropFiles(page, [{ name: 'sweep.db', bytes: data }])
  await onPage(page, 'runs')
  await ready(page)
  await listed(page)
}

async function listed(page: Page): Promise<void> {
  await soon(() => lines(page).count()).toBeGreaterThan(0)
  await soon(() => page.locator('.head-waits').count()).toBe(0)
}

function filter(page: Page) {
  return page.locator('main').getByRole('searchbox', { name: 'Filter runs' })
}

function focusedRun(page: Page): Promise<string | undefined> {
  return page.evaluate(
    () => document.activeElement?.closest('.runs-line')?.querySelector<HTMLElement>('.runs-name')?.title,
  )
}
