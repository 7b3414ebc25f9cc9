import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useFolder, useServer } from './harness.ts'

// The storage and ?db= tests lean on what this server does, so it is checked by itself.
const folder = useFolder()
writeFileSync(join(folder, 'ten.db'), '0123456789')
const ranged = await useServer(folder, { subpath: 'a/b', cors: true })
const plain = await useServer(folder, { ranges: false })

test('ranges are answered with 206 and the bytes asked for', async () => {
  const cases: [string, number, string, string | null][] = [
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['lines=1-2', 200, '0123456789', null],
  ]
  for (const [range, status, text, contentRange] of cases) {
    const answer = await fetch(`${ranged.url}ten.db`, { headers: { Range: range } })
    expect([range, answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
      range,
      status,
      text,
      contentRange,
    ])
  }
})

test('a host without ranges sends the whole file', async () => {
  const answer = await fetch(`${plain.url}ten.db`, { headers: { Range: 'bytes=0-3' } })
  expect([answer.status, await answer.text(), answer.headers.get('accept-ranges')]).toEqual([
    200,
    '0123456789',
    null,
  ])
  expect(plain.bytes('.db')).toBe(10)
})

test('only files below the folder and the sub-path are served', async () => {
  const status = async (url: string) => (await fetch(url)).status
  expect(await status(`${ranged.origin}/ten.db`)).toBe(404)
  expect(await status(`${ranged.url}..%2f..%2f..%2f..%2f..%2fetc/hostname`)).toBe(404)
  expect(await status(ranged.url)).toBe(404)
})

test('other origins may read where cors is on', async () => {
  const open = await fetch(`${ranged.url}ten.db`, { method: 'HEAD' })
  expect(open.headers.get('access-control-allow-origin')).toBe('*')
  expect(open.headers.get('access-control-expose-headers')).toContain('Content-Range')
  expect(
    (await fetch(`${plain.url}ten.db`, { method: 'HEAD' })).headers.get('access-control-allow-origin'),
  ).toBeNull()
})
