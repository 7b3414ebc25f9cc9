import { afterEach, expect, test, vi } from 'vitest'
import type { WriterApi } from '../../src/bridge/writer-api.ts'
import { connectWriter, type WriterConnection } from '../../src/bridge/writer-connect.ts'
import { serveWriter } from '../../src/bridge/writer-serve.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

function connect(publish: WriterApi['publish']): WriterConnection {
  const { port1, port2 } = new MessageChannel()
  serveWriter({ publish } as WriterApi, port1) // nothing else of it is asked
  const connection = connectWriter(port2)
  closing.push(() => {
    connection.dispose()
    port1.close()
  })
  return connection
}

test('publishing that is given up ends at the other end, and settles with an AbortError', async () => {
  let heard: AbortSignal | undefined
  const told: string[] = []
  const { writer } = connect((_project, _options, { signal, onProgress } = {}) => {
    heard = signal
    onProgress?.({ stage: 'checking', text: 'here', files: 0, totalFiles: 0, bytes: 0, totalBytes: 0 })
    return new Promise(() => {})
  })
  const abort = new AbortController()
  const asked = writer.publish(
    'demo',
    { spaceId: 'a/b', frontend: '' },
    { onProgress: ({ text }) => void told.push(text), signal: abort.signal },
  )
  await vi.waitFor(() => expect([told, heard?.aborted]).toEqual([['here'], false]))
  abort.abort()
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  await vi.waitFor(() => expect(heard?.aborted).toBe(true))
})

test('what was given up before is not begun', async () => {
  const publish = vi.fn<WriterApi['publish']>(() => new Promise(() => {}))
  const { writer } = connect(publish)
  await expect(
    writer.publish('demo', { spaceId: 'a/b', frontend: '' }, { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({
    name: 'AbortError',
  })
  expect(publish).not.toHaveBeenCalled()
})
