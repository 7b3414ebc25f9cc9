import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin, type Rolldown } from 'vite'
import solid from 'vite-plugin-solid'
import { afterBuild } from './after-build.ts'
import { slimPackages } from './slim-packages.ts'

/** Where a page that is downloaded gets its data (src/engine/exports/html.ts). */
const MARK = '<!-- data -->'

/**
 * Writes `single.html`: the whole app in one file, which opens from disk without a server. A page from disk
 * has no origin, so nothing in it is a module or a file beside it: the app is one classic script, the engine
 * the text of another (src/entries/single.tsx starts it), and SQLite's wasm stands in that as base64.
 */
export function singleFile(): Plugin {
  return afterBuild('single-file', async (root, folder) => {
    const [engine, page] = [
      await bundled(root, 'src/entries/engine.worker.ts'),
      await bundled(root, 'src/entries/single.tsx'),
    ]
    const theme = readFileSync(join(root, 'public/theme.js'), 'utf8')
    writeFileSync(
      join(folder, 'single.html'),
      pageOf(readFileSync(join(root, 'index.html'), 'utf8'), { engine, page, theme }),
    )
  })
}

interface Bundle {
  code: string
  css: string
}

/**
 * An entry with all that it ever loads as one script that needs no module. Workers and files that it would
 * start or fetch from beside it stay out.
 */
async function bundled(root: string, entry: string): Promise<Bundle> {
  const made = await build({
    configFile: false,
    root,
    base: './',
    publicDir: false,
    logLevel: 'error',
    plugins: [slimPackages(), solid()],
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: () => true,
      rolldownOptions: {
        input: join(root, entry),
        // an address that other ones can be taken relative to, though nothing is there
        transform: { define: { 'import.meta.url': '"data:,"' } },
        checks: { emptyImportMeta: false },
        output: { format: 'iife', codeSplitting: false },
      },
    },
  })
  const outputs = (Array.isArray(made) ? made : [made]).flatMap((one) =>
    'output' in one ? [...one.output] : [],
  )
  const isChunk = (one: Rolldown.OutputChunk | Rolldown.OutputAsset): one is Rolldown.OutputChunk =>
    one.type === 'chunk'
  const chunks = outputs.filter(isChunk)
  const [only] = chunks
  if (!only || chunks.length > 1) throw new Error(`${entry}: ${chunks.length} scripts instead of one`)
  const css = outputs.flatMap((one) =>
    one.type === 'asset' && one.fileName.endsWith('.css') ? [String(one.source)] : [],
  )
  return { code: only.code, css: css.join('\n') }
}

/**
 * The page around them; its policy names the scripts by their hashes, so that nothing in the data is ever
 * run.
 */
function pageOf(
  index: string,
  { engine, page, theme }: { engine: Bundle; page: Bundle; theme: string },
): string {
  const scripts = [theme, page.code].map(inert)
  const hashes = scripts
    .map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
    .join(' ')
  const policy = [
    "default-src 'none'",
    `script-src ${hashes} blob: 'wasm-unsafe-eval'`,
    'worker-src blob:',
    'connect-src * data: blob:',
    'img-src data: blob:',
    'media-src blob:',
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  // the last one keeps a trackio server that serves this folder from putting a script of its own in
  const head = /<meta name="(?:viewport|color-scheme|theme-color|trackio-frontend)"[^>]*>/g
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<title>Trackio Lite</title>',
    ...(index.match(head) ?? []),
    `<script>${scripts[0]}</script>`,
    `<style>${page.css.replaceAll('</', '<\\/')}</style>`,
    '</head>',
    '<body>',
    '<div id="app"></div>',
    '<noscript>Trackio Lite reads the data inside this file, so it needs JavaScript.</noscript>',
    `<script type="text/plain" id="engine">${inert(engine.code)}</script>`,
    MARK,
    `<script>${scripts[1]}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/**
 * Within strings and comments, where alone they may stand, these mean the same; as they are they would end
 * the script, or hide its end.
 */
function inert(code: string): string {
  return code.replaceAll(/<(?=\/script|!--)/gi, '\\x3C')
}
