// npm run fuzz -- --seed 1 --count 2000 [--kinds database,table,fragments,json]: damages files as test/fuzz
// says, reads them here and with Python, and keeps of each fault the smallest file that shows it. Ends with 1
// when there was any.
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { giveUp, root, say } from '../../build/setup.mjs'

const HANGS_AFTER = 10_000
const MOST_MEMORY = 500 // MB

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    kinds: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
  },
})
const [seed, count, from] = [Number(values.seed), Number(values.count), Number(values.from)]
if (![seed, count, from].every(Number.isInteger))
  giveUp('npm run fuzz -- --seed 1 --count 2000: whole numbers')
const out = join(root, '.cache', 'fuzz', `seed-${seed}`)
const script = join(root, '.cache', 'fuzz', `main-${process.pid}.mjs`)
mkdirSync(out, { recursive: true })
await build({
  entryPoints: [join(root, 'test/fuzz/main.ts')],
  outfile: script,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['@sqlite.org/sqlite-wasm'],
  // paths beside a module are meant beside its source
  plugins: [{ name: 'dirname', setup: keepFolders }],
  logLevel: 'error',
})

/** By kind and fault: how many, and the smallest. */
const faults = new Map()
let memory = 0
let cases = 0
const began = Date.now()
for (let next = from; next < from + count; ) next = await go(next)
rmSync(script)
const seconds = ((Date.now() - began) / 1000).toFixed(0)
say(`${cases} files of seed ${seed} in ${seconds} s, at most ${memory} MB`)
if (memory > MOST_MEMORY) add('memory', { kind: 'any', bytes: 0, detail: `${memory} MB`, place: '' })
for (const [name, { times, smallest }] of [...faults].sort())
  say(`${times} × ${name}: ${smallest.detail.split('\n')[0]}\n  ${smallest.place}`)
if (faults.size === 0) say('no fault')
process.exitCode = faults.size > 0 ? 1 : 0

/** Runs cases from one on; gives the one to go on with. */
function go(start) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [script, values.kinds, String(seed), String(start), String(from + count), out],
      {
        cwd: root,
        env: { ...process.env, TZ: 'UTC' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let now = { begins: start, kind: 'start' }
    let done = false
    let words = ''
    let hung = false
    child.stderr.on('data', (chunk) => {
      words = (words + chunk).slice(-2000)
    })
    const watch = () =>
      setTimeout(() => (hung = child.kill('SIGKILL')), now.kind === 'start' ? 300_000 : HANGS_AFTER + 10_000)
    let tooLong = watch()
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line)
      if (told.judge) say(`SQLite ${told.judge.sqlite}, pyarrow ${told.judge.pyarrow}`)
      if (told.begins !== undefined) {
        now = told
        cases++
        memory = Math.max(memory, told.rss)
        clearTimeout(tooLong)
        tooLong = watch()
        if (told.begins % 500 === 0 && told.kind === 'database') say(`${told.begins} …`)
      }
      if (told.failed !== undefined) add(`${told.kind}: ${told.fault}`, told)
      if (told.done) done = true
    })
    child.on('close', (code) => {
      clearTimeout(tooLong)
      if (done) return resolve(Number.POSITIVE_INFINITY)
      if (now.kind === 'start') giveUp(`the fuzz does not start (${code}):\n${words}`)
      add(`${now.kind}: ${hung ? 'hang' : 'crash of the process'}`, {
        ...now,
        bytes: 0,
        detail: `case ${now.begins}: ${words}`,
        place: `--seed ${seed} --from ${now.begins} --count 1`,
      })
      resolve(now.begins + 1)
    })
  })
}

function add(name, failure) {
  const known = faults.get(name)
  const smaller = !known || failure.bytes < known.smallest.bytes
  // what is not the smallest any more is not kept
  if (known) {
    const larger = smaller ? known.smallest : failure
    if (larger.place?.startsWith(out) && !process.env.FUZZ_KEEP)
      rmSync(larger.place, { recursive: true, force: true })
  }
  faults.set(name, { times: (known?.times ?? 0) + 1, smallest: smaller ? failure : known.smallest })
}

function keepFolders(bundler) {
  bundler.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => {
    const { readFile } = await import('node:fs/promises')
    const { dirname } = await import('node:path')
    const text = await readFile(path, 'utf8')
    return { contents: text.replaceAll('import.meta.dirname', JSON.stringify(dirname(path))), loader: 'ts' }
  })
}
