// npm run bench: measures the built page in Chromium on generated data and prints one table for each kind of
// question.
//   --only <regex>   rows whose id or words match (ids: empty small half … ; A to E for the shapes of other
//   dashboards)
//   --quick          without the databases of 500 MB and more
//   --write          also into test/bench/results.md
//   --app <folder>   a build that is there already; otherwise the page is built into a cache folder first
//   --against <folder>  another build beside it, measured in turns (--turns 3): one table of changes
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { giveUp, install, root, run, say, tool } from '../../build/setup.mjs'
import { PEERS, peer, ROWS } from '../bench/rows.mjs'
import { serve } from '../bench/server.mjs'
import { momentsTable, peersTable, resultLine } from '../bench/table.mjs'
import { TRACKING } from '../bench/tracking.mjs'
import { inTurns, turnsTable } from '../bench/turns.mjs'
import { launch } from '../bench/visit.mjs'
import { haveChromium } from './chromium.mjs'

const args = process.argv.slice(2)
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
const only = new RegExp(option('--only') ?? '.', 'i')
const quick = args.includes('--quick')

if (!(await install())) process.exit(1)
const executablePath = await haveChromium()
if (!executablePath) process.exit(1)
const app = option('--app') ?? (await built())
const against = option('--against')
const servers = []
let browser
try {
  browser = await launch(executablePath)
  const bench = await benchOf(app)
  const rows = [...ROWS, ...TRACKING].filter(
    (row) => only.test(`${row.id} ${row.what}`) && !(quick && row.big),
  )
  if (against) await compare([bench, await benchOf(against)], rows)
  else await whole(bench, rows)
} finally {
  await browser?.close()
  for (const server of servers) server.close()
}

async function benchOf(folder) {
  const server = await serve([
    ['/modules/', join(root, 'node_modules')],
    ['/bench/', join(root, 'test/bench/page')],
    ['/', folder],
  ])
  servers.push(server)
  return { browser, server, folder, app: `${server.url}/`, base: `${server.url}/bench/` }
}

/** Rows and shapes of two builds in turns. */
async function compare(benches, rows) {
  const turns = Number(option('--turns') ?? 3)
  const shapes = PEERS.filter(({ shape }) => only.test(shape))
  const all = [
    ...rows.map(({ id, run }) => ({ what: id, measure: run })),
    ...shapes.map(({ shape }) => ({ what: shape, measure: (bench) => peer(bench, shape) })),
  ]
  const measured = []
  for (const { what, measure } of all) {
    const row = { what, results: await inTurns(benches, turns, (bench) => measure(bench).catch(failed)) }
    measured.push(row)
    say(turnsTable([row]).split('\n').slice(2).join('\n'))
  }
  console.log(`\nMedians of ${turns} turns.\n\n${turnsTable(measured)}`)
}

/** Rows and shapes of one build, beside their baselines. */
async function whole(bench, rows) {
  const moments = []
  for (const row of rows) {
    const began = Date.now()
    const result = await row.run(bench).catch(failed)
    moments.push({ ...row, result })
    say(
      `${resultLine(row, result)} [${Math.round((Date.now() - began) / 1000)} s, load ${loadavg()[0].toFixed(1)}]`,
    )
  }
  const peers = []
  for (const { shape, targets } of PEERS) {
    if (!only.test(shape)) continue
    const result = await peer(bench, shape).catch(failed)
    peers.push({ shape, targets, result })
    say(
      `${shape}: ${JSON.stringify(result, (_, v) => (typeof v === 'number' ? Math.round(v * 10) / 10 : v))}`,
    )
  }
  const text = [
    `Chromium ${browser.version()}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), 1440 × 900, medians. Load of the machine at the end: ${loadavg()[0].toFixed(1)} (figures of one with more than its cores are too high).`,
    moments.length ? momentsTable(moments) : '',
    peers.length ? peersTable(peers) : '',
  ]
    .filter(Boolean)
    .join('\n\n')
  console.log(`\n${text}`)
  if (args.includes('--write')) writeFileSync(join(root, 'test/bench/results.md'), `# Measured\n\n${text}\n`)
}

function failed(error) {
  return {
    failed: String(error.message ?? error)
      .split('\n')[0]
      .slice(0, 300),
  }
}

/** Not into dist: somebody may be serving that. */
async function built() {
  const folder = join(root, '.cache/bench-app')
  say('Building the page …')
  const { code } = await run(
    process.execPath,
    [tool('vite', 'bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    {},
  )
  if (code !== 0) giveUp('The build failed: see the words above.')
  return folder
}
