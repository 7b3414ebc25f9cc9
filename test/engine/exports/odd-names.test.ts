import { expect, test } from 'vitest'
import { staticFiles } from '../../../src/engine/publish/static-files.ts'
import * as trackio from '../../../src/entries/trackio.ts'
import { makeBench } from '../../client/setup.ts'
import { namedFile } from '../golden-fixtures.ts'
import { sourceOf } from '../publish/setup.ts'
import { inventoryOf, opened } from './inventory.ts'

const NAMES = ['a//b', '..', '.', 'end/', 'files', '#1 50%?', 'a', 'media/0', 'odd/odd/1', 'CON:', ' ']

test('media of runs of any name are found again in every form', async () => {
  const bench = makeBench()
  for (const name of NAMES) {
    await trackio.init({ project: 'odd', name })
    trackio.log({ picture: new trackio.Image(Uint8Array.of(1, 2, 3, 255), { width: 1, height: 1 }) })
    trackio.log({ loss: 1 })
    await trackio.finish()
  }
  await trackio.init({ project: 'odd', name: 'plain' })
  await trackio.save(new Blob(['1']), '#1 50%?/a.yaml')
  await trackio.finish()
  const files = await Promise.all(
    (await bench.store.exportFiles('odd')).map(async ({ path, blob }) =>
      namedFile(path, new Uint8Array(await blob.arrayBuffer())),
    ),
  )
  const source = await opened(files, 'odd')
  const before = await inventoryOf(source.engine, source.project)
  const { files: out } = await staticFiles({ ...(await sourceOf(files)), project: 'odd' })
  const there = await Promise.all(
    out.map(async ({ path, load }) =>
      namedFile(`odd/${path}`, new Uint8Array(await (await load()).arrayBuffer())),
    ),
  )
  const again = await opened(there, 'odd')
  const after = await inventoryOf(again.engine, again.project)
  expect(before.media).toHaveLength(NAMES.length)
  expect(JSON.stringify(before)).not.toContain('"lost"')
  expect(after).toEqual(before)
})
