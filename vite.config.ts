import { availableParallelism } from 'node:os'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

import { filesList } from './build/files-list.ts'
import { singleFile } from './build/single-file.ts'
import { slimSqlite } from './build/slim-sqlite.ts'
import { spaceCard } from './build/space-card.ts'

import { trackingPackage } from './build/tracking.ts'

/*
 * What a page or worker needs at once stays together: the bundler would cut it into a chunk for each set of later chunks that share it, and small chunks compress
 * badly (4 kB of the budget in test/package.test.ts). What is loaded later is named here; a name that is missing only makes the first download larger.
 */
const LATER_ENGINE =
  /(address-door|hub-door|spaces|library|library-files|library-note|keeping|tracked|writer-api|from-wire|sha256|reserved-name|csv|engine\/rows|run-values|fragments|loose-rows|inbox|inside|copy|count|index-count|table-rows|warm)\.ts|engine\/tables\/|\/(parquet|server|export|publish|writer)\/(?!names)|storage\/(?!file|sync-file|files|bytes|background|tree|beside|http|pause|sent)/
const LATER_PAGE =
  /charts\/figure\/|ui\/pages\/(?!registry|ids|metrics|[a-z]+\/entry)|\/(absent|none-shown|closing|bar-chart|draw-bars|chart-dialog|dialog|chart-limits|chart-menu-items|chart-outside|chart-table|tooltip|alert-marks|alert-rows|sample|long-list|group-row|slot-picker|palette|share|shortcuts-dialog|change-run|change-dialog|source-menu|outcome|access|from-address|recents|kept|warm-up|publish|embed|phone|filter-assist|why-fixed|chart-legend|palette-actions|palette-search|key-list|reorder|switch|components\/notices|notice-list|besides|part-dialog|pointer|shortcuts|chart-keys|chart-states|chart-settings-form)\.tsx?|state\/(alerts|file-words|link-notices|host|handle-reads|logs|pickers|sign-in-hub)\.ts|compute\/(alert-list|csv|complete|nearest|filter-\w+)\.ts|bridge\/pattern-runner|solid-js\/store/

function oneChunk(name: string, test: RegExp, later: RegExp) {
  const belongs = (id: string): boolean => test.test(id) && !later.test(id) && !id.endsWith('.css')
  return { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name, test: belongs }] } }
}

// how long each step of a build took is nothing for people who wait for a page
const QUIET = { bundlerTimings: false }

// whoever waits for a page does not read them
const withoutComments = { name: 'without-comments', transformIndexHtml: (html: string) => html.replace(/\s*<!--[\s\S]*?-->/g, '') }

export default defineConfig({
  base: './', // the built site works from any sub-path
  // the list names what the ones before it wrote
  plugins: [solid(), withoutComments, spaceCard(), trackingPackage(), singleFile(), filesList()],
  worker: {
    format: 'es',
    plugins: () => [slimSqlite()],
    rolldownOptions: {
      checks: QUIET,
      output: oneChunk('engine', /src\/(engine|model|compute|bridge|storage)\/|node_modules\/comlink\//, LATER_ENGINE),
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
      output: oneChunk('page', /src\/(state|ui|model|compute|bridge)\/|node_modules\/(solid-js|comlink|uplot)\//, LATER_PAGE),
    },
  },
  test: {
    environment: 'node', // vite-plugin-solid would ask for jsdom; the DOM is tested in real Chromium (test/browser)
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/browser/**'] } },
      { extends: true, test: { name: 'browser', include: ['test/browser/**/*.test.ts'] } },
    ],
    hookTimeout: 60_000,
    testTimeout: 60_000, // a slow machine with two files at a time takes three times as long as a good one
    // SQLite says so of each damaged file that the fuzz tests give it, and would bury what failed
    onConsoleLog: (text) => (text.startsWith('sqlite3_step()') && text.includes('SQLITE_CORRUPT') ? false : undefined),
    maxWorkers: Math.max(2, availableParallelism() - 1), // at least two: the files that drive a browser wait most of their time
    env: { TZ: 'UTC' },
  },
})
