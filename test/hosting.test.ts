import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SPACE_CARD } from '../build/space-card.ts'
import { listingTree } from '../src/storage/http/listing.ts'
import { serve } from './browser/server.ts'

// what README.md, docs and the card of the built folder promise

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const hosting = readFileSync(join(root, 'docs', 'hosting.md'), 'utf8')
const { license, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

describe('the card that the build writes makes its folder a static Space', () => {
  const front = frontMatter(SPACE_CARD)
  const built = existsSync(join(root, 'dist')) && process.env.TRACKIO_BUILD !== 'failed'

  test('its front matter is the first thing in it, and every line of that is understood', () => {
    expect(SPACE_CARD.startsWith('---\n')).toBe(true)
    expect(Object.keys(front)).toEqual([
      'title',
      'emoji',
      'colorFrom',
      'colorTo',
      'sdk',
      'app_file',
      'pinned',
      'license',
      'short_description',
      'tags',
      'hf_oauth',
      'hf_oauth_scopes',
    ])
  })
  test('it says what the Hub accepts', () => {
    // huggingface.co/docs/hub/spaces-config-reference
    expect(front).toMatchObject({ title: 'Trackio Lite', sdk: 'static', pinned: 'false', hf_oauth: 'true' })
    expect(front.emoji).toMatch(/^\p{Emoji_Presentation}$/u)
    for (const color of [front.colorFrom, front.colorTo])
      expect(['red', 'yellow', 'green', 'blue', 'indigo', 'purple', 'pink', 'gray']).toContain(color)
    expect(String(front.short_description).length).toBeLessThanOrEqual(60)
    expect(front.license).toBe(license.toLowerCase())
  })
  test('it is found as trackio’s dashboards are', () => {
    expect(front.tags).toContain('trackio') // trackio list spaces asks the Hub for this tag
  })
  test('sign-in asks for reading, and for what publishing needs', () => {
    expect(front.hf_oauth_scopes).toEqual(['read-repos', 'gated-repos', 'contribute-repos'])
  })
  test.skipIf(!built)('it stands beside the page that it names', () => {
    expect(readFileSync(join(root, 'dist', 'README.md'), 'utf8')).toBe(SPACE_CARD)
    expect(existsSync(join(root, 'dist', String(front.app_file)))).toBe(true)
  })
  test('what is pushed is what docs/hosting.md says: the built folder, to the root of the Space', () => {
    const pushed = [...hosting.matchAll(/^hf upload \S+ (\S+) (\S+) --repo-type space$/gm)].map(
      ([, from, to]) => [from, to],
    )
    expect(pushed).toEqual([['dist', '.']])
  })
  test('people who read about the project see none of it', () => {
    expect(readme.startsWith('# Trackio Lite\n')).toBe(true)
  })
})

describe('docs', () => {
  const folder = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
  const papers = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...folder.map((name) => `docs/${name}`)]

  test.each(papers)('links and pictures of %s lead to files and headings that are there', (path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const missing = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(
      ([link, file = '', heading]) => {
        const target = file === '' ? path : join(dirname(path), file)
        if (!existsSync(join(root, target))) return [link]
        return heading === undefined || headings(readFileSync(join(root, target), 'utf8')).includes(heading)
          ? []
          : [link]
      },
    )
    expect(missing).toEqual([])
  })
  test.each(papers)('%s is wrapped at 110 columns, but for tables, code and pictures', (path) => {
    const text = readFileSync(join(root, path), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
    expect(text.split('\n').filter((line) => line.length > 110 && !/^(\||!\[)/.test(line))).toEqual([])
  })
  test('README.md is short, and leads to every other paper', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(130)
    expect(papers.filter((path) => path !== 'README.md' && !readme.includes(`](${path}`))).toEqual([])
  })
  test('the command is called what it is called', () => {
    const bin = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin
    expect(Object.keys(bin)).toEqual(['trackio-lite'])
    expect(hosting).toContain(`npx ${Object.keys(bin)[0]}`)
    const said = spawnSync(process.execPath, [join(root, String(Object.values(bin)[0])), '--version'], {
      encoding: 'utf8',
    })
    expect(said.stdout.trim()).toBe(version)
  })
})

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0)

describe.skipIf(!python)('the script of docs/hosting.md that lists a folder', () => {
  let folder: string
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'trackio-lite-listed-')))
    cpSync(join(root, 'test', 'fixtures', 'wal-0.43.0', 'data'), join(folder, 'runs'), { recursive: true })
    for (const path of ['media/p/run/0/a b.png', 'inbox/w/0.jsonl', 'notes.txt']) {
      mkdirSync(dirname(join(folder, 'runs', path)), { recursive: true })
      writeFileSync(join(folder, 'runs', path), path)
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('makes a folder of any web host one that opens with ?folder=', async () => {
    const script = /```python\n([^`]+)```/.exec(hosting)?.[1] ?? ''
    writeFileSync(join(folder, 'list.py'), script)
    const ran = spawnSync(String(python), ['list.py', 'runs'], { cwd: folder, encoding: 'utf8' })
    expect([ran.status, ran.stderr]).toEqual([0, ''])
    const host = await serve(folder)
    const tree = listingTree(`${host.url}runs/`)
    const list = await tree.list()
    expect(list.map(({ path }) => path)).toEqual([
      'inbox/w/0.jsonl',
      'media/p/run/0/a b.png',
      'walproject.db',
      'walproject.db-wal',
    ])
    expect(tree.name()).toBe('runs')
    const db = await tree.bytes('walproject.db')
    expect(new TextDecoder().decode(await db.load(0, 15))).toBe('SQLite format 3')
    expect(await (await tree.blob('media/p/run/0/a b.png')).text()).toBe('media/p/run/0/a b.png')
    await host.close()
  })
})

/**
 * `key: value` and lists of `- item`: all that stands there. Throws at anything else, which another reader
 * might take otherwise.
 */
function frontMatter(text: string): Record<string, string | string[]> {
  const lines = /^---\n([\s\S]*?)\n---\n/.exec(text)?.[1]?.split('\n') ?? []
  const found: Record<string, string | string[]> = {}
  let list: string[] | undefined
  for (const line of lines) {
    const [, key, value] = /^(\w+):(?: ([^:#'"[\]{}]+))?$/.exec(line) ?? []
    const item = /^ {2}- ([\w-]+)$/.exec(line)?.[1]
    if (key !== undefined && value !== undefined) found[key] = value
    else if (key !== undefined) {
      list = []
      found[key] = list
    } else if (item !== undefined && list) list.push(item)
    else throw new Error(`the Space's card: a line of the front matter that says nothing: ${line}`)
  }
  return found
}

/** Names by which links find the headings of a paper. */
function headings(text: string): string[] {
  const names = text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)
  return [...names].map(([, name = '']) =>
    name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test('docs/security.md shows the policy that the page has, and names tests that are there', () => {
  const security = readFileSync(join(root, 'docs', 'security.md'), 'utf8')
  const policy =
    /content="(default-src[^"]+)"/.exec(readFileSync(join(root, 'index.html'), 'utf8'))?.[1] ?? 'none'
  expect(security).toContain(`\n${policy}\n`)
  const named = [...security.matchAll(/`(test\/\S+?\.test\.ts)`/g)].map((match) => match[1] ?? '')
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
