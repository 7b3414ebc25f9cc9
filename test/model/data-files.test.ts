import { describe, expect, test } from 'vitest'
import { fileKindOf, isAside, isData, isLeftover, isUnlisted } from '../../src/model/data-files.mjs'

describe('a file of a folder', () => {
  test('is data when trackio logs to it or exports it', () => {
    for (const path of [
      'a.db',
      'x/A.SQLITE3',
      'a.db-wal',
      'x/metrics.parquet',
      'x/runs.json',
      'settings.json',
      'trackio/inbox/aa/00000001.jsonl',
      'trackio/registries/models/registry.json',
      'registries/models/events/20261123T154735330092-bda50165-000000.json',
    ])
      expect(isData(path), path).toBe(true)
    for (const path of [
      'a.db-shm',
      'a.db.bak',
      'notes.txt',
      'x.jsonl',
      'inbox/x.jsonl',
      'old-runs.json',
      'registries/a.json',
    ])
      expect(isData(path), path).toBe(false)
  })
  test('is aside below folders of what is derived, or when it is a lock', () => {
    for (const path of ['traces/p/r/1.jsonl', 'x/trackio-backups/p.db', 'artifacts/p/blobs/a.db', 'p.lock'])
      expect(isAside(path), path).toBe(true)
    for (const path of ['my-traces/p.db', 'traces.db', 'media/p/a.db'])
      expect(isAside(path), path).toBe(false)
  })
  test('is a leftover when no person means it', () => {
    expect(['a.db-shm', 'p.lock', 'x/.DS_Store', 'a.db', 'download'].map(isLeftover)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
  test('says by its ending what it is', () => {
    expect(['a.db', 'a.sqlite', 'x.PARQUET', 'x.db-wal', 'x'].map(fileKindOf)).toEqual([
      'db',
      'db',
      'parquet',
      undefined,
      undefined,
    ])
  })
})

test('folders of media and of what is derived are not listed', () => {
  expect(['media/', 'x/artifacts/', 'trackio/', 'my-media/', 'x/traces/y/'].map(isUnlisted)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})
