import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { parseFragments } from '../../src/engine/formats/fragments.ts'
import type { NamedFile, SourceInfo } from '../../src/model/source.ts'
import { filesOf } from './golden-fixtures.ts'

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

function line(step: number | null, more: object = {}): string {
  const record = { v: 1, kind: 'metric', project: 'my p.', run: 'r', run_id: 'id', metrics: { v: step ?? -1 }, step, ...more }
  return `${JSON.stringify({ timestamp: '2026-01-01T00:00:00+00:00', log_id: `l${step}`, ...record })}\n`
}

function inbox(...files: string[]): NamedFile[] {
  return files.map((lines, i) => ({ path: `trackio/inbox/aa/0000000${i}.jsonl`, file: new File([lines], `${i}`, { lastModified: 1 }) }))
}

async function opened(
  files: NamedFile[],
): Promise<{ info: SourceInfo; values(): Promise<Record<string, number[]>>; give(files: NamedFile[]): Promise<void> }> {
  const engine = createEngine()
  const info = await engine.open({ kind: 'files', name: 'trackio', files, live: true })
  const project = info.projects[0]?.id ?? ''
  return {
    info,
    async values() {
      const { v } = await engine.history(project, 'id')
      return { steps: [...(v?.steps ?? [])], values: [...(v?.values ?? [])] }
    },
    give: async (next) => void (await engine.refresh(info.id, next)),
  }
}

test('a payload keeps the bytes it was written with; traces are left out of it', () => {
  const [a, b] = parseFragments(
    [
      '{"kind":"metric","project":"p","run":"r","metrics":{"a": 1.0,"n":18446744073709551615,"s":"x, \\"}\\" y"},"step":1}',
      '{"kind":"metric","project":"p","run":"r","metrics":{"t":{"_type":"trackio.trace","messages":[{"a":"}"}]},"ts":[null,{"_type":"trackio.trace"}],"k":2},"step":2}',
    ].join('\n'),
  )
  expect(text(a?.payload)).toBe('{"a": 1.0,"n":18446744073709551615,"s":"x, \\"}\\" y"}')
  expect(text(b?.payload)).toBe('{"k":2}')
})

test('what is no log call is skipped: other kinds, broken lines, an empty one', () => {
  const lines = [
    '{"kind":"alert","project":"p","run":"r"}',
    '{"kind":"metric","project":"p"',
    '',
    '[1]',
    '{"kind":"metric","run":"r","metrics":{}}',
  ]
  expect(parseFragments(lines.join('\n'))).toEqual([])
})

test('fragments without a database are projects of their own, and a missing step follows the stored ones', async () => {
  const { info, values, give } = await opened(inbox(line(0) + line(4), line(null, { log_id: 'x' })))
  expect(info.projects.map(({ name }) => name)).toEqual(['myp'])
  // one batch: its own rows do not count for the missing step
  expect(await values()).toEqual({ steps: [0, 4, 0], values: [0, 4, -1] })
  await give(inbox(line(0) + line(4), line(null, { log_id: 'x' }), line(5) + line(5) + line(null, { log_id: 'y' })))
  expect(await values()).toEqual({ steps: [0, 4, 0, 5, 5], values: [0, 4, -1, 5, -1] })
})

test('of a bucket, rows that trackio has imported meanwhile are not shown twice', async () => {
  const files = filesOf('bucket-0.43.0')
  const engine = createEngine()
  const info = await engine.open({ kind: 'files', name: 'trackio', files, live: true })
  const id = info.projects[0]?.id ?? ''
  const rows = async (): Promise<number> => {
    await engine.settled(id)
    return (await engine.catalogue(id)).rows
  }
  expect(await rows()).toBe(21)
  await engine.refresh(
    info.id,
    files.filter(({ path }) => !path.includes('b40d66ce61384251')),
  )
  expect(await rows()).toBe(15)
  await engine.refresh(
    info.id,
    files.filter(({ path }) => !path.includes('inbox')),
  )
  expect(await rows()).toBe(12)
})
