import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

/** Builds a page of the tests' own, from the folder of that name beside this file; gives the folder it fills. */
export async function buildPage(name: string, folder: string): Promise<string> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, name),
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2023', minify: false, modulePreload: false },
  })
  return folder
}

let tracking: Promise<string> | undefined

/** The folder of the page that logs. It is built once for all test files of this worker, which only serve it. */
export function trackingPage(): Promise<string> {
  tracking ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trackio-lite-tracking-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    return buildPage('tracking', folder)
  })()
  return tracking
}
