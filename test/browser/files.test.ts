import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { type HubDouble, startHub } from '../hub/double.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
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
import { png } from './media-bytes.ts'
import { DEMO, DEMO_FILE, soon } from './steps.ts'

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const MADE = join(import.meta.dirname, '..', 'engine', 'files', 'made')
const LISTED: Record<string, Record<string, [path: string, size: number][]>> = JSON.parse(
  readFileSync(join(FIXTURES, 'files.json'), 'utf8'),
)
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()
const page = usePage(open)
const LINES = 60_000

describe('what Python finds of trackio.save stands on the page', () => {
  let hub: HubDouble
  beforeAll(async () => {
    hub = await startHub()
    hub.repo('bucket', 'me/demo')
    hub.addFolder('bucket', 'me/demo', join(FIXTURES, 'static-0.43.0', 'data', 'bucket'))
  })
  afterAll(() => hub?.stop())

  const expected = (name: string): [string, number][] => Object.values(LISTED[name] ?? {}).flat()

  test.each([
    ['a folder of Parquet', 'parquet-0.43.0', ''],
    ['a static export', 'static-0.43.0', 'bucket'],
  ])('of %s', async (_, name, below) => {
    const opened = await openPage(browser, site.url)
    await dropPaths(opened.page, [join(FIXTURES, name, 'data', below)])
    await soon(() => opened.page.getByRole('link', { name: 'Files' }).innerText()).toMatch(/Files\s*2/)
    await follow(opened.page, '#/files')
    await expectListed(opened.page, expected(name))
    opened.expectClean()
    await opened.close()
  })

  test('of a bucket of the Hub, which is asked for what is looked at alone', async () => {
    const query = `?bucket=me/demo&hub=${encodeURIComponent(hub.url)}`
    const opened = await openPage(browser, `${site.url}${query}#/files`)
    await ready(opened.page, 60_000)
    await expectListed(opened.page, expected('static-0.43.0'))
    opened.expectClean()
    await opened.close()
  })
})

describe('a project with files of every kind', () => {
  beforeAll(writeProject)

  test('the tree has sizes and sums, is walked by keys, and narrowed by a search', async () => {
    const { page: at, expectClean, close } = await page('#/files')
    const tree = at.getByRole('tree', { name: 'Files' })
    await soon(() => tree.getByRole('treeitem', { name: /^logs/ }).innerText()).toMatch(/logs\s+1\s+/)
    expect(await at.locator('.file-foot').innerText()).toMatch(/^\d+ saved files, [\d.]+ MB/)
    await tree.focus()
    await at.keyboard.press('Home')
    const current = (): Promise<string> =>
      at.evaluate(() => {
        const id = document.activeElement?.getAttribute('aria-activedescendant') ?? ''
        return document.getElementById(id)?.innerText.replace(/\s+/g, ' ') ?? ''
      })
    expect(await current()).toMatch(/^data /)
    await at.keyboard.press('ArrowLeft')
    await soon(() => tree.getByRole('treeitem', { name: /rows\.csv/ }).count()).toBe(0)
    await at.keyboard.press('ArrowRight')
    await at.keyboard.press('ArrowDown')
    expect(await current()).toMatch(/^rows\.csv/)
    await at.keyboard.press('Enter')
    await soon(() => at.evaluate(() => location.hash)).toContain('file=data/rows.csv')
    await at.getByRole('searchbox', { name: 'Search files' }).fill('*.npy')
    await soon(() => tree.getByRole('treeitem').count()).toBe(1)
    await at.getByRole('searchbox', { name: 'Search files' }).fill('nothing of this name')
    await at.getByText('No file matches').waitFor()
    expectClean()
    await close()
  })

  test('a text is read by slices; a search goes from hit to hit, and the link leads back to a line', async () => {
    const { page: at, expectClean, close } = await page('#/files?file=logs/train.log')
    await soon(() => at.locator('footer').last().innerText()).toContain('60,000')
    await at.keyboard.press('Control+f')
    await at.keyboard.type('needle')
    // every 1000th line has it
    await soon(() => at.locator('.file-tools .found').innerText()).toBe('1 of 60')
    await at.keyboard.press('Enter')
    await soon(() => at.locator('.file-tools .found').innerText()).toBe('2 of 60')
    await soon(() => at.locator('.code-line.hit').getAttribute('data-line')).toBe('1001')
    await at.getByRole('button', { name: 'Previous hit' }).click()
    await at.getByRole('button', { name: 'Previous hit' }).click()
    await soon(() => at.locator('.code-line.hit').getAttribute('data-line')).toBe('59001')
    expect(await at.locator('.code-line.hit mark').innerText()).toBe('needle')
    // the lines with hits alone, each with its own number
    await at.getByRole('button', { name: 'Only lines with hits' }).click()
    const numbers = at.locator('.code-line .code-number')
    await soon(() => numbers.nth(1).innerText()).toBe('1,001')
    expect(await at.locator('.code-line mark').first().innerText()).toBe('needle')
    await at.getByRole('button', { name: 'Only lines with hits' }).click()
    // a pattern that could take for ever is refused, with why
    await at.getByRole('button', { name: 'Regular expression' }).click()
    await at.getByRole('searchbox', { name: 'Find in the text' }).fill('(a+)+$')
    await at
      .getByRole('alert')
      .getByText(/for ever/)
      .waitFor()
    await follow(at, '#/files?file=train.py&wrap=1')
    await soon(() => at.locator('.code-wrapped .code-line').count()).toBe(6)
    // lines that are counted late: before that nobody knows where the one is, and the page is not settled
    await at.evaluate(() => {
      const post = Worker.prototype.postMessage
      Worker.prototype.postMessage = function (message: unknown, ...rest: []) {
        const late = JSON.stringify(message)?.includes('"fileLines"')
        setTimeout(() => post.call(this, message, ...rest), late ? 800 : 0)
      }
    })
    await follow(at, '#/files?file=logs/train.log&line=30000')
    const line = at.locator('.code-line.asked')
    expect(await line.getAttribute('data-line')).toBe('30000')
    expect(await line.innerText()).toContain('step 29999 ')
    await at.reload()
    await dropPaths(at, [join(folder, 'trackio')])
    await soon(() => at.locator('.code-line.asked').getAttribute('data-line')).toBe('30000')
    expectClean()
    await close()
  })

  test('rows of CSV, JSON lines and SQLite stand in the one table: sorted, filtered, found', async () => {
    const { page: at, expectClean, close } = await page('#/files?file=data/rows.csv&sort=-.n')
    const counts = at.locator('.tables-counts b')
    await soon(() => counts.innerText()).toBe('3,000')
    await soon(() => at.getByRole('row').nth(1).innerText()).toContain('2999')
    await at.keyboard.press('Control+f')
    await at.keyboard.type('word 17')
    // word 17, 170 to 179, 1700 to 1799
    await soon(() => at.locator('.tables-filters .found').innerText()).toMatch(/of 111$/)
    await follow(at, `#/files?file=data/rows.csv&filters=${encodeURIComponent('[[".n","≤",9]]')}`)
    await soon(() => counts.innerText()).toBe('10')
    await follow(at, '#/files?file=lines.jsonl')
    await soon(() => counts.innerText()).toBe('3')
    await at.locator('.file-note').getByText('1 line is no JSON (the first: line 2)').waitFor()
    await follow(at, '#/files?file=optuna.db')
    await soon(() => counts.innerText()).toBe('40')
    await at.getByRole('combobox', { name: 'Table' }).selectOption('params')
    await soon(() => at.evaluate(() => location.hash)).toContain('table=params')
    await soon(() => counts.innerText()).toBe('2')
    await follow(at, '#/files?file=optuna.db&as=header')
    await at.getByText('CREATE TABLE params').waitFor()
    // the database of the project itself is looked at in the same way
    await follow(at, `#/files?file=${encodeURIComponent(`@data/trackio/${DEMO}.db`)}&table=configs`)
    await soon(() => counts.innerText()).toBe('8')
    expectClean()
    await close()
  })

  test('JSON is a tree, a tensor file its header, anything else its bytes', async () => {
    const { page: at, expectClean, close } = await page('#/files?file=config.json')
    const tree = at.getByRole('tree', { name: 'JSON of config.json' })
    await soon(() => tree.getByRole('treeitem').count()).toBe(4)
    expect(await tree.innerText()).toContain('12345678901234567890')
    await tree.getByRole('treeitem', { name: /^items/ }).click()
    await tree.focus()
    // what is open is walked to its end: there are more
    await soon(() => tree.getByRole('treeitem', { name: /^items/ }).getAttribute('aria-expanded')).toBe(
      'true',
    )
    await at.keyboard.press('End')
    await at.keyboard.press('ArrowUp')
    await tree.getByText('Show 50 more of 150').click()
    await soon(() => tree.getByText('Show 50 more of 150').count()).toBe(0)
    await at.keyboard.press('End')
    await at.keyboard.press('ArrowUp')
    await soon(() => tree.innerText()).toContain('149')
    await follow(at, '#/files?file=deep.json')
    await soon(() => at.getByRole('tree', { name: 'JSON of deep.json' }).getByRole('treeitem').count()).toBe(
      2,
    )
    await follow(at, '#/files?file=adapter.safetensors')
    await soon(() => at.locator('.header-words').innerText()).toBe(
      '8 tensors · 433 parameters · 1.64 kB · F32 1.54 kB, F16 96 bytes, I64 8 bytes, BOOL 0 bytes',
    )
    await soon(() => at.getByRole('row', { name: /layers\.0\.attn\.q\.weight/ }).innerText()).toMatch(
      /F32\s+8 × 16/,
    )
    await follow(at, '#/files?file=checkpoint.pt')
    await at.getByText(/nothing of a file is run here/).waitFor()
    await follow(at, '#/files?file=blob.bin')
    await soon(() => at.locator('.hex .code-line').first().innerText()).toMatch(/^00000000\s+00 01 02 03/)
    await follow(at, '#/files?file=empty.txt')
    await at.getByRole('heading', { name: 'Empty file' }).waitFor()
    await follow(at, '#/files?file=cut.parquet')
    await at
      .getByRole('alert')
      .getByText(/^Shown as bytes: .*cut off/)
      .waitFor()
    expectClean()
    await close()
  })

  test('sha256 comes on demand, is that of the file, and the file is saved under its name', async () => {
    const { page: at, expectClean, close } = await page('#/files?file=data/rows.csv')
    await at.getByRole('button', { name: 'compute' }).click()
    const expected = createHash('sha256')
      .update(readFileSync(saved('data/rows.csv')))
      .digest('hex')
    await soon(() => at.locator('[data-sha256]').getAttribute('data-sha256')).toBe(expected)
    const download = at.waitForEvent('download')
    await at.getByRole('button', { name: 'Download' }).click()
    const file = await download
    expect(file.suggestedFilename()).toBe('rows.csv')
    expect(readFileSync((await file.path()) ?? '')).toEqual(readFileSync(saved('data/rows.csv')))
    expectClean()
    await close()
  })

  test('names, pages, pictures and texts that mean harm run nothing and ask for nothing', async () => {
    const { page: at, requests, expectClean, close } = await page('#/files')
    const tree = at.getByRole('tree', { name: 'Files' })
    await tree.getByText('a⟨RLO⟩gpj.txt').waitFor()
    for (const name of ['evil.html', 'evil.svg', 'evil.md', 'evil.svg&as=text']) {
      await follow(at, `#/files?file=${name}`)
      await at
        .locator('.page-frame, .media-sheet img, .page-sheet .markdown, .code-line mark, .code-line code')
        .first()
        .waitFor()
    }
    await follow(at, '#/files?file=evil.html')
    const frame = at.frameLocator('.page-frame')
    await frame.getByRole('heading', { name: 'a saved page' }).waitFor()
    expect(await frame.locator('#p').innerText()).toBe('')
    await at.getByText('Shown without its scripts').waitFor()
    expect(await at.evaluate(() => Reflect.get(window, 'ran'))).toBeUndefined()
    expect(requests.filter((url) => url.includes('evil.example'))).toEqual([])
    await follow(at, '#/files?file=wide.md')
    await at.getByRole('heading', { name: 'Größe' }).waitFor()
    // what a name or a link leads to is a name: nothing else
    await follow(at, `#/files?file=${encodeURIComponent('../../../etc/passwd')}`)
    await at.getByRole('heading', { name: 'No such file' }).waitFor()
    await follow(at, '#/files?file=trojan.py')
    await soon(() => at.locator('.code-line code').first().innerText()).toContain('⟨RLO⟩')
    // the guard's own reading of the page says what it may not run
    expectClean(/inline event handler/)
    await close()
  })

  test('Back leads to the file before', async () => {
    const { page: at, expectClean, close } = await page('#/files')
    const head = at.locator('.file-head h2')
    await at.getByRole('treeitem', { name: /^config\.json/ }).click()
    await soon(() => head.innerText()).toBe('config.json')
    await at.getByRole('treeitem', { name: /^empty\.txt/ }).click()
    await soon(() => head.innerText()).toBe('empty.txt')
    await at.goBack()
    await soon(() => head.innerText()).toBe('config.json')
    expectClean()
    await close()
  })

  test('every view is accessible, in both themes', async () => {
    const { page: at, close } = await page('#/files')
    await expectAccessible(at, 'the list')
    for (const hash of [
      'data/rows.csv',
      'logs/train.log&q=needle',
      'train.py',
      'config.json',
      'adapter.safetensors',
      'optuna.db&as=header',
      'blob.bin',
      'evil.md',
    ]) {
      await follow(at, `#/files?file=${hash}`)
      await ready(at)
      await expectAccessible(at, hash, '.file-preview')
    }
    await close()
  })

  test('on a phone the list leads to a file as a page, and back', async () => {
    const { page: at, close } = await page('#/files', PHONE)
    const tree = at.getByRole('tree', { name: 'Files' })
    await tree.getByRole('treeitem', { name: /^config\.json/ }).tap()
    await at.getByRole('tree', { name: 'JSON of config.json' }).waitFor()
    expect(await tree.count()).toBe(0)
    await expectAccessible(at, 'a file on a phone', '.file-preview')
    for (const hash of ['data/rows.csv', 'logs/train.log&q=needle', 'adapter.safetensors']) {
      await follow(at, `#/files?file=${hash}`)
      expect(await at.evaluate(() => document.documentElement.scrollWidth <= innerWidth), hash).toBe(true)
    }
    await at.getByRole('button', { name: 'Back to the list' }).tap()
    await tree.waitFor()
    await expectAccessible(at, 'the list on a phone', '.file-list')
    await close()
  })
})

test('a file that was given alone says that what was saved is not known', async () => {
  const opened = await openPage(browser, site.url)
  await dropPaths(opened.page, [DEMO_FILE])
  await ready(opened.page)
  await follow(opened.page, '#/files')
  await opened.page.getByRole('heading', { name: 'No saved files' }).waitFor()
  await opened.page
    .locator('.blank')
    .getByText(/^What was saved is not known/)
    .waitFor()
  opened.expectClean()
  await opened.close()
})

async function expectListed(at: Page, files: readonly [path: string, size: number][]): Promise<void> {
  const tree = at.getByRole('tree', { name: 'Files' })
  for (const [path, size] of files) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    await soon(() => tree.getByRole('treeitem', { name }).innerText()).toContain(`${size} bytes`)
    await follow(at, `#/files?file=${encodeURIComponent(path)}`)
    await soon(() => at.locator('.code-line code').first().innerText()).not.toBe('')
    await soon(() => at.locator('.file-what').innerText()).toContain(`${size} bytes, text, UTF-8`)
  }
}

async function open(hash: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const opened = await openPage(browser, `${site.url}${hash}`, options)
  await dropPaths(opened.page, [join(folder, 'trackio')])
  await opened.page
    .getByRole('tree', { name: 'Files' })
    .or(opened.page.locator('.file-preview'))
    .first()
    .waitFor()
  await ready(opened.page)
  return opened
}

function saved(name: string): string {
  return join(folder, 'trackio', 'media', DEMO, 'files', name)
}

const HTML = `<h1>a saved page</h1><p id="p"></p><img src="https://evil.example/a.png" onerror="top.ran = 1">
  <iframe src="https://evil.example/"></iframe><script>top.ran = 1; document.getElementById('p').textContent = 'it ran'</script>`
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" onload="top.ran = 1">
  <script>top.ran = 1</script><image href="https://evil.example/b.png"/><rect width="20" height="20" fill="red"/></svg>`
const MARKDOWN = `# text <script>top.ran = 1</script> <img src=x onerror="top.ran = 1">
  ![a](https://evil.example/c.png) [b](javascript:top.ran=1)`

/** trackio's folder with a project, and what a script has saved beside it. */
async function writeProject(): Promise<void> {
  const put = (name: string, bytes: string | Uint8Array): void => {
    mkdirSync(dirname(saved(name)), { recursive: true })
    writeFileSync(saved(name), bytes)
  }
  put(
    'data/rows.csv',
    `n,word\n${Array.from({ length: 3000 }, (_, i) => `${i},"word ${i}, quoted"`).join('\n')}\n`,
  )
  copyFileSync(DEMO_FILE, join(folder, 'trackio', `${DEMO}.db`))
  const log = Array.from(
    { length: LINES },
    (_, i) =>
      `10:41:02,${i % 1000} INFO step ${i} loss 0.1234 ${'é'.repeat(i % 7)}${i % 1000 === 0 ? ' needle' : ''}`,
  )
  put('logs/train.log', `${log.join('\n')}\n`)
  put('lines.jsonl', '{"a": 1}\nno json\n{"a": 2}\n')
  put(
    'config.json',
    `{"big": 12345678901234567890, "items": [${Array.from({ length: 150 }, (_, i) => i)}], "on": true}`,
  )
  put('deep.json', `${'['.repeat(50_000)}${']'.repeat(50_000)}`)
  put(
    'train.py',
    'import torch\n\n\ndef loss(x: int) -> float:\n    """Says."""\n    return x * 1e-3  # small\n',
  )
  put('trojan.py', 'x = "\u202e\u2066# admin\u2069"\n')
  put(
    'blob.bin',
    Uint8Array.from({ length: 100_000 }, (_, i) => i % 256),
  )
  put('empty.txt', '')
  put('a\u202egpj.txt', 'x')
  put('evil.html', HTML)
  put('evil.svg', SVG)
  put('evil.md', MARKDOWN)
  put('wide.md', Buffer.from('\ufeff# Größe', 'utf16le'))
  put(
    'plot.png',
    png(
      Array.from({ length: 8 * 8 * 3 }, (_, i) => i),
      8,
      8,
    ),
  )
  put(
    'cut.parquet',
    readFileSync(join(FIXTURES, 'static-0.43.0/data/bucket/metrics.parquet')).subarray(0, 20_000),
  )
  for (const name of ['adapter.safetensors', 'floats.npy', 'checkpoint.pt', 'tiny.gguf'])
    copyFileSync(join(MADE, name), saved(name))
  const { db, file, close } = await memoryDatabase()
  db.exec(`CREATE TABLE trials (id INTEGER PRIMARY KEY, value REAL);
    WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c WHERE x < 40) INSERT INTO trials SELECT x, x / 7.0 FROM c;
    CREATE TABLE params (name TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO params VALUES ('lr', 0.1), ('wd', 0.01)`)
  put('optuna.db', file())
  close()
}
