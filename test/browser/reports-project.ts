import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryDatabase } from '../engine/sqlite-files.ts'

/*
 * Runs of a small sweep that log a metric every ten steps and texts now and then: reports of one key over three
 * steps, of another key, of a run that ended early, and texts that try whatever a text can.
 */

export interface ReportRow {
  run: string
  step: number
  key: string
  text: string
}

export const RUNS = ['grpo-s0', 'grpo-s1', 'dr-grpo-s0', 'dr-grpo-s1', 'gspo-s0', 'lr5e-6'] as const
const BEST: Record<string, number> = {
  'grpo-s0': 0.714,
  'grpo-s1': 0.72,
  'dr-grpo-s0': 0.771,
  'dr-grpo-s1': 0.765,
  'gspo-s0': 0.748,
  'lr5e-6': 0.4,
}

/** Value of the accuracy of a run at a step, with a wave that tells runs apart. */
export function accuracy(run: string, step: number): number {
  const top = BEST[run] ?? 0
  const wave = 0.008 * Math.sin(step / 37 + run.length) + 0.004 * Math.sin(step / 11)
  return Math.round(1e6 * (0.36 + (top - 0.36) * (1 - Math.exp(-step / 320)) + wave)) / 1e6
}

function kl(step: number, best: string, base: string, cut: number): string {
  return `# Does the KL term help?

Without a KL term the reward climbs faster and the answers get shorter. At step ${step.toLocaleString('en')} the
best run has an accuracy of **${best}**; the baseline with beta 0.04 stands at ${base}. Completions cut at 1,024
tokens fell from 9 % to ${cut} %.

\`\`\`trackio
title: eval/accuracy
metrics: eval/accuracy
from: 0
to: ${step}
smoothing: 10
\`\`\`

## What changed between steps 200 and ${step.toLocaleString('en')}

| run | accuracy | format | tokens, mean |
|---|--:|--:|--:|
| dr-grpo-s0 | **${best}** | 0.98 | ${step / 5} |
| gspo-s0 | 0.748 | 0.96 | 262 |
| grpo-s0 | ${base} | 0.93 | 337 |

Failures that are left are mostly readings of the question, not arithmetic: see
[the curves of the loss](#/metrics?metrics=train/loss&smoothing=3) and [the same by trackio](?metrics=eval/accuracy).
The method follows [arxiv.org/abs/2503.20783](https://arxiv.org/abs/2503.20783), and [what is next](#next) stands below.

## Next

- Repeat \`dr-grpo\` with seeds 1 to 3 before believing the 0.009 over \`grpo-s1\`.
- [x] formula as it is written: $x^2$
`
}

export const REPORTS: ReportRow[] = [
  {
    run: 'dr-grpo-s0',
    step: 400,
    key: 'summary',
    text: '# First look\n\nToo early to tell: 0.62 at step 400.',
  },
  { run: 'dr-grpo-s0', step: 800, key: 'summary', text: kl(800, '0.741', '0.702', 4) },
  { run: 'dr-grpo-s0', step: 1200, key: 'summary', text: kl(1200, '0.771', '0.714', 2) },
  {
    run: 'gspo-s0',
    step: 1100,
    key: 'eval/notes',
    text: `# Where GSPO fails

Long remainders.

\`\`\`trackio
metrics: [train/loss, eval/accuracy]
runs: this
height: 200
\`\`\`

\`\`\`trackio
metrics: eval/accuracy
group: loss_type
runs: all
\`\`\`

\`\`\`trackio
metrics: eval/acuracy
\`\`\`

\`\`\`trackio
metrics: eval/accuracy
colour: red
\`\`\`

- in a list

  \`\`\`trackio
  metrics: eval/accuracy
  \`\`\`
`,
  },
  {
    run: 'lr5e-6',
    step: 480,
    key: 'divergence',
    text: '# Divergence at 5e-6\n\nThe loss is NaN from step 470.',
  },
]

/** Whatever a text can try; each \`ran\` would be seen. */
export const HOSTILE = `# Hostile <script>top.ran = 1</script>

<script>top.ran = 1</script>
<img src=x onerror="top.ran = 1">
<svg onload="top.ran = 1"><use href="https://evil.example/a.svg#x"/></svg>
<iframe src="https://evil.example/frame"></iframe>
<style>@import url(https://evil.example/b.css); body { background: url(https://evil.example/c.png) }</style>
<form id="app" name="charts"><input name="children"><input id="nodeName"></form>
<a id="charts" name="trackio" href="javascript:top.ran=1">x</a>
<math><mi xlink:href="javascript:top.ran=1">m</mi></math>

![a](https://evil.example/d.png) ![b](//evil.example/e.png) ![c](data:image/svg+xml;base64,PHN2Zy8+)
[![in a link](https://evil.example/f.png)](https://evil.example/g)

[one](javascript:top.ran=1) [two](JaVaScRiPt:top.ran=1) [three](data:text/html,<script>top.ran=1</script>)
[four](vbscript:x) [five](&#106;avascript:top.ran=1) [six]( javascript:top.ran=1) <javascript:top.ran=1>
[seven](https://evil.example/h "title\\" onclick=\\"top.ran=1") [eight](blob:x) [nine](file:///etc/passwd)

[app](#/metrics?metrics=eval/accuracy&project=%3Cscript%3E)

\`\`\`trackio
title: <img src=x onerror="top.ran = 1">
metrics: eval/accuracy
runs: /(a+)+$/
\`\`\`

\`\`\`trackio
{"__proto__": {"metrics": "x"}, "metrics": ["eval/accuracy"]}
\`\`\`

\`\`\`trackio
constructor: x
metrics: eval/accuracy
\`\`\`

| a | b |
|---|---|
| <b onclick=top.ran=1>c</b> | [d](javascript:top.ran=1) |
`

/** A database as trackio lays it. */
export async function reportsDatabase(more: readonly ReportRow[] = []): Promise<Uint8Array<ArrayBuffer>> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
  `)
  const texts = [...REPORTS, ...more]
  const insert = db.prepare(
    'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
  )
  for (const [r, run] of RUNS.entries()) {
    const time = (step: number): string =>
      new Date(1_795_600_000_000 + r * 60_000 + step * 1000).toISOString()
    db.exec({
      sql: 'INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)',
      bind: [`id-${run}`, run, JSON.stringify({ loss_type: run.replace(/-s\d$/, ''), seed: r % 2 }), time(0)],
    })
    const put = (step: number, row: object): void => {
      insert.bind([`id-${run}`, time(step), run, step, JSON.stringify(row)]).stepReset()
    }
    for (let step = 0; step <= (run === 'lr5e-6' ? 480 : 1200); step += 10)
      put(step, { 'eval/accuracy': accuracy(run, step), 'train/loss': Math.exp(-step / 500) + 0.01 * r })
    for (const { step, key, text } of texts.filter((one) => one.run === run))
      put(step, { [key]: { _type: 'trackio.markdown', _value: text } })
  }
  insert.finalize()
  const bytes = new Uint8Array(file())
  close()
  return bytes
}

/** The same in a folder of trackio. */
export async function writeReports(folder: string, more: readonly ReportRow[] = []): Promise<string> {
  const path = join(folder, 'qwen3-gsm8k.db')
  writeFileSync(path, await reportsDatabase(more))
  return path
}
