import { describe, expect, test } from 'vitest'
import { changeFile } from '../../../src/engine/connectors/change-file.ts'
import type { RunChange, WritableFile } from '../../../src/model/change.ts'
import { memoryDatabase } from '../sqlite-files.ts'
import { openCopy } from '../tracking/copy.ts'

/* A double of what File System Access gives: what is written takes the file's place when it is closed. */

const SQL = `CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('1', 't', 'a', 0, '{}'), ('2', 't', 'b', 0, '{}');`
const remove: RunChange = { kind: 'delete', runs: [{ key: '1', id: '1', name: 'a' }] }

interface Disk {
  file: File
  /** Before what is written takes its place. */
  meanwhile(): void
  refuses?: DOMException
}

async function disk(wal = false): Promise<Disk> {
  const { db, file, close } = await memoryDatabase()
  db.exec(SQL)
  const bytes = file().slice()
  close()
  // as a program leaves it that logs with a log
  if (wal) bytes[18] = bytes[19] = 2
  return { file: new File([bytes], 'demo.db', { lastModified: 1000 }), meanwhile: () => {} }
}

async function seen(on: Disk): Promise<WritableFile> {
  const handle = {
    kind: 'file',
    name: 'demo.db',
    getFile: async () => on.file,
    async createWritable() {
      if (on.refuses) throw on.refuses
      const parts: BlobPart[] = []
      return {
        async write(part: BlobPart) {
          parts.push(part)
          on.meanwhile()
        },
        async close() {
          on.file = new File(parts, 'demo.db', { lastModified: on.file.lastModified + 1 })
        },
        abort: async () => {},
      }
    },
  }
  return {
    handle: handle as unknown as FileSystemFileHandle,
    size: on.file.size,
    lastModified: on.file.lastModified,
    head: new Uint8Array(await on.file.slice(0, 100).arrayBuffer()).join(),
  }
}

async function runsIn(file: File): Promise<unknown[]> {
  const db = await openCopy(file)
  return db.rows('SELECT DISTINCT run_name FROM metrics').flat()
}

describe('a file on this machine', () => {
  test('is changed in one step, and says of its log what it said before', async () => {
    for (const wal of [false, true]) {
      const on = await disk(wal)
      const mode = wal ? 2 : 1
      await changeFile('demo.db', 'demo', remove, await seen(on))
      expect([...new Uint8Array(await on.file.slice(18, 20).arrayBuffer())]).toEqual([mode, mode])
      expect(await runsIn(on.file)).toEqual(['b'])
    }
  })

  test('that was written to since it was seen is left alone', async () => {
    const on = await disk()
    const before = await seen(on)
    on.file = new File([on.file, 'x'], 'demo.db', { lastModified: 2000 })
    await expect(changeFile('demo.db', 'demo', remove, before)).rejects.toThrow('it was written to meanwhile')
    expect(await runsIn(new File([on.file.slice(0, before.size)], 'demo.db'))).toEqual(['a', 'b'])
  })

  test('that is written to while the change is made is left alone, if only one byte of its head differs', async () => {
    const on = await disk()
    const bytes = new Uint8Array(await on.file.arrayBuffer())
    on.meanwhile = () => {
      bytes[27] = (bytes[27] ?? 0) + 1
      on.file = new File([bytes], 'demo.db', { lastModified: 1000 })
    }
    await expect(changeFile('demo.db', 'demo', remove, await seen(on))).rejects.toThrow(
      'it was written to meanwhile',
    )
    expect(await runsIn(on.file)).toEqual(['a', 'b'])
  })

  test('beside which a log lies, or a journal, is left alone, also one that comes meanwhile', async () => {
    const on = await disk(true)
    const beside = new Map<string, string>()
    const folder = {
      async getFileHandle(name: string) {
        const text = beside.get(name)
        if (text === undefined) throw new DOMException('none', 'NotFoundError')
        return { getFile: async () => new File([text], name) }
      },
    } as unknown as FileSystemDirectoryHandle
    const ask = async () => changeFile('demo.db', 'demo', remove, await seen(on), folder)
    beside.set('demo.db-wal', 'x'.repeat(4000))
    await expect(ask()).rejects.toThrow('a log of 4,000 bytes lies beside it')
    beside.clear()
    beside.set('demo.db-journal', '\xd9\xd5')
    await expect(ask()).rejects.toThrow('a journal lies beside it (demo.db-journal)')
    beside.clear()
    on.meanwhile = () => void beside.set('demo.db-wal', 'x')
    await expect(ask()).rejects.toThrow('a log of 1 bytes lies beside it')
    expect(await runsIn(on.file)).toEqual(['a', 'b'])
    on.meanwhile = () => {}
    beside.set('demo.db-wal', '')
    beside.set('demo.db-journal', '\0'.repeat(512))
    await ask()
    expect(await runsIn(on.file)).toEqual(['b'])
  })

  test('says in words why it cannot be written', async () => {
    const cases: [string, RegExp][] = [
      ['NotAllowedError', /the permission to write it was taken back/],
      ['NoModificationAllowedError', /something else has it open for writing/],
      ['QuotaExceededError', /the disk has no room for a second copy of it/],
      ['OddError', /could not be written: OddError: why/],
    ]
    for (const [name, words] of cases) {
      const on = await disk()
      on.refuses = new DOMException('why', name)
      await expect(changeFile('demo.db', 'demo', remove, await seen(on))).rejects.toThrow(words)
      expect(await runsIn(on.file)).toEqual(['a', 'b'])
    }
    const move: RunChange = { ...remove, kind: 'move', to: 'other' }
    await expect(changeFile('demo.db', 'demo', move, await seen(await disk()))).rejects.toThrow(
      'not moved to another file',
    )
  })
})
