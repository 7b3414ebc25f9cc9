import * as trackio from '../../../src/entries/trackio.ts'
import type { NamedFile } from '../../../src/model/source.ts'
import { makeBench } from '../../client/setup.ts'
import { namedFile } from '../golden-fixtures.ts'

const pixels = Uint8Array.of(200, 10, 20, 255, 0, 255, 128, 64)

/** A project with something of everything that trackio stores, as the tracking API writes it, with its files. */
export async function richProject(project = 'rich'): Promise<NamedFile[]> {
  const bench = makeBench()
  const picture = (caption: string) => new trackio.Image(pixels, { width: 2, height: 1, caption })
  const other = await trackio.init({ project: 'data', name: 'prepare' })
  trackio.log({ rows: 3 })
  const corpus = new trackio.Artifact('corpus', 'dataset', { description: 'three lines' })
  corpus.addFile(new Blob(['a\nb\nc\n']), 'lines.txt')
  await other.logArtifact(corpus)
  await trackio.finish()
  const runs = ['run/1', 'run 2 é']
  for (const [r, name] of runs.entries()) {
    const run = await trackio.init({
      project,
      name,
      group: 'sweep',
      config: { lr: 10 ** -r, layers: [1, 2], opt: { name: 'adam' } },
    })
    for (let step = 0; step < 5; step++)
      trackio.log({ loss: 1 / (step + 1 + r), 'eval/acc': step / 5, n: step, big: 2 ** 60 + step })
    trackio.log({
      odd: Number.NaN,
      up: Number.POSITIVE_INFINITY,
      text: 'ö😀',
      on: true,
      list: [1, 'a'],
      nested: { a: [1, { b: 2 }] },
    })
    trackio.log(
      { picture: picture('two pixels'), spread: new trackio.Histogram([1, 2, 2, 3], { numBins: 3 }) },
      10,
    )
    trackio.log({ sound: new trackio.Audio(new Float32Array([0, 0.5, -0.5, 0]), { sampleRate: 8000 }) })
    trackio.log({
      page: new trackio.Html('<p>hello</p>'),
      points: new trackio.Object3D([
        [0, 0, 0],
        [1, 1, 1],
      ]),
    })
    trackio.log({ report: new trackio.Markdown(`# Report ${r}\n\nAll *well*.`) })
    trackio.log({
      table: new trackio.Table({
        columns: ['a', 'b', 'pic'],
        data: [
          [1, 'x', picture('cell')],
          [2, 'y', null],
        ],
      }),
    })
    trackio.log({
      chat: new trackio.Trace([{ role: 'user', content: [picture('in a trace')] }], {
        metadata: { cost_usd: 0.1 },
        spans: [{ id: 's', name: 'call', kind: 'tool', duration_ms: 3 }],
      }),
      loss: 0.25,
    })
    trackio.log({
      chats: [new trackio.Trace([]), new trackio.Trace([{ role: 'assistant', content: 'yes' }])],
    })
    trackio.logSystem({ 'gpu/0/utilization': 50 + r, 'memory/percent': 12.5 })
    trackio.alert('too hot', { text: 'at step 11', level: 'error' })
    trackio.alert('done', { level: 'info' })
    const model = new trackio.Artifact('model', 'model', { metadata: { acc: 0.5 + r } })
    model.addFile(new Blob([`weights ${r}`]), 'nested/model.bin')
    model.addFile(new Blob(['same in both']), 'config.json')
    await run.logArtifact(model, { aliases: ['best'] })
    await run.useArtifact(corpus)
    await trackio.save(new Blob([`seed: ${r}`]), `configs/run ${r}.yaml`)
    await trackio.finish()
    await bench.store.setMetadata(
      project,
      `trackio-lite:run:${run.id}`,
      JSON.stringify({ note: `note ${r}`, tags: ['a', 'b'] }),
    )
  }
  const files = await bench.store.exportFiles(project)
  return Promise.all(
    files.map(async ({ path, blob }) => namedFile(path, new Uint8Array(await blob.arrayBuffer()))),
  )
}
