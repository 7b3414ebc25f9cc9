import { describe, expect, test } from 'vitest'
import { type Entry, parseEntry } from '../../../src/state/changes/entry.ts'
import { changeWords } from '../../../src/state/changes/places.ts'

const entry: Entry = {
  ...{ id: 'one', at: 1, until: 2, page: 'p', state: 'waiting' },
  place: { kind: 'kept', name: 'copy', project: 'demo' },
  change: { kind: 'rename', runs: [{ key: 'k', id: null, name: 'a' }], name: 'b' },
}

describe('an entry of the journal', () => {
  test('is what was written', () => {
    const others: Entry[] = [
      entry,
      { ...entry, state: 'failed', why: 'full', seen: true },
      { ...entry, place: { kind: 'server', url: 'http://x/', host: 'x', project: 'demo' } },
      { ...entry, place: { kind: 'file', source: 's1', path: 'demo.db', project: 'demo' } },
      { ...entry, change: { kind: 'delete-project' } },
      {
        ...entry,
        change: { kind: 'move', runs: [{ key: 'k', id: 'i', name: 'a', shared: true }], to: 'other' },
      },
    ]
    for (const one of others) expect(parseEntry(JSON.stringify(one))).toEqual(one)
  })

  test('is none where it was not written here: nothing is deleted because of it', () => {
    const broken: unknown[] = [
      null,
      'text',
      [],
      { ...entry, state: 'odd' },
      { ...entry, at: '1' },
      { ...entry, place: { kind: 'elsewhere' } },
      { ...entry, change: { kind: 'delete', runs: [] } },
      { ...entry, change: { kind: 'delete', runs: [{ key: 'k', name: 'a', id: null }, { key: 1 }] } },
      { ...entry, change: { kind: 'drop everything' } },
      { ...entry, change: { kind: 'move', runs: [{ key: 'k', name: 'a' }] } },
    ]
    for (const one of broken) expect(parseEntry(JSON.stringify(one)), JSON.stringify(one)).toBeUndefined()
    expect(parseEntry('{"id":')).toBeUndefined()
    expect(parseEntry(null)).toBeUndefined()
  })

  test('is told of in a sentence', () => {
    const runs = ['a', 'b'].map((name) => ({ key: name, id: null, name }))
    expect(changeWords(entry.change, entry.place)).toBe('Renamed a to b')
    expect(changeWords({ kind: 'delete', runs }, entry.place)).toBe('Deleted 2 runs')
    expect(changeWords({ kind: 'move', runs: runs.slice(1), to: 'other' }, entry.place)).toBe(
      'Moved b to other',
    )
    expect(changeWords({ kind: 'delete-project' }, entry.place)).toBe('Deleted the copy copy')
    expect(changeWords({ kind: 'delete-project' }, { kind: 'tracked', name: 'demo', project: 'demo' })).toBe(
      'Deleted the project demo',
    )
  })
})
