import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type InlineConfig, type Plugin, type Rollup } from 'vite'
import type { TrackingEnd } from '../src/bridge/tracking-start.ts'
import { afterBuild } from './after-build.ts'
import { PROGRAMS, type TrackingText } from './programs.ts'
import { slimSqlite } from './slim-sqlite.ts'

/*
 * The tracking API as files for other people's pages, beside the page: `trackio.js` (the API, no
 * dependencies) and the texts of its programs, which it puts together when they are needed (README.md). Their
 * types go to `types/`, which is of the package alone. Beside them stand the examples that use them.
 */

/** What is in which text, by the programs that need it: each has what those before it have not. */
const TEXTS: [name: Exclude<TrackingText, 'sqlite'>, of: TrackingEnd[]][] = [
  ['writer', ['writer']],
  ['hub', ['deliver']],
  ['reader', ['publish', 'reader']],
]
// SQLite works out where its wasm would be; it is never fetched from there
const NO_ADDRESS = { 'import.meta.url': '"file:///"' }
const SQLITE = '/@sqlite.org/sqlite-wasm/'

/** Builds them into the folder of the page once that is built. */
export function trackingPackage(): Plugin {
  return afterBuild('tracking-package', (root, folder) => buildTracking(root, folder, join(root, 'types')))
}

/** `root`: of the project; `folder` and `types`: where the files go. */
export async function buildTracking(root: string, folder: string, types: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const wasm = readFileSync(join(root, 'node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm'))
  const chunks = await chunksOf(root)
  const sqlite = chunks.filter(({ moduleIds }) => moduleIds.some((id) => id.includes(SQLITE)))
  const holds = new Map<TrackingText, Rollup.OutputChunk[]>([['sqlite', sqlite]])
  for (const [name, ends] of TEXTS) {
    const taken = [...holds.values()].flat()
    const own = ends
      .flatMap((end) => [...reached(chunks, `${end}-end.js`)])
      .filter((chunk) => !taken.includes(chunk))
    holds.set(name, own)
    writeFileSync(join(folder, `trackio-${name}.js`), `export const code = ${JSON.stringify(textOf(own))}\n`)
  }
  for (const [end, texts] of Object.entries(PROGRAMS)) {
    const there = new Set(texts.flatMap((name) => holds.get(name) ?? []))
    const missing = [...reached(chunks, `${end}-end.js`)].filter((chunk) => !there.has(chunk))
    if (missing.length > 0)
      throw new Error(`tracking: ${end} lacks ${missing.map(({ fileName }) => fileName).join(', ')}`)
  }
  const packed = { code: textOf(sqlite), wasm }
  const lines = Object.entries(packed).map(
    ([name, bytes]) =>
      `export const ${name} = ${JSON.stringify(gzipSync(bytes, { level: 9 }).toString('base64'))}\n`,
  )
  writeFileSync(join(folder, 'trackio-sqlite.js'), lines.join(''))
  const here = { plugins: [slimSqlite()], define: NO_ADDRESS }
  writeFileSync(join(folder, 'trackio-here.js'), await moduleOf(root, 'src/entries/writer-here.ts', here))
  writeFileSync(
    join(folder, 'trackio.js'),
    await moduleOf(root, 'src/entries/trackio.ts', { plugins: [startFromText(root)] }),
  )
  writeTypes(root, types)
  // they load what lies beside the page
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
}

/** Modules as functions of a table that a program has (start-from-text.ts), in any order. */
function textOf(chunks: Iterable<Rollup.OutputChunk>): string {
  return [...new Set(chunks)]
    .map(
      ({ fileName, code }) =>
        `modules[${JSON.stringify(posix.basename(fileName))}] = (exports, require, module) => {${code.trimEnd()}\n}`,
    )
    .join('\n')
}

/** A chunk with all that it imports, now or later. */
function reached(chunks: Rollup.OutputChunk[], name: string): Set<Rollup.OutputChunk> {
  const found = new Set<Rollup.OutputChunk>()
  const queue = [name]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const path = next
    const chunk = chunks.find(({ fileName }) => fileName === path)
    if (!chunk) throw new Error(`tracking: no chunk ${next}`)
    if (found.has(chunk)) continue
    found.add(chunk)
    queue.push(...chunk.imports, ...chunk.dynamicImports)
  }
  return found
}

/**
 * All programs in one build, so that what several need is there once. CommonJS: of the forms with chunks the
 * one that a plain function can hold.
 */
async function chunksOf(root: string): Promise<Rollup.OutputChunk[]> {
  return built({
    root,
    plugins: [slimSqlite()],
    define: NO_ADDRESS,
    build: {
      rollupOptions: {
        input: Object.fromEntries(
          Object.keys(PROGRAMS).map((end) => [`${end}-end`, join(root, `src/entries/${end}-end.ts`)]),
        ),
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
}

/** An entry with all it needs as one module. */
async function moduleOf(root: string, entry: string, options: InlineConfig): Promise<string> {
  const [chunk, ...more] = await built({
    root,
    ...options,
    build: {
      rollupOptions: {
        input: join(root, entry),
        external: /^\.\/trackio-(sqlite|writer|hub|reader|here)\.js$/,
        output: { format: 'es', codeSplitting: false },
      },
    },
  })
  if (!chunk || more.length > 0) throw new Error(`${entry}: ${more.length + 1} files instead of one`)
  return chunk.code
}

async function built({ build: own, ...options }: InlineConfig): Promise<Rollup.OutputChunk[]> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ...options,
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      modulePreload: false,
      ...own,
      rollupOptions: { preserveEntrySignatures: 'strict', ...own?.rollupOptions },
    },
  })
  const output = (Array.isArray(made) ? made : [made as Rollup.RollupOutput]).flatMap(({ output }) => output)
  return output.filter((one) => one.type === 'chunk')
}

/**
 * In the package the programs are started from texts: another file stands in for src/entries/writer-start.ts.
 */
function startFromText(root: string): Plugin {
  return {
    name: 'start-from-text',
    enforce: 'pre',
    resolveId: (id) => (id.endsWith('/writer-start.ts') ? join(root, 'build/start-from-text.ts') : undefined),
  }
}

const FIRST = 'entries/trackio.d.ts'
/** A file that types name, by `from` or as `import('…').Type`. */
const NAMED = /((?:from |import\()['"])(\.[^'"]+)\.ts(?=['"])/g

/** Writes the types of the tracking package: of `src/entries/trackio.ts`, and what they name. */
export function writeTypes(root: string, folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'types-'))
  const flags = [
    '--declaration',
    '--emitDeclarationOnly',
    '--skipLibCheck',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--allowImportingTsExtensions',
    '--allowJs',
    '--ignoreConfig',
  ]
  const settings = [
    '--target',
    'ES2023',
    '--module',
    'ESNext',
    '--moduleResolution',
    'bundler',
    '--lib',
    'ES2023,DOM,DOM.Iterable,ESNext.Disposable',
  ]
  execFileSync(process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...flags,
    ...settings,
    ...[
      '--types',
      '',
      '--rootDir',
      join(root, 'src'),
      '--outDir',
      work,
      join(root, 'src/entries/trackio.ts'),
    ],
  ])
  rmSync(folder, { recursive: true, force: true })
  // only what the API's own types name
  const queue = [FIRST]
  const done = new Set<string>()
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (done.has(path)) continue
    done.add(path)
    const text = readFileSync(join(work, path), 'utf8')
    for (const [, , found = ''] of text.matchAll(NAMED)) queue.push(join(dirname(path), `${found}.d.ts`))
    // the API's own types stand first, beside the folders of the rooms they name
    const isFirst = path === FIRST
    const to = join(folder, isFirst ? basename(path) : path)
    mkdirSync(dirname(to), { recursive: true })
    const named = (_: string, before: string, name: string): string =>
      `${before}${isFirst ? name.replace('..', '.') : name}.js`
    writeFileSync(to, text.replace(NAMED, named))
  }
  rmSync(work, { recursive: true, force: true })
}
