import { expect, test, vi } from 'vitest'
import { treeConnector } from '../../../src/engine/connectors/connector.ts'
import { makeSources } from '../../../src/engine/sources/open-sources.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import { memoryBytes } from '../../../src/storage/bytes.ts'
import type { Tree } from '../../../src/storage/tree.ts'
import { database } from '../place.ts'

/* The page's own code comes from a host too, often the one of the files: what is said when that has gone. */

const place = vi.hoisted(() => ({ connector: undefined as unknown }))
vi.mock('../../../src/engine/connectors/choose.ts', () => ({ openConnector: async () => place.connector }))
vi.mock('../../../src/engine/sources/look-again.ts', () => {
  throw new TypeError('Failed to fetch dynamically imported module: look-again.js')
})

async function opened() {
  const bytes = await database(3)
  let gone: TrackioError | undefined
  const tree: Tree = {
    whole: true,
    host: '',
    list: async () => {
      if (gone) throw gone
      return [{ path: 't/a.db', size: bytes.length, stamp: '1' }]
    },
    find: async () => undefined,
    bytes: async () => memoryBytes(bytes),
    blob: async () => new Blob([]),
    received: () => 0,
  }
  place.connector = treeConnector(tree, { name: 'served', prefer: 'database' })
  const sources = makeSources({ tokenFor: () => undefined, emit: () => {} })
  const { id } = await sources.open({ kind: 'kept', name: 'served' }, {})
  return {
    look: () => sources.refresh(id),
    end(why: TrackioError) {
      gone = why
    },
  }
}

test('where the files are gone too, their host’s own words', async () => {
  const { look, end } = await opened()
  end(new TrackioError('127.0.0.1', 'the command that serves these files has ended'))
  await expect(look()).rejects.toThrow('the command that serves these files has ended')
})

test('where they are not: that the page has to be loaded again', async () => {
  const { look } = await opened()
  await expect(look()).rejects.toMatchObject({ subject: 'this page', action: 'Reload the page.' })
})
