import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Which room may import which: the table of the rooms. A new arrow is a change of this table, on purpose. */
const ARROWS: Record<string, string[]> = {
  model: [],
  compute: ['model'],
  storage: ['model'],
  bridge: ['model'],
  engine: ['model', 'compute', 'storage', 'bridge'],
  client: ['model', 'bridge'],
  state: ['model', 'compute', 'bridge'],
  ui: ['model', 'compute', 'state'],
  entries: ['model', 'compute', 'storage', 'bridge', 'engine', 'client', 'state', 'ui'], // wire the rooms together
  cli: ['model'], // the command: plain Node, which imports no TypeScript, but the names of data files
}
/**
 * Which folder of a room may import which: arrows inside, for the rooms of many files. A file that stands in
 * the room itself goes by its name.
 */
const INSIDE: Record<string, Record<string, string[]>> = {
  storage: {
    'bytes.ts': [],
    'tree.ts': ['bytes.ts'],
    'pause.ts': [],
    address: [],
    files: ['bytes.ts', 'tree.ts'],
    opfs: ['bytes.ts', 'tree.ts', 'pause.ts', 'files'],
    http: ['bytes.ts', 'tree.ts', 'pause.ts', 'address'],
    hub: ['bytes.ts', 'tree.ts', 'pause.ts', 'address', 'http', 'opfs'],
  },
  engine: {
    columns: [],
    formats: ['columns'],
    tables: ['columns', 'formats'],
    projects: ['columns', 'formats', 'tables'],
    exports: ['columns', 'formats', 'tables', 'projects'],
    tracking: ['columns', 'formats'],
    files: ['columns', 'formats'],
    connectors: ['formats', 'exports', 'tracking'],
    publish: ['formats', 'tables', 'projects', 'exports', 'connectors'],
    sources: ['formats', 'projects', 'connectors'],
    questions: ['columns', 'formats', 'tables', 'projects', 'exports', 'connectors', 'files'],
    'api.ts': ['projects', 'exports', 'publish', 'sources', 'questions'],
  },
  client: {
    base: [],
    values: ['base'],
    artifacts: ['values'],
    run: ['base', 'values', 'artifacts'],
    'hub-programs.ts': [],
    'page-connection.ts': ['base', 'run', 'hub-programs.ts'],
    'api.ts': ['base', 'values', 'artifacts', 'run', 'page-connection.ts'],
    'callbacks.ts': ['run', 'api.ts'],
    'show.ts': ['base', 'page-connection.ts', 'api.ts'],
    'hub.ts': ['base', 'page-connection.ts', 'api.ts', 'show.ts'],
    reader: ['page-connection.ts'],
    'unsupported.ts': [],
  },
  state: {
    base: [],
    address: ['base'],
    data: ['base', 'address'],
    runs: ['base', 'address', 'data'],
    sources: ['base', 'address', 'data'],
    pages: ['base', 'address', 'data'],
    changes: ['base', 'address', 'data', 'runs', 'sources'],
    view: ['base', 'address', 'data', 'runs', 'sources'],
    'app.ts': ['base', 'address', 'data', 'runs', 'sources', 'pages', 'changes', 'view'],
    host: ['address', 'sources', 'app.ts'],
    'create-app.ts': [
      'base',
      'address',
      'data',
      'runs',
      'sources',
      'pages',
      'changes',
      'view',
      'app.ts',
      'host',
    ],
  },
  ui: {
    components: [],
    charts: ['components'],
    common: ['components'],
    sidebar: ['components', 'common'],
    pages: ['components', 'common', 'charts'],
    shell: ['components', 'common', 'charts', 'sidebar', 'pages'],
  },
}

/** Packages that have one home each. */
const HOMES: Record<string, { files: string[]; why: string }> = {
  '@sqlite.org/sqlite-wasm': {
    files: ['engine/formats/sqlite/sqlite.ts'],
    why: 'one file owns the SQLite package',
  },
  uplot: { files: ['ui/charts/line-chart.tsx'], why: 'one file mounts uPlot, so one file feeds it' },
}

/**
 * Packages that belong to a way of working, so to the rooms that work this way. Entries may import them too.
 */
const ROOMS_OF: Record<string, string[]> = {
  'solid-js': ['state', 'ui'],
  '@tanstack/solid-virtual': ['ui'],
  '@lezer/common': ['ui'],
  '@lezer/highlight': ['ui'],
  '@lezer/javascript': ['ui'],
  '@lezer/json': ['ui'],
  '@lezer/markdown': ['ui'],
  '@lezer/python': ['ui'],
  '@lezer/yaml': ['ui'],
  comlink: ['bridge'],
  '@huggingface/hub': ['storage', 'state'],
  '@huggingface/xetchunk-wasm': ['storage'],
  fflate: ['engine'],
  hyparquet: ['engine'],
  papaparse: ['engine'],
  'hyparquet-compressors': ['engine'],
  'hyparquet-writer': ['engine'],
  sirv: ['cli'],
  open: ['cli'],
}

/**
 * Hosts that may stand in a string of src: names and links for people, never fetched at start. The two of
 * githubusercontent.com are where the raw form of a GitHub page is, which a person has typed.
 */
const WORDS = [
  'www.w3.org',
  'huggingface.co',
  'github.com',
  'raw.githubusercontent.com',
  'gist.githubusercontent.com',
  '127.0.0.1',
  'localhost',
]

interface Import {
  /** As written: a path or a package. */
  name: string
  line: number
  typeOnly: boolean
}

interface Source {
  path: string
  imports: Import[]
  jsx: number | undefined
  defaultExport: number | undefined
  /** Text with comments blanked out, line by line. */
  code: string
}

const sources = files(join(root, 'src'))
  .filter((path) => /\.(tsx?|mjs)$/.test(path))
  .map((path) => readSource(path))

describe('rooms', () => {
  test('every folder of src is a room', () => {
    const unknown = files(join(root, 'src')).filter((path) =>
      path.includes('/') ? !(roomOf(path) in ARROWS) : path !== 'cli.mjs' && !path.endsWith('.md'),
    )
    expect(unknown, `rooms: ${Object.keys(ARROWS).join(', ')}`).toEqual([])
  })

  test('imports follow the arrows', () => {
    const wrong = eachImport((source, target) => {
      if (target.path === undefined || target.path === '../package.json') return undefined // the version has its home there
      const [from, to] = [roomOf(source.path), roomOf(target.path)]
      if (from === to || ARROWS[from]?.includes(to)) return undefined
      const may = ARROWS[from]?.join(', ') || 'nothing'
      return to === 'entries' ? 'nobody imports an entry' : `${from} may import ${may}, not ${to}`
    })
    expect(wrong).toEqual([])
  })

  test('imports inside a room follow the arrows of its folders', () => {
    const wrong = eachImport((source, target) => {
      const room = roomOf(source.path)
      const arrows = INSIDE[room]
      if (
        !arrows ||
        target.path === undefined ||
        roomOf(target.path) !== room ||
        target.path.endsWith('.css')
      )
        return undefined
      const [from, to] = [folderOf(source.path), folderOf(target.path)]
      if (!(from in arrows)) return `${from} has no arrows in ${room}`
      if (from === to || arrows[from]?.includes(to)) return undefined
      return `${room}/${from} may import ${arrows[from]?.join(', ') || 'nothing'}, not ${to}`
    })
    expect(wrong).toEqual([])
  })

  test('no files import each other in a circle, types included', () => {
    const imports = new Map(sources.map(({ path }) => [path, new Set<string>()]))
    eachImport((source, target) => {
      if (target.path !== undefined && imports.has(target.path)) imports.get(source.path)?.add(target.path)
      return undefined
    })
    expect(circles(imports)).toEqual([])
  })

  test('imports name files that exist, with their ending', () => {
    const wrong = eachImport((_, target) => {
      if (target.path === undefined) return undefined
      return existsSync(join(root, 'src', target.path))
        ? undefined
        : 'no such file (paths end in .ts, .tsx or .css)'
    })
    expect(wrong).toEqual([])
  })

  test('a package with a home is imported only there', () => {
    const wrong = eachImport((source, target, item) => {
      const home = HOMES[target.package ?? '']
      if (!home || home.files.includes(source.path)) return undefined
      // the types describe options, which are pure and tested without a chart
      if (target.package === 'uplot' && item.typeOnly && source.path.startsWith('ui/charts/'))
        return undefined
      // the look of uPlot may come with the other styles
      if (target.package === 'uplot' && target.name.endsWith('.css') && roomOf(source.path) === 'ui')
        return undefined
      return `only ${home.files.join(', ')} imports it: ${home.why}`
    })
    expect(wrong).toEqual([])
  })

  test('a package stays in the rooms it is for', () => {
    const wrong = eachImport((source, target) => {
      const rooms = ROOMS_OF[target.package ?? '']
      if (!rooms || roomOf(source.path) === 'entries' || rooms.includes(roomOf(source.path))) return undefined
      return `only ${rooms.join(' and ')} may`
    })
    expect(wrong).toEqual([])
  })

  test('packages are named in package.json', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const wrong = eachImport((source, target) => {
      if (target.package === undefined || target.package.startsWith('node:')) return undefined
      // the page is built with what it needs; the command runs as it is
      const built = roomOf(source.path) !== 'cli'
      if (Object.hasOwn(built ? { ...dependencies, ...devDependencies } : dependencies, target.package))
        return undefined
      return `${target.package} is not in ${built ? 'package.json' : 'dependencies'}`
    })
    expect(wrong).toEqual([])
  })

  test('only the command imports modules of Node', () => {
    const wrong = eachImport((source, target) => {
      if (!target.package?.startsWith('node:')) return undefined
      return roomOf(source.path) === 'cli' ? undefined : 'the page runs in browsers'
    })
    expect(wrong).toEqual([])
  })

  test('only the entries of workers import engine', () => {
    const wrong = eachImport((source, target) => {
      if (target.path === undefined || roomOf(target.path) !== 'engine') return undefined
      if (
        roomOf(source.path) === 'engine' ||
        /^entries\/(engine\.worker|writer-here|(writer|deliver|publish|reader)-end)\.ts$/.test(source.path)
      )
        return undefined
      return 'only the entries of the workers import engine'
    })
    expect(wrong).toEqual([])
  })

  test('ui/components take props only: no state', () => {
    const wrong = eachImport((source, target) => {
      if (!source.path.startsWith('ui/components/') || target.path === undefined) return undefined
      if (roomOf(target.path) === 'state') return 'components take props'
      return /^ui\/(pages|charts)\//.test(target.path) ? 'components know no page and no chart' : undefined
    })
    expect(wrong).toEqual([])
  })

  test('JSX is in ui and the pages’ entries only', () => {
    const wrong = sources.filter(
      ({ jsx, path }) => jsx !== undefined && roomOf(path) !== 'ui' && roomOf(path) !== 'entries',
    )
    expect(wrong.map(({ path, jsx }) => `src/${path}:${jsx}`)).toEqual([])
  })

  test('exports have names', () => {
    expect(
      sources
        .filter((source) => source.defaultExport !== undefined)
        .map((source) => `src/${source.path}:${source.defaultExport}`),
    ).toEqual([])
  })

  test('files of src are in kebab-case', () => {
    const odd = files(join(root, 'src')).filter(
      (path) => !/^([a-z0-9]+([-.][a-z0-9]+)*|README)(\/|\.\w+$|$)/.test(posix.basename(path)),
    )
    expect(odd).toEqual([])
  })
})

/** Files that can be reached from themselves, in sets: strongly connected components, by Tarjan (1972). */
function circles(imports: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const found: string[][] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.size - 1)
    stack.push(file)
    for (const next of imports.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0))
    }
    if (lowest.get(file) !== order.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return found
}

describe('what files may name', () => {
  test('code of src names no address but the few for people', () => {
    const wrong: string[] = []
    const texts = [
      ...sources.map(({ path, code }) => ({ path, text: code })),
      ...files(join(root, 'src'))
        .filter((path) => path.endsWith('.css'))
        .map((path) => ({ path, text: readFileSync(join(root, 'src', path), 'utf8') })),
    ]
    for (const { path, text } of texts) {
      for (const match of text.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)) {
        if (!WORDS.includes(match[1] ?? ''))
          wrong.push(`src/${path}:${lineOf(text, match.index)}: ${match[0]} (allowed: ${WORDS.join(', ')})`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('no file names a place of one machine', () => {
    // written in pieces, so that this file does not find itself
    const places = ['work', 'root', 'home/[a-z]', 'Users/[A-Za-z]', 'tmp/[a-z]'].map(
      (name) => `(?<![\\w.:/*-])/${name}${name.includes('/') ? '' : '/'}`,
    )
    const pattern = new RegExp(`${places.join('|')}|${['\\.\\.', 'shared'].join('/')}`)
    const wrong: string[] = []
    for (const path of projectFiles()) {
      const text = textOf(path)
      text?.split('\n').forEach((line, index) => {
        if (pattern.test(line)) wrong.push(`${path}:${index + 1}: ${line.trim().slice(0, 120)}`)
      })
    }
    expect(wrong).toEqual([])
  })
})

interface Target {
  name: string
  /** Path below src, for our own files. */
  path?: string
  package?: string
}

/** Runs a check over all imports and gives the findings as `src/file.ts:line: imports 'x': why`. */
function eachImport(check: (source: Source, target: Target, item: Import) => string | undefined): string[] {
  const findings: string[] = []
  for (const source of sources) {
    for (const item of source.imports) {
      const why = check(source, targetOf(source, item.name), item)
      if (why) findings.push(`src/${source.path}:${item.line}: imports '${item.name}': ${why}`)
    }
  }
  return findings
}

function targetOf(source: Source, written: string): Target {
  const name = written.replace(/\?.*$/, '') // vite's ?url, ?worker, ?raw
  if (name.startsWith('.'))
    return { name, path: posix.normalize(posix.join(posix.dirname(source.path), name)) }
  return { name, package: name.split('/', name.startsWith('@') ? 2 : 1).join('/') }
}

function roomOf(path: string): string {
  // the command starts in the one file that stands outside of its room
  return path === 'cli.mjs' ? 'cli' : (path.split('/')[0] ?? '')
}

/** What stands below the room: a folder, or the file's own name. */
function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, 'src', path), 'utf8')
  const parsed = parseSync(path, text)
  if (parsed.errors.length > 0) throw new Error(`src/${path}: ${parsed.errors[0]?.message}`)
  const source: Source = {
    path,
    imports: [],
    jsx: undefined,
    defaultExport: undefined,
    code: blank(text, parsed.comments),
  }
  walk(parsed.program, (node, parent) => {
    const line = lineOf(text, node.start)
    if (node.type.startsWith('JSX')) source.jsx ??= line
    if (node.type === 'ExportDefaultDeclaration') source.defaultExport ??= line
    const name = importedBy(node)
    // a worker is started by its address, never imported
    const worker = node.type === 'NewExpression' && parent?.type === 'NewExpression'
    if (name !== undefined && !worker)
      source.imports.push({
        name,
        line,
        typeOnly: node.importKind === 'type' || node.type === 'TSImportType',
      })
  })
  return source
}

interface Node {
  type: string
  start: number
  importKind?: unknown
  source?: unknown
}

/** What an import, a re-export, `import()`, `import('x').Type` or `new URL('./x', import.meta.url)` names. */
function importedBy(node: Node): string | undefined {
  if (/^(Import(Declaration|Expression)|Export(All|Named)Declaration|TSImportType)$/.test(node.type))
    return literal(node.source)
  if (node.type !== 'NewExpression' || !('callee' in node) || !('arguments' in node)) return undefined
  const url = isNode(node.callee) && 'name' in node.callee && node.callee.name === 'URL'
  const first = literal(Array.isArray(node.arguments) ? node.arguments[0] : undefined)
  const here =
    Array.isArray(node.arguments) &&
    isNode(node.arguments[1]) &&
    node.arguments[1].type === 'MemberExpression'
  return url && here && first?.startsWith('.') ? first : undefined
}

function literal(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string'
    ? value.value
    : undefined
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, node)
  }
}

/** Comments may cite: a formula's source is an address. Newlines stay, so lines keep their numbers. */
function blank(text: string, comments: { start: number; end: number }[]): string {
  let code = text
  for (const { start, end } of comments)
    code = code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, ' ') + code.slice(end)
  return code
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function files(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(below, entry.name)
    return entry.isDirectory() ? files(folder, path) : [path]
  })
}

/** Files git knows or would add; without git, everything but what is made. */
function projectFiles(): string[] {
  try {
    const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    if (list) return list.split('\0').filter((path) => path && existsSync(join(root, path)))
  } catch {
    // a downloaded archive has no git folder
  }
  return readdirSync(root)
    .filter((name) => !['node_modules', 'dist', '.git', '.cache'].includes(name))
    .flatMap((name) => (statSync(join(root, name)).isDirectory() ? files(root, name) : [name]))
}

/** Undefined for what is not text: a zero byte in the first 8 kB. */
function textOf(path: string): string | undefined {
  const bytes = readFileSync(join(root, path))
  return bytes.subarray(0, 8192).includes(0) ? undefined : bytes.toString('utf8')
}
