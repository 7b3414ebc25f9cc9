import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Failure, KINDS, type Kind, makeFuzz } from './fuzz.ts'
import { judgePython, startJudge } from './judge.ts'

/*
 * The part of `npm run fuzz` that reads (test/tools/fuzz.mjs starts it, sees whether it hangs, and counts).
 * One line of JSON for each case that begins, and one for what came of it when it failed.
 */

const [kinds = '', seedText = '1', fromText = '0', toText = '0', out = ''] = process.argv.slice(2)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
// turns of the event loop that nothing else would hold open
const alive = setInterval(() => {}, 1000)
const seed = Number(seedText)
const folder = mkdtempSync(join(tmpdir(), 'trackio-lite-fuzz-'))
const judge = await startJudge(await judgePython())
say({ judge: { sqlite: judge.sqlite, pyarrow: judge.pyarrow ?? 'none' } })
try {
  const fuzz = await makeFuzz(judge, folder)
  if (fromText === '0')
    for (const failure of await fuzz.bases()) report(failure, `base ${failure.base.replace(/\W+/g, '-')}`)
  const chosen = (kinds ? kinds.split(',') : KINDS) as Kind[]
  for (let i = Number(fromText); i < Number(toText); i++) {
    for (const kind of chosen) {
      if (kind === 'table' && !judge.pyarrow) continue
      say({ begins: i, kind, rss: Math.round(process.memoryUsage().rss / 1e6) })
      const failure = await fuzz.run(kind, seed, i)
      if (failure) report(failure, String(i))
    }
  }
  say({ done: true })
} finally {
  judge.stop()
  rmSync(folder, { recursive: true, force: true })
  clearInterval(alive)
}

function report({ kind, fault, detail, base, edits, files }: Failure, i: string): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0)
  const place = join(out, `${kind}-${fault.replace(/\W+/g, '-')}`, `seed-${seed}-${i.replace(' ', '-')}`)
  mkdirSync(place, { recursive: true })
  for (const { path, bytes: content } of files) writeFileSync(join(place, path.replaceAll('/', '-')), content)
  writeFileSync(
    join(place, 'what.json'),
    JSON.stringify({ seed, case: i, kind, fault, detail, base, edits }, null, 2),
  )
  say({ failed: i, kind, fault, detail: detail.slice(0, 400), base, edits, bytes, place })
}
