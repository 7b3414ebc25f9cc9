import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropFiles,
  dropPaths,
  follow,
  type Opened,
  openPage,
  ready,
  useBrowser,
  useFolder,
  usePage,
  useServer,
} from './harness.ts'
import { servePage } from './page-server.ts'
import { HOSTILE, REPORTS, RUNS, reportsDatabase, writeReports } from './reports-project.ts'
import { download, onPage, soon } from './steps.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const LAST = '#/reports?key=summary&run=id-dr-grpo-s0&step=1200'
const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()
const made = usePage((hash, options?: BrowserContextOptions) => open(path, hash, options))
let path: string

beforeAll(async () => {
  path = await writeReports(folder)
})

describe('what Python finds in a project stands on the page', () => {
  test.each([
    ['a database', 'v0.43.0', 'demoprojectv4ö.db'],
    ['Parquet', 'parquet-0.43.0', ''],
    ['a static export', 'static-0.43.0', ''],
    ['a database of 0.23', 'v0.23.0', 'sweep202603.db.gz'],
  ])('of %s', async (_, name, file) => {
    const { runs } = JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'))
    const texts: { key: string; step: number; text: string }[] = runs.flatMap(
      (run: { markdown?: [] }) => run.markdown ?? [],
    )
    const opened = await openPage(browser, `${site.url}#/reports`)
    const { page } = opened
    const at = join(FIXTURES, name, 'data', file)
    if (file.endsWith('.gz'))
      await dropFiles(page, [{ name: file.slice(0, -3), bytes: gunzipSync(readFileSync(at)) }])
    else await dropPaths(page, [at])
    await items(page).first().waitFor()
    const steps = await items(page).evaluateAll((all) => all.map((one) => Number(one.dataset.step)))
    if (texts.length > 0) expect(steps.sort()).toEqual(texts.map(({ step }) => step).sort())
    expect(await items(page).count()).toBeGreaterThan(1)
    await items(page)
      .filter({ has: page.locator('b', { hasText: /^Report$/ }) })
      .first()
      .click()
    const text = page.locator('.report-text')
    await text.getByRole('heading', { name: 'Report' }).waitFor()
    // HTML is shown as it is written, a formula too; what else is Markdown is laid out
    await text.getByText('<script>alert(1)</script>').waitFor()
    await text.getByText('done code $x^2$').waitFor()
    expect(await text.locator('td').allInnerTexts()).toEqual(['1', 'é'])
    opened.expectClean()
    await opened.close()
  })

  test('of a live server', async () => {
    const double = await servePage(await reportsDatabase())
    const opened = await openPage(browser, `${double.url}#/reports`)
    await soon(() => items(opened.page).count()).toBe(REPORTS.length)
    await opened.page.locator('.report-block figure[data-state="ready"]').first().waitFor()
    // it gives out rows and no file
    expect(await opened.page.getByRole('button', { name: 'sha256' }).count()).toBe(0)
    await opened.close()
    await double.stop()
  })
})

describe('the list', () => {
  test('has the reports by key, newest first, and the first of them beside it', async () => {
    const { page, expectClean, close } = await made('#/reports')
    await soon(() => page.locator('.report-key').allTextContents()).toEqual([
      'eval/notes, 1 step',
      'summary, 3 steps',
      'divergence, 1 step',
    ])
    await soon(() => items(page).locator('b').allInnerTexts()).toEqual([
      'Where GSPO fails',
      'Does the KL term help?',
      'Does the KL term help?',
      'First look',
      'Divergence at 5e-6',
    ])
    expect(await items(page).locator('.step').allInnerTexts()).toEqual([
      '1,100',
      '1,200',
      '800',
      '400',
      '480',
    ])
    await page.getByRole('link', { name: 'Reports 5' }).waitFor()
    await page.getByRole('heading', { name: 'Where GSPO fails' }).waitFor()
    expect(await hash(page)).not.toContain('key=')
    expect(await page.locator('footer').first().innerText()).toContain('5 reports in 3 runs')
    expectClean()
    await close()
  })

  test('keys walk it; what is opened is a step that Back undoes, and a link opens the same', async () => {
    const { page, close } = await made('#/reports')
    await page.getByRole('heading', { name: 'Where GSPO fails' }).waitFor()
    await page.getByRole('listbox', { name: 'Reports' }).focus()
    await page.keyboard.press('ArrowDown')
    await soon(() => page.locator('.report-facts').innerText()).toMatch(
      /^summary,\s+dr-grpo-s0,\s+step 1,200, \d+ Nov 2026/,
    )
    await page.keyboard.press('End')
    await page.getByRole('heading', { name: 'Divergence at 5e-6' }).waitFor()
    await items(page).nth(2).click()
    await soon(() => page.locator('.report-facts').innerText()).toContain('step 800')
    await soon(() => hash(page)).toMatch(/key=summary&run=id-dr-grpo-s0&step=800/)
    await page.goBack()
    await page.getByRole('heading', { name: 'Divergence at 5e-6' }).waitFor()
    await close()
  })

  test('hidden runs have theirs below, and a page without any of a shown run says so', async () => {
    const { page, close } = await made('#/reports?run_ids=id-grpo-s0')
    await page.getByText('No report in the shown runs').waitFor()
    await page.getByText('3 hidden runs have one.').waitFor()
    expect(await page.locator('.report-key').allTextContents()).toEqual(['3 keys in hidden runs'])
    expect(await items(page).count()).toBe(5)
    await page.getByRole('button', { name: 'Show those 3' }).click()
    await soon(() => page.locator('.report-key').count()).toBe(3)
    await close()
  })

  test('a project without any says what would make one', async () => {
    const { page, close } = await open(join(FIXTURES, 'v0.43.0', 'data', 'demoprojectv4öcsv.db'), '#/reports')
    await page.getByText('No reports logged').waitFor()
    expect(await page.locator('main pre').innerText()).toContain('trackio.Markdown(')
    await close()
  })
})

describe('a search', () => {
  test('goes through the text of all reports; n and p walk its hits from report to report', async () => {
    const { page, expectClean, close } = await made('#/reports')
    await page.getByRole('searchbox', { name: 'Search reports' }).fill('REMAINDER')
    await soon(() => items(page).count()).toBe(1)
    await page.getByRole('searchbox', { name: 'Search reports' }).fill('accuracy')
    await soon(() => page.locator('.reports-toolbar .found').innerText()).toMatch(/in 3$/)
    await page.getByRole('listbox', { name: 'Reports' }).focus()
    const current = () =>
      page.evaluate(() => [...(CSS.highlights.get('report-hit') ?? [])].map((one) => String(one)).join())
    await soon(() => page.locator('.report-facts').innerText()).toContain('eval/notes')
    for (let n = 0; n < 9 && !(await page.locator('.report-facts').innerText()).includes('1,200'); n++) {
      await page.keyboard.press('n')
      await ready(page)
    }
    await soon(() => page.locator('.report-facts').innerText()).toContain('step 1,200')
    await soon(current).toBe('accuracy')
    await page.keyboard.press('p')
    await soon(() => page.locator('.report-facts').innerText()).toContain('eval/notes')
    await page.keyboard.press('Control+f')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Search reports',
    )
    await page.keyboard.type('nowhere')
    await page.getByText('No report says this').waitFor()
    await page.getByRole('button', { name: 'Clear search' }).click()
    await soon(() => items(page).count()).toBe(5)
    expectClean()
    await close()
  })
})

describe('a report', () => {
  test('has an outline and its steps; a comma and a full stop walk these', async () => {
    const { page, expectClean, close } = await made(LAST)
    const outline = page.getByRole('navigation', { name: 'On this page' })
    expect(await outline.getByRole('button').allInnerTexts()).toEqual([
      'Does the KL term help?',
      'What changed between steps 200 and 1,200',
      'Next',
    ])
    const steps = page.getByRole('region', { name: 'Steps of this report' })
    await soon(() => steps.locator('.report-step').allInnerTexts()).toEqual([
      expect.stringMatching(/^1,200\s+\d+ words$/),
      expect.stringMatching(/^800\s+\+\d+ −\d+$/),
      expect.stringMatching(/^400\s+\+\d+ −\d+$/),
    ])
    await outline.getByRole('button', { name: 'Next' }).click()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Next')
    await page.keyboard.press(',')
    await soon(() => page.locator('.report-facts').innerText()).toContain('step 800')
    await page.keyboard.press('.')
    await soon(() => page.locator('.report-facts').innerText()).toContain('step 1,200')
    expect(await page.locator('.step-label').innerText()).toMatch(/Step 1,200\s+3rd of 3 logged/)
    // a step that was not logged shows the nearest, and says so
    await follow(page, '#/reports?key=summary&run=dr-grpo-s0&step=900')
    await page.getByText('asked 900').waitFor()
    expect(await page.locator('.report-facts').innerText()).toContain('step 800')
    expectClean()
    await close()
  })

  test('links into the app stay in it, others open a page of their own', async () => {
    const { page, requests, close } = await made(LAST)
    const text = page.locator('.report-text')
    const link = text.getByRole('link', { name: /^arxiv/ })
    expect(await link.evaluate((one: HTMLAnchorElement) => [one.target, one.rel])).toEqual([
      '_blank',
      'noopener noreferrer nofollow',
    ])
    await text.getByRole('link', { name: 'what is next' }).click()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Next')
    const before = requests.length
    await text.getByRole('link', { name: 'the curves of the loss' }).click()
    await onPage(page, 'metrics')
    await soon(() =>
      page.locator('main figure').evaluateAll((all) => all.map((one) => one.dataset.metric)),
    ).toEqual(['train/loss'])
    await soon(() => hash(page)).toContain('smoothing=3')
    await page.goBack()
    await text.getByRole('link', { name: 'the same by trackio' }).click()
    await onPage(page, 'metrics')
    await soon(() =>
      page.locator('main figure').evaluateAll((all) => all.map((one) => one.dataset.metric)),
    ).toEqual(['eval/accuracy'])
    // the page was not loaded again: what was dropped is there still
    expect(requests.slice(before).filter((url) => url.endsWith('/') || url.includes('?'))).toEqual([])
    await close()
  })

  test('is taken along as Markdown', async () => {
    const { page, close } = await made(LAST)
    await page.getByRole('button', { name: 'Markdown' }).click()
    const { name, bytes } = await download(page, () =>
      page.getByRole('menuitem', { name: 'Download .md' }).click(),
    )
    expect(name).toBe('qwen3-gsm8k-summary-dr-grpo-s0-1200.md')
    expect(bytes.toString()).toBe(REPORTS[2]?.text)
    await close()
  })
})

describe('a chart in the text', () => {
  test('is drawn from the same data, says of what, and opens on the page of metrics', async () => {
    const { page, expectClean, close } = await made(LAST)
    const block = page.locator('.report-block')
    const chart = await drawn(block.locator('figure'))
    expect(await chart.evaluate((one) => ({ ...one.dataset }))).toMatchObject({
      ...{ metric: 'eval/accuracy', series: String(RUNS.length), xmin: '0', xmax: '1200', x: 'step' },
    })
    expect(await chart.locator('.chart-note').innerText()).toContain('step 0 to 1,200')
    // 5 runs of 121 rows, and one of 49
    const foot = block.locator('.report-block-foot')
    await soon(() => foot.innerText()).toMatch(/Live chart\s+6 runs, 654 rows, every row drawn/)
    expect(await foot.locator('.file').innerText()).toMatch(/^qwen3-gsm8k\.db, read \d\d:\d\d$/)
    await foot.getByRole('button', { name: 'sha256' }).click()
    const { createHash } = await import('node:crypto')
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
    await soon(() => foot.locator('.file').getAttribute('title')).toContain(digest)
    await foot.getByRole('button', { name: 'Block text' }).click()
    await block.getByText('metrics: eval/accuracy').waitFor()
    await chart.getByRole('button', { name: 'Show as table' }).click()
    await chart.locator('tbody tr').first().waitFor()
    await chart.getByRole('button', { name: 'Show as chart' }).click()
    await block.getByRole('link', { name: 'Open in Metrics' }).click()
    await onPage(page, 'metrics')
    const there = await drawn(page.locator('main figure[data-metric="eval/accuracy"]'))
    expect(await there.evaluate((one) => ({ ...one.dataset }))).toMatchObject({ xmin: '0', xmax: '1200' })
    expect(await hash(page)).toContain('smoothing=10')
    expectClean()
    await close()
  })

  test('of several metrics has a line for each; groups have theirs; what is not understood stays text', async () => {
    const { page, expectClean, close } = await made('#/reports')
    const figures = page.locator('.report-block figure')
    await soon(() => figures.count()).toBe(2)
    const one = await drawn(figures.first())
    expect(await one.evaluate((figure) => ({ ...figure.dataset }))).toMatchObject({
      ...{ metric: 'train/loss + eval/accuracy', series: '2' },
    })
    const groups = await drawn(figures.last())
    await soon(() => groups.getAttribute('data-groups')).toBe('0')
    expect(await page.locator('.report-block-text .note').allInnerTexts()).toEqual([
      'Not drawn as a chart: no metric of the project is called eval/acuracy.',
      'Not drawn as a chart: line 2: “colour” is none of title, metrics, runs, x, from, to, smoothing, y, range, height, group, statistic.',
    ])
    await page.getByText('colour: red').waitFor()
    await page.getByText('A chart stands by itself').waitFor()
    expect(await page.locator('footer').first().innerText()).toContain('2 live charts')
    expectClean()
    await close()
  })

  test('follows the runs that are shown', async () => {
    const { page, close } = await made(`${LAST}&run_ids=id-dr-grpo-s0,id-gspo-s0`)
    const chart = await drawn(page.locator('.report-block figure'))
    await soon(() => chart.getAttribute('data-series')).toBe('2')
    await close()
  })
})

describe('two steps of a report', () => {
  test('are compared word by word, in the text as it is laid out', async () => {
    const { page, expectClean, close } = await made(`${LAST}&diff=before`)
    const text = page.locator('.report-text')
    await text.locator('del.diff').first().waitFor()
    const paragraph = text.locator('p:not(.report-facts)').first()
    expect(await paragraph.locator('del').allInnerTexts()).toEqual(['800', '0.741', '0.702', '4'])
    expect(await paragraph.locator('ins').allInnerTexts()).toEqual(['1,200', '0.771', '0.714', '2'])
    // what is bold, a cell or a heading stays that
    await text.locator('strong ins').first().waitFor()
    expect(await text.locator('td ins').allInnerTexts()).toEqual(['0.771', '240', '0.714'])
    expect(await text.locator('h3 ins').allInnerTexts()).toEqual(['1,200'])
    expect(await text.locator('.chart-note').innerText()).toContain('step 0 to 1,200, was step 0 to 800')
    expect(await text.locator('.report-block-source del').innerText()).toBe('800')
    await page.getByRole('combobox', { name: 'Compare with' }).selectOption('400')
    await soon(() => hash(page)).toContain('diff=400')
    await text.locator('.report-block.diff-new').waitFor()
    await page.getByRole('button', { name: /^Compare with step 800/ }).click()
    await soon(() => hash(page)).toContain('diff=800')
    await expectAccessible(page, 'a comparison')
    expectClean()
    await close()
  })
})

describe('hostile text', () => {
  test('runs nothing, asks for nothing, and leaves the page as it is', async () => {
    const key = '<img src=x onerror=alert(1)>'
    const bytes = await reportsDatabase([
      { run: 'grpo-s0', step: 1190, key, text: HOSTILE.replaceAll('top.ran', 'window.ran') },
      { run: 'grpo-s0', step: 1200, key, text: HOSTILE },
    ])
    const opened = await openPage(browser, `${site.url}#/reports`)
    const { page, requests } = opened
    await dropFiles(page, [{ name: 'hostile.db', bytes }])
    await follow(page, '#/reports?key=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E')
    await page.getByRole('heading', { name: 'Hostile <script>top.ran = 1</script>' }).waitFor()
    await ready(page)
    const text = page.locator('.report-text')
    for (const link of await text.locator('a').all()) await link.hover({ trial: true })
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    expect(requests.filter((url) => /evil|\/x$|passwd/.test(url))).toEqual([])
    // no element, attribute or name of it is there
    expect(
      await text.evaluate((root) => ({
        made: root.querySelectorAll(
          'script, iframe, svg:not(.icon, .chart-icon), form, style, math, object, embed',
        ).length,
        named: root.querySelectorAll('.report-part [id], .report-part [name]').length,
        handlers: [...root.querySelectorAll('*')].filter((one) =>
          [...one.attributes].some(({ name }) => name.startsWith('on')),
        ).length,
        pictures: root.querySelectorAll('img').length,
        hrefs: [...root.querySelectorAll('.report-part a:not(.run-link)')].map((one) =>
          one.getAttribute('href'),
        ),
        app: document.querySelectorAll('#app').length,
      })),
    ).toEqual({
      ...{ made: 0, named: 0, handlers: 0, pictures: 0, app: 1 },
      hrefs: [
        'https://evil.example/d.png',
        'https://evil.example/g',
        'https://evil.example/h',
        expect.stringMatching(/^#\/metrics\?/),
      ],
    })
    expect(await text.locator('.report-block-text .note').allInnerTexts()).toEqual([
      expect.stringContaining('no run of the project is called /(a+)+$/'),
      expect.stringContaining('__proto__'),
      expect.stringContaining('“constructor” is none of'),
    ])
    // a comparison of two of them neither
    await follow(page, `#/reports?key=${encodeURIComponent(key)}&run=id-grpo-s0&step=1200&diff=before`)
    await text.locator('del.diff').first().waitFor()
    expect(await text.locator('script, iframe, form, style, img, [onerror], [onclick]').count()).toBe(0)
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    expect(requests.filter((url) => /evil|\/x$|passwd/.test(url))).toEqual([])
    await opened.close()
  })
})

describe('a thousand steps, and a text of a megabyte', () => {
  test('stay quick: what is not in sight is not in the page, and a long text comes in stretches', async () => {
    const long = Array.from(
      { length: 9000 },
      (_, i) => `## Part ${i}\n\n${'many **words** of a long text. '.repeat(3)}\n`,
    )
    const many = Array.from({ length: 1000 }, (_, i) => ({
      ...{ run: 'grpo-s0', step: i + 1, key: 'log' },
      text: `# Step ${i + 1}\n\nloss ${(1 / (i + 1)).toFixed(4)}`,
    }))
    many.push({ run: 'grpo-s1', step: 1, key: 'long', text: long.join('\n') })
    expect(long.join('\n').length).toBeGreaterThan(950_000)
    const opened = await openPage(browser, `${site.url}#/reports`)
    const { page } = opened
    await dropFiles(page, [{ name: 'many.db', bytes: await reportsDatabase(many) }])
    await follow(page, '#/reports?key=log&run=grpo-s0')
    await soon(() => page.locator('.report-facts').innerText()).toContain('step 1,000')
    expect(await items(page).count()).toBeLessThan(60)
    expect(await page.locator('.report-step').count()).toBeLessThan(80)
    await page.getByRole('searchbox', { name: 'Search reports' }).fill('step 99')
    await soon(() => page.locator('.reports-toolbar .found').innerText()).toMatch(/11 in 11$/)
    await page.evaluate(() => {
      const seen: number[] = []
      Reflect.set(window, 'tasks', seen)
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(Math.round(duration))
      }).observe({ type: 'longtask' })
    })
    await follow(page, '#/reports?key=long')
    await page.getByRole('heading', { name: 'Part 0', exact: true }).waitFor()
    await ready(page)
    expect(await page.locator('.report-text [data-level="2"]').count()).toBe(9000)
    expect(await page.locator('.outline button').count()).toBeLessThan(60)
    // of all of it at once nearly everything would be one task, however much else the machine has to do
    const tasks: number[] = await page.evaluate(() => Reflect.get(window, 'tasks'))
    const all = tasks.reduce((sum, ms) => sum + ms, 0)
    expect(Math.max(0, ...tasks), `${tasks}`).toBeLessThan(Math.max(300, 0.4 * all))
    await page.keyboard.press('Control+f')
    await page.keyboard.type('part 8999')
    await soon(() => page.locator('.reports-toolbar .found').innerText()).toMatch(/^1 of 1, 1 in 1$/)
    await page.keyboard.press('Enter')
    await soon(() =>
      page
        .getByRole('heading', { name: 'Part 8999' })
        .evaluate((one) => one.getBoundingClientRect().top < 900),
    ).toBe(true)
    await opened.close()
  })
})

describe('paper, small screens, frames', () => {
  test('only the report is printed, black on white, with its charts', async () => {
    const { page, close } = await made(LAST, { colorScheme: 'dark' })
    await drawn(page.locator('.report-block figure'))
    await page.evaluate(() => {
      Reflect.set(window, 'print', () => {
        const chart = document.querySelector('.report-block canvas')
        Reflect.set(window, 'printed', {
          theme: document.documentElement.dataset.theme,
          paper: getComputedStyle(document.documentElement).getPropertyValue('--paper').trim(),
          width: chart?.clientWidth ?? 0,
        })
      })
    })
    await page.getByRole('button', { name: 'Print' }).evaluate((button: HTMLElement) => {
      // twice, before it is ready for paper
      button.click()
      button.click()
    })
    await soon(() => page.evaluate(() => Reflect.get(window, 'printed')?.theme)).toBe('light')
    await soon(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    // as wide as a sheet of paper, where the sidebar is a rail
    await page.setViewportSize({ width: 794, height: 1123 })
    await page.emulateMedia({ media: 'print' })
    expect(
      await page
        .locator('aside, header, .toolbar, .report-index, footer')
        .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.className)),
    ).toEqual([])
    expect(
      await page.locator('.report-text').evaluate((one) => {
        const { color } = getComputedStyle(one)
        return [color, getComputedStyle(document.body).backgroundColor, one.scrollHeight > 400]
      }),
    ).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)', true])
    await page.emulateMedia({ media: 'screen' })
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await close()
  })

  test('a phone has the list, then the report as a page', async () => {
    const { page, expectClean, close } = await made('#/reports', PHONE)
    await items(page).first().waitFor()
    expect(await page.locator('.report-text').count()).toBe(0)
    await expectAccessible(page, 'the list on a phone')
    await items(page).nth(1).click()
    await drawn(page.locator('.report-block figure'))
    expect(await items(page).count()).toBe(0)
    await page.getByRole('group', { name: 'Step' }).getByRole('button', { name: 'Previous step' }).click()
    await soon(() => page.locator('.report-facts').innerText()).toContain('step 800')
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await expectAccessible(page, 'a report on a phone')
    await page.getByRole('button', { name: 'All reports' }).click()
    await items(page).first().waitFor()
    expectClean()
    await close()
  })

  test('a frame of another page has the report without the toolbar', async () => {
    const opened = await openPage(browser, `${site.url}?sidebar=hidden${LAST}`, {
      viewport: { width: 800, height: 480 },
    })
    await dropPaths(opened.page, [path])
    await opened.page.getByRole('heading', { name: 'Does the KL term help?' }).waitFor()
    expect(await opened.page.getByRole('toolbar', { name: 'Reports' }).count()).toBe(0)
    await opened.close()
  })

  test('has nothing that axe complains about', async () => {
    const { page, close } = await made(LAST)
    await drawn(page.locator('.report-block figure'))
    await expectAccessible(page, 'a report')
    await follow(page, '#/reports')
    await soon(() => page.locator('.report-block-text').count()).toBe(2)
    await ready(page)
    await expectAccessible(page, 'a report with text in place of charts')
    await close()
  })
})

function items(page: Page): Locator {
  return page.locator('.report-item')
}

function hash(page: Page): Promise<string> {
  return page.evaluate(() => window.location.hash)
}

async function drawn(figure: Locator): Promise<Locator> {
  const one = figure.first()
  await one.scrollIntoViewIfNeeded()
  await expect.poll(() => one.getAttribute('data-state'), { timeout: 10_000 }).toBe('ready')
  return one
}

async function open(file: string, link: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const opened = await openPage(browser, `${site.url}${link}`, options)
  await dropPaths(opened.page, [file])
  await ready(opened.page)
  return opened
}
