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
