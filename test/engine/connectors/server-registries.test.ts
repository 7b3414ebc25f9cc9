import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bucketRegistries } from '../../../src/engine/connectors/server-registries.ts'
import { decodeRegistry } from '../../../src/engine/tables/registries.ts'
import { TrackioError } from '../../../src/model/errors.ts'

const GOLDEN = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'registries.json'), 'utf8'),
)
const [, bucket] = Object.entries<{ collections: object[]; events: object[] }>(GOLDEN).find(([path]) =>
  path.startsWith('bucket'),
) as [string, { collections: object[]; events: object[] }]

/** A server that answers as trackio 0.43 does, and what it was asked. */
function server(answers: Record<string, (args: { [key: string]: unknown }) => unknown>) {
  const asked: [string, unknown][] = []
  return {
    asked,
    async call(name: string, args: { [key: string]: unknown }) {
      asked.push([name, args])
      const answer = answers[name]
      if (!answer)
        throw new TrackioError('x', `the server does not know ${name}: its trackio is too old`, 'Update it.')
      return answer(args)
    },
  }
}

describe('registries of the buckets of a server', () => {
  test('are asked for bucket by bucket, and read as those of a folder are', async () => {
    const double = server({
      get_registry_buckets: () => ({ buckets: ['me/a', 'me/b'], default_bucket_id: 'me/a' }),
      get_registries: ({ bucket_id }) =>
        bucket_id === 'me/a' ? [{ name: 'models', description: null, created_at: '2026-01-01' }] : [],
      get_registry_details: () => ({
        ...{ name: 'models', description: 'in a bucket', created_at: '2026-11-23T15:47:35.330092+00:00' },
        ...{ bucket_id: 'me/a', collections: bucket.collections, events: bucket.events },
      }),
    })
    const { found, notices } = await bucketRegistries(double, undefined)
    expect(notices).toEqual([])
    expect(double.asked.map(([name]) => name)).toEqual([
      'get_registry_buckets',
      'get_registries',
      'get_registry_details',
      'get_registries',
    ])
    const [one] = found
    expect(one?.place).toBe('bucket me/a')
    const registry = decodeRegistry(one?.tables ?? {}, {
      key: 'k',
      name: 'models',
      place: 'p',
      project: undefined,
    })
    expect(registry?.description).toBe('in a bucket')
    expect(registry?.collections.map(({ name, links }) => [name, links[0]?.aliases])).toEqual([
      ['notes', ['latest', 'production']],
    ])
    expect(registry?.notices).toEqual([])
  })
  test('a bucket that cannot be read is told, and the others are there', async () => {
    const double = server({
      get_registry_buckets: () => ({ buckets: ['me/a', 'me/b'] }),
      get_registries({ bucket_id }) {
        if (bucket_id === 'me/a') throw new TrackioError('x', 'no access to the bucket', '')
        return [{ name: 'r' }]
      },
      get_registry_details: () => ({ name: 'r', created_at: '2026-01-01T00:00:00+00:00', events: [] }),
    })
    const { found, notices } = await bucketRegistries(double, undefined)
    expect(found.map(({ name }) => name)).toEqual(['r'])
    expect(notices.map(({ text }) => text)).toEqual(['no access to the bucket'])
  })
  test('are none at a server that knows no registries', async () => {
    expect(await bucketRegistries(server({}), undefined)).toEqual({ found: [], notices: [] })
  })
})
