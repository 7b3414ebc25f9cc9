import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin, type Rollup } from 'vite'
import { slimSqlite } from './slim-sqlite.ts'

/*
 * The tracking API as files for other people's pages, beside the page: `trackio.js` (the API, no dependencies), `trackio-writer.js` (its worker with SQLite, as text,
 * fetched when the first run begins), `trackio-reader.js` (the dashboard's engine as text, fetched by `Api`) and `trackio-here.js` (the same for pages that may have no worker, hardly ever fetched). Their types go to `types/`, which is of the package alone. Beside them stand the examples that use them.
 *
 * | the worker | works with | left because |
 * |---|---|---|
 * | text in a module, started from a Blob | a script tag, other origins, frames without an origin, Vite, esbuild, webpack: all take a dynamic import | |
 * | a file named by `new URL(…, import.meta.url)` | Vite, webpack | esbuild leaves it where it is; Vite's dependency cache loses it; another origin's worker is refused |
 *
 * SQLite's wasm is in it as text too, packed: 545 kB instead of 408 kB, and no second address that a bundler could lose.
 */

/** Builds them into the folder of the page once that is built. */
export function trackingPackage(): Plugin {
  let root = ''
  let folder = ''
  return {
    name: 'tracking-package',
    apply: 'build',
    configResolved(config) {
      root = config.root
      folder = resolve(config.root, config.build.outDir)
    },
    closeBundle: { order: 'post', sequential: true, handler: () => buildTracking(root, folder, join(root, 'types')) },
  }
}

/** `root`: of the project; `folder` and `types`: where the files go. */
export async function buildTracking(root: string, folder: string, types: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const wasm = readFileSync(join(root, 'node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm'))
  const worker = await bundle(root, 'src/writer.worker.ts', 'iife')
  const packed = [
    `export const code = ${JSON.stringify(worker)}`,
    `export const wasm = ${JSON.stringify(gzipSync(wasm, { level: 9 }).toString('base64'))}`,
  ]
  writeFileSync(join(folder, 'trackio-writer.js'), `${packed.join('\n')}\n`)
  const reader = await bundle(root, 'src/reader.worker.ts', 'iife')
  writeFileSync(join(folder, 'trackio-reader.js'), `export const code = ${JSON.stringify(reader)}\n`)
  writeFileSync(join(folder, 'trackio-here.js'), await bundle(root, 'src/writer-here.ts', 'es'))
  writeFileSync(join(folder, 'trackio.js'), await bundle(root, 'src/trackio.ts', 'es'))
  writeTypes(root, types)
  // they load what lies beside the page
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
}

async function bundle(root: string, input: string, format: 'iife' | 'es'): Promise<string> {
  const made = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    plugins: [startFromText(root), slimSqlite()],
    // SQLite works out where its wasm would be; it is never fetched from there
    define: input === 'src/trackio.ts' ? {} : { 'import.meta.url': '"file:///"' },
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      rollupOptions: {
        input: join(root, input),
        external: /^\.\/trackio-(writer|reader|here)\.js$/,
        output: { format, codeSplitting: false },
        preserveEntrySignatures: 'strict',
      },
    },
  })
  const output = (Array.isArray(made) ? made : [made as Rollup.RollupOutput]).flatMap(({ output }) => output)
  const chunks = output.filter((one) => one.type === 'chunk')
  if (chunks.length !== 1 || !chunks[0])
    throw new Error(`${input}: expected one file, got ${chunks.map(({ fileName }) => fileName).join(', ')}`)
  return chunks[0].code
}

/** In a package the worker is started from text: another file stands in for src/writer-start.ts. */
function startFromText(root: string): Plugin {
  return {
    name: 'start-from-text',
    enforce: 'pre',
    resolveId: (id) => (id.endsWith('/writer-start.ts') ? join(root, 'build/tracking-start.ts') : undefined),
  }
}

function writeTypes(root: string, folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'types-'))
  const flags = ['--declaration', '--emitDeclarationOnly', '--skipLibCheck', '--strict', '--allowImportingTsExtensions', '--ignoreConfig']
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
    ...['--types', '', '--rootDir', join(root, 'src'), '--outDir', work, join(root, 'src/trackio.ts')],
  ])
  rmSync(folder, { recursive: true, force: true })
  // only what the API's own types name
  const queue = ['trackio.d.ts']
  const done = new Set<string>()
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (done.has(path)) continue
    done.add(path)
    const text = readFileSync(join(work, path), 'utf8')
    for (const [, found = ''] of text.matchAll(/from '(\.[^']+)\.ts'/g)) queue.push(join(dirname(path), `${found}.d.ts`))
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text.replace(/from '(\.[^']+)\.ts'/g, "from '$1.js'"))
  }
  rmSync(work, { recursive: true, force: true })
}
