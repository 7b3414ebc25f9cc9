// npm test: installs what is missing, then runs every check there is and closes with one line that counts
// them all. Words after -- go to vitest as filters: npm test -- rooms
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, checkNode, install, run, say, tool } from '../../build/setup.mjs'
import { haveChromium } from './chromium.mjs'
import { haveFirefox } from './firefox.mjs'
import { haveHeadlessShell } from './headless-shell.mjs'
import { haveWebkit } from './webkit.mjs'

// a hung test must not keep the count from being printed; five times what the tests take on two good cores
const STOP_AFTER = 40 * 60_000

const count = { passed: 0, failed: 0, skipped: 0 }
// whatever ends this process, the count is its last line
process.on('exit', (code) => {
  if (code !== 0 && count.failed === 0) count.failed = 1
  if (count.failed > 0 || count.passed === 0) process.exitCode ||= 1
  say(`${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ''}`)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130))

checkNode()
try {
  await all(process.argv.slice(2))
} catch (error) {
  say(`npm test: ${error instanceof Error ? error.stack : error}`)
  count.failed++
}

async function all(filters) {
  if (!(await install())) {
    count.failed++
    return
  }
  const chromium = await haveChromium()
  const shell = await haveHeadlessShell()
  // what is found, or got, here is found by the tests themselves
  await haveFirefox()
  await haveWebkit()
  // at once: most of a build is the work of one thread
  const [builds] = await Promise.all([
    step('build', 'vite build', () => build({ quiet: true })),
    step('types', 'tsc -p .', () => node('typescript', 'bin/tsc', ['-p', '.', '--pretty', 'false'])),
    step('types without DOM', 'tsc -p tsconfig.worker.json', () =>
      node('typescript', 'bin/tsc', ['-p', 'tsconfig.worker.json', '--pretty', 'false']),
    ),
    step('lint and format', 'biome check', () =>
      node('@biomejs/biome', 'bin/biome', [
        'check',
        '--error-on-warnings',
        '--max-diagnostics=50',
        '--diagnostic-level=warn',
      ]),
    ),
  ])
  await vitest(filters, {
    CHROMIUM: chromium ?? '',
    HEADLESS_SHELL: shell ?? '',
    TRACKIO_BUILD: builds ? 'fresh' : 'failed',
  })
}

function node(name, script, args) {
  return run(process.execPath, [tool(name, script), ...args], { quiet: true, timeout: STOP_AFTER })
}

/** One check that is a program of its own counts as one test; its words are shown when it fails. */
async function step(name, command, go) {
  const start = performance.now()
  const { code, output } = await go()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  if (code !== 0) say(output.trimEnd())
  say(`${code === 0 ? '✓' : '✗'} ${name} (${command}, ${seconds} s)`)
  count[code === 0 ? 'passed' : 'failed']++
  return code === 0
}

async function vitest(filters, env) {
  const folder = mkdtempSync(join(tmpdir(), 'trackio-lite-test-'))
  const file = join(folder, 'report.json')
  const reporters = ['default', 'json', join(import.meta.dirname, 'second-try.mjs')]
  const args = [
    'run',
    ...reporters.map((name) => `--reporter=${name}`),
    `--outputFile.json=${file}`,
    ...filters,
  ]
  const { code } = await run(process.execPath, [tool('vitest', 'vitest.mjs'), ...args], {
    timeout: STOP_AFTER,
    env,
  })
  if (code === 124) say(`vitest: stopped after ${STOP_AFTER / 60_000} minutes`)
  const counted = read(file)
  rmSync(folder, { recursive: true, force: true })
  count.passed += counted.passed
  count.skipped += counted.skipped
  for (const name of counted.skips) say(`skipped: ${name}`)
  // a run that ended badly for a reason outside any test (an unhandled error, no test found) is a failure too
  count.failed += counted.failed || (code === 0 ? 0 : 1)
}

function read(file) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    say(`vitest: no report (${error.message})`)
    return { passed: 0, failed: 1, skipped: 0, skips: [] }
  }
  // a file that fails before its first test has no failed test in the report
  const broken = report.testResults.filter(
    (result) =>
      result.status === 'failed' && !result.assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    skips: report.testResults.flatMap(({ assertionResults }) => namesOf(assertionResults)),
  }
}

/**
 * Of the tests of a file that were skipped: their suites, each once with how many, or a lone test by its own
 * name.
 */
function namesOf(tests) {
  const skipped = new Map()
  for (const { status, ancestorTitles, title } of tests) {
    if (status !== 'pending' && status !== 'todo' && status !== 'skipped') continue
    const name = ancestorTitles[0] || title
    skipped.set(name, (skipped.get(name) ?? 0) + 1)
  }
  return [...skipped].map(([name, n]) => (n === 1 ? name : `${name} (${n} tests)`))
}
