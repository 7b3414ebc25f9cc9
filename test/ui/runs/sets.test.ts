import { describe, expect, test } from 'vitest'
import { formatSets, parseSets } from '../../../src/ui/pages/runs/sets.ts'

describe('saved sets of columns', () => {
  test('come out of the link as they went in', () => {
    const sets = [
      { name: 'Overview, mine', cols: 'state,last:a%2Cb' },
      { name: 'cost', cols: 'config:a;b,reach(>=0.7):acc' },
    ]
    expect(formatSets(sets)).toBe('Overview, mine=state,last:a%2Cb;cost=config:a%3Bb,reach(>=0.7):acc')
    expect(parseSets(formatSets(sets))).toEqual(sets)
  })
  test('what is none is left out', () => {
    expect(parseSets('')).toEqual([])
    expect(parseSets('nothing;=state;empty=;a=state')).toEqual([{ name: 'a', cols: 'state' }])
  })
})
