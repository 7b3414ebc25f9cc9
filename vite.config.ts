import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

import { filesList } from './build/files-list.ts'
import { fetchedTogether, neededAtOnce } from './build/first-load.ts'
import { singleFile } from './build/single-file.ts'
import { slimPackages } from './build/slim-packages.ts'
import { slimSqlite } from './build/slim-sqlite.ts'
import { spaceCard } from './build/space-card.ts'

import { trackingPackage } from './build/tracking.ts'

const root = import.meta.dirname

/** What the page fetches beyond the first chunk, whatever somebody does, and when. */
const PAGE_LATER = {
  // at its start
  soon: [
    ...['pointer.ts', 'chart-keys.ts', 'chart-states.tsx', 'chart-menu-items.tsx'].map(
      (name) => `ui/charts/${name}`,
    ),
    ...['ui/shell/shortcuts.ts', 'ui/shell/part-dialog.tsx', 'state/sources/reopening.ts'],
    ...['state/view/notice-words.ts', 'state/view/link-notices.ts', 'state/host/page-handle-reads.ts'],
    'state/pages/alerts.ts',
  ],
  // to be asked what to open
  open: ['ui/pages/open/open.tsx'],
  // once charts stand, so that it is there without a network
  after: [
    ...['source-menu', 'filter-assist', 'group-row', 'chart-settings-form'].map(
      (name) => `ui/sidebar/${name}.tsx`,
    ),
    ...['absent.tsx', 'none-shown.tsx', 'closing.tsx', 'reorder.ts'].map(
      (name) => `ui/pages/metrics/${name}`,
    ),
    ...['ui/common/besides.tsx', 'ui/common/notice-list.tsx', 'compute/filter-expression.ts'],
  ],
}
/** The same of the engine. */
const ENGINE_LATER = {
  soon: [
    ...['warm-up', 'probe', 'history'].map((name) => `engine/questions/${name}.ts`),
    'engine/formats/sqlite/index-count.ts',
  ],
  kept: [
    ...['engine/connectors/saved.ts', 'engine/connectors/tracked.ts'],
    'engine/questions/exports-and-saved.ts',
  ],
  after: [
    ...['engine/sources/look-again.ts', 'engine/tables/alerts.ts'],
    ...['count-tables', 'sqlite-table-rows'].map((name) => `engine/formats/sqlite/${name}.ts`),
  ],
}

/**
 * What the entry needs at once is one chunk, and so is what is always fetched together later; what it may need
 * besides is cut as the bundler sees fit.
 */
function chunks(name: string, entry: string, later: Record<string, string[]>) {
  const groups = Object.entries(later).map(([name, files]) => ({
    name,
    test: fetchedTogether(files.map((path) => join(root, 'src', path))),
  }))
  const first = { name, test: neededAtOnce(join(root, 'src/entries', entry)) }
  return { codeSplitting: { includeDependenciesRecursively: false, groups: [first, ...groups] } }
}

// how long each step of a build took is nothing for people who wait for a page
const QUIET = { bundlerTimings: false }

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
    filesList(),
  ],
  worker: {
    format: 'es',
    plugins: () => [slimPackages(), slimSqlite()],
    rolldownOptions: {
      checks: QUIET,
      output: chunks('engine', 'engine.worker.ts', ENGINE_LATER),
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
      output: chunks('page', 'page.tsx', PAGE_LATER),
    },
  },
  test: {
    environment: 'node', // vite-plugin-solid would ask for jsdom; the DOM is tested in real Chromium (test/browser)
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/browser/**'] } },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // files that share a process share its browser: test/browser/harness.ts
          isolate: false,
          // a process is kept for the next file only where that is of the same project
          sequence: { groupOrder: 1 },
        },
      },
    ],
    hookTimeout: 60_000,
    testTimeout: 60_000, // a slow machine with two files at a time takes three times as long as a good one
    // SQLite says so of each damaged file that the fuzz tests give it, and would bury what failed
    onConsoleLog: (text) =>
      text.startsWith('sqlite3_step()') && text.includes('SQLITE_CORRUPT') ? false : undefined,
    // at least two: the files that drive a browser wait most of their time
    maxWorkers: Math.max(2, availableParallelism() - 1),
    env: { TZ: 'UTC' },
  },
})
