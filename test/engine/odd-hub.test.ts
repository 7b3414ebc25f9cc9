import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { TrackioError } from '../../src/model/errors.ts'
import type { AddressKind } from '../../src/model/source.ts'
import { patience } from '../../src/storage/http/client.ts'

/*
 * Something that answers as the Hub and is not: a network with a page of its own, a proxy, another program
 * under its name. It gets a few questions, and what it says is told as what it is.
 */

const real = { ...patience }
let server: Server
let hub = ''
let asked: string[] = []
let answer: { status: number; body: string; headers?: Record<string, string> } | undefined

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (answer)
      response
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  hub = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
})
afterEach(() => {
  Object.assign(patience, real)
})

async function failure(as: AddressKind, text: string, told: string[] = []): Promise<TrackioError> {
  const ref = { kind: 'address' as const, as, texts: [text], hub, base: 'http://127.0.0.1/' }
  const reason: unknown = await createEngine()
    .open(ref, { onProgress: (progress) => told.push(progress.text) })
    .then(
      () => expect.fail('was opened'),
      (cause: unknown) => cause,
    )
  expect(reason).toBeInstanceOf(TrackioError)
  return reason as TrackioError
}

const ADDRESSES: [AddressKind, string][] = [
  ['auto', 'me/demo'],
  ['space', 'me/demo'],
  ['dataset', 'me/demo'],
  ['bucket', 'me/demo'],
  ['bucket', 'me/demo/a.db'],
  ['dataset', 'me/demo@0123456789012345678901234567890123456789'],
  ['space', 'me-demo-of-many-dashes-in-a-row-and-some-more-and-again-some.hf.space'],
]

describe.each([
  '{}',
  '[]',
  'null',
  '5',
  '"yes"',
  '[null]',
  '[[1]]',
  '{"id":5,"sha":7}',
  '{"id":"me/demo","sha":"0123456789012345678901234567890123456789"}',
  '{"id":"me/demo","name":"me/demo","sdk":"gradio","sha":"abc","tags":{},"runtime":{"volumes":[null,5]},"siblings":null}',
  '{"id":"me/demo","sdk":"static","sha":"abc"}',
  '[{"type":"file","path":5,"size":"x"},{"type":"file"},7]',
  '<!doctype html><title>Sign in</title>',
  '{"truncated":',
  '',
])('a Hub that answers %s to everything', (body) => {
  test.each(ADDRESSES)('opened as %s %s', async (as, text) => {
    answer = { status: 200, body }
    const { message, action, subject } = await failure(as, text)
    expect(`${subject}: ${message} ${action}`).not.toMatch(
      /iterable|undefined|cannot read|not a function|unexpected|JSON/i,
    )
    expect(message.length).toBeGreaterThan(10)
    expect(asked.length, asked.join('\n')).toBeLessThan(60)
  })
})

test('the search for a Space’s bucket ends, and says why', async () => {
  answer = { status: 200, body: '{"id":"me/demo","sdk":"gradio","subdomain":"me-demo"}' }
  expect(await failure('space', 'me/demo')).toMatchObject({
    subject: 'spaces/me/demo',
    message:
      'more than 20 buckets are called me/demo-bucket, -bucket-2 and so on: which holds its data cannot be told',
  })
  expect(asked.length).toBeLessThan(30)
})

test('pages that lead back to themselves end', async () => {
  answer = { status: 200, body: '[]', headers: { link: `<${hub}/api/again?cursor=1>; rel="next"` } }
  expect(await failure('bucket', 'me/demo')).toMatchObject({
    message: `the answer of ${new URL(hub).host} is not one of the Hub`,
  })
  expect(asked.length).toBeLessThan(10)
})

test('a Hub that says nothing is told of, and given up at once', async () => {
  Object.assign(patience, { say: 40, end: 160 })
  answer = undefined
  const told: string[] = []
  const { host } = new URL(hub)
  expect(await failure('dataset', 'me/demo', told)).toMatchObject({
    message: `${host}: silence: nothing came for 0.2 s, so it was given up`,
  })
  expect(told).toContain(`nothing from ${host} for 0 s: given up after 0.2 s`)
  expect(asked.length).toBe(1)
})
