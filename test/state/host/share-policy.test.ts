import { describe, expect, test } from 'vitest'
import type { SourceInfo } from '../../../src/model/source.ts'
import { isTold } from '../../../src/state/host/share-policy.ts'
import type { OpenSource } from '../../../src/state/sources/source-list.ts'

const info = (host: string): SourceInfo => ({
  id: 's1',
  name: 'x',
  bytes: 1,
  live: false,
  every: 0,
  local: host === '',
  host,
  writable: false,
  projects: [],
  notices: [],
})

function told(
  kind: OpenSource['kind'],
  host: string,
  origin = 'https://blog.example',
  tokens: string[] = [],
): boolean {
  return isTold({ kind, info: info(host) }, { origin, own: 'https://lite.example', tokens })
}

describe('another page hears', () => {
  test('of what it handed over, and of what anybody can read', () => {
    expect([
      told('host', ''),
      told('demo', ''),
      told('address', 'huggingface.co'),
      told('beside', 'huggingface.co'),
    ]).toEqual([true, true, true, true])
  })
  test('not of what a person chose or keeps', () => {
    for (const kind of ['file', 'folder', 'kept', 'tracked'] as const) expect(told(kind, '')).toBe(false)
  })
  test('not of this machine or its network, unless it is of there itself', () => {
    for (const host of [
      '',
      '127.0.0.1:7860',
      'localhost:7870',
      '[::1]:80',
      '192.168.1.5',
      '10.0.0.1:80',
      'train-box:7860',
      'nas.local',
    ]) {
      expect([host, told('beside', host), told('address', host)]).toEqual([host, false, false])
      expect([host, told('address', host, 'http://localhost:8888')]).toEqual([host, true])
    }
    expect(told('address', '127.0.0.1', '*')).toBe(false)
    expect(told('address', '127.0.0.1', 'null')).toBe(false)
  })
  test('not of what is read with a token, but this page’s own origin hears everything that has an address', () => {
    expect(told('address', 'huggingface.co', 'https://blog.example', ['huggingface.co'])).toBe(false)
    expect(told('address', 'huggingface.co', 'https://lite.example', ['huggingface.co'])).toBe(true)
    expect(told('file', '', 'https://lite.example')).toBe(false)
  })
})
