import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

import { filesList } from './build/files-list.ts'
import { neededAtOnce } from './build/first-load.ts'
import { licences } from './build/licences.ts'
import { singleFile } from './build/single-file.ts'
import { slimPackages } from './build/slim-packages.ts'
import { slimSqlite } from './build/slim-sqlite.ts'
import { spaceCard } from './build/space-card.ts'

import { trackingPackage } from './build/tracking.ts'
import { LongestFirst } from './test/tools/longest-first.ts'

const root = import.meta.dirname

/** What the entry needs at once is one chunk; what it may need later is cut as the bundler sees fit. */
function oneChunk(name: string, entry: string) {
  const test = neededAtOnce(join(root, 'src/entries', entry))
  return { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name, test }] } }
}

// how long each step of a build took is nothing for people who wait for a page
const QUIET = { bundlerTimings: false }

/** Tests that take some seconds a file: other programs, whole servers, thousands of files. */
const LONG = [
  'test/cli/attacks.test.ts',
  'test/cli/pack.test.ts',
  'test/client/{python,space}.test.ts',
  'test/engine/{freed,live,server,server-rows}.test.ts',
  'test/engine/exports/parquet.test.ts',
  'test/engine/publish/*.test.ts',
  'test/engine/sources/{open-sources,unfetched-code,whole}.test.ts',
  'test/engine/tracking/{crash,local-store}.test.ts',
  'test/fuzz/*.test.ts',
  'test/hub/python.test.ts',
  'test/python/*.test.ts',
  'test/storage/fast-folder.test.ts',
  'test/storage/faults/*.test.ts',
]

// whoever waits for a page does not read them
const withoutComments = {
  name: 'without-comments',
  transformIndexHtml: (html: string) => html.replace(/\s*<!--[\s\S]*?-->/g, ''),
}

export default defineConfig({
  base: './', // the built site works from any sub-path
  // the list names what the ones before it wrote
  plugins: [
    slimPackages(),
    solid(),
    withoutComments,
    spaceCard(),
    trackingPackage(),
    singleFile(),
    licences(),
    filesList(),
  ],
  worker: {
    format: 'es',
    plugins: () => [slimPackages(), slimSqlite()],
    rolldownOptions: {
      checks: QUIET,
      output: oneChunk('engine', 'engine.worker.ts'),
    },
  },
  optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'] },
  // no preloading: the few chunks fetched later depend on nothing but what is there
  build: {
    target: 'es2023',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    modulePreload: false,
    rolldownOptions: {
      checks: QUIET,
      output: oneChunk('page', 'page.tsx'),
    },
  },
  test: {
    environment: 'node', // vite-plugin-solid would ask for jsdom; the DOM is tested in real Chromium (test/browser)
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', ...LONG],
          // what files import is read once for each process, not for each file
          isolate: false,
        },
      },
      // a process is kept for the next file only where that is of the same project: one project after the other
      { extends: true, test: { name: 'long', include: LONG, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // files that share a process share its browser: test/browser/harness.ts
          isolate: false,
          // of two thousand page opens on a busy machine one now and then comes too late: told by second-try.mjs
          retry: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    setupFiles: ['test/settled-imports.ts'],
    hookTimeout: 60_000,
    testTimeout: 60_000, // a slow machine with two files at a time takes three times as long as a good one
    // SQLite says so of each damaged file that the fuzz tests give it, and would bury what failed
    onConsoleLog: (text) =>
      text.startsWith('sqlite3_step()') && text.includes('SQLITE_CORRUPT') ? false : undefined,
    // a third one on two cores: browsers of other kinds, whose waits are their own, run out of time
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    env: { TZ: 'UTC' },
  },
})
