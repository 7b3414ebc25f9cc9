import { describe, expect, test } from 'vitest'
import { TrackioError } from '../../../src/model/errors.ts'
import type { AddressKind } from '../../../src/model/source.ts'
import { parseAddress, repoPage, repoText, resolveUrl } from '../../../src/storage/address/address.ts'

const HUB = 'https://huggingface.co'
const BASE = 'https://me.example/lite/index.html?project=a#x'

const parse = (text: string, as: AddressKind = 'auto', hub?: string) =>
  parseAddress(text, as, hub ? { base: BASE, hub } : { base: BASE })
const failure = (text: string, as: AddressKind = 'auto', base = BASE): TrackioError => {
  try {
    parseAddress(text, as, { base })
  } catch (cause) {
    if (cause instanceof TrackioError) return cause
    throw cause
  }
  return expect.fail(`${text} was understood`)
}
const dataset = (more = {}, at = {}) => ({
  kind: 'hub',
  hub: HUB,
  repo: { type: 'dataset', id: 'user/name', ...at },
  ...more,
})
const bucket = (more = {}) => ({ kind: 'hub', hub: HUB, repo: { type: 'bucket', id: 'user/name' }, ...more })
const space = (more = {}, at = {}) => ({
  kind: 'hub',
  hub: HUB,
  repo: { type: 'space', id: 'user/name', ...at },
  ...more,
})

describe('names of the Hub', () => {
  test.each(['dataset', 'bucket', 'space'] as const)('user/name is a %s where it is meant as one', (type) => {
    expect(parse('user/name', type)).toEqual({ kind: 'hub', hub: HUB, repo: { type, id: 'user/name' } })
    expect(parse('  user/name/ ', type)).toEqual({ kind: 'hub', hub: HUB, repo: { type, id: 'user/name' } })
    expect(parse('us-er_1.2/n.a-m_e', type)).toMatchObject({ repo: { id: 'us-er_1.2/n.a-m_e' } })
    expect(parse(`${type}s/user/name`, type)).toMatchObject({ repo: { type, id: 'user/name' } })
  })
  test('user/name alone may be any of the three', () => {
    expect(parse('user/name')).toEqual({ kind: 'hubName', hub: HUB, id: 'user/name' })
    expect(parse('user/name@v2')).toEqual({ kind: 'hubName', hub: HUB, id: 'user/name', revision: 'v2' })
  })
  test('a prefix says which, whatever it is meant as', () => {
    expect(parse('datasets/user/name')).toEqual(dataset())
    expect(parse('buckets/user/name')).toEqual(bucket())
    expect(parse('spaces/user/name')).toEqual(space())
    expect(parse('spaces/user/name', 'dataset')).toEqual(space())
    expect(parse('datasets/user/name/tree/main/aux')).toEqual(dataset({ path: 'aux/' }, { revision: 'main' }))
    expect(parse('buckets/user/name/resolve/trackio/demo.db')).toEqual(
      bucket({ path: 'trackio/demo.db', format: 'db' }),
    )
  })
  test('a revision stands behind an @, which buckets do not have', () => {
    expect(parse('user/name@refs/pr/1', 'dataset')).toEqual(dataset({}, { revision: 'refs/pr/1' }))
    expect(parse('user/name@x', 'bucket')).toEqual(bucket())
  })
  test('a path stands behind the name', () => {
    expect(parse('user/name/aux/configs.parquet', 'dataset')).toEqual(
      dataset({ path: 'aux/configs.parquet', format: 'parquet' }),
    )
    expect(parse('user/name@v1/aux/', 'dataset')).toEqual(dataset({ path: 'aux/' }, { revision: 'v1' }))
    expect(parse('user/name@refs/pr/1/x.db', 'dataset')).toEqual(
      dataset({ path: 'x.db', format: 'db' }, { revision: 'refs/pr/1' }),
    )
    expect(parse('user/name/trackio/demo.db', 'bucket')).toEqual(
      bucket({ path: 'trackio/demo.db', format: 'db' }),
    )
    expect(failure('user/name/../x.db', 'bucket').message).toBe('a path with .. in it')
  })
  test('what names a repository and a path in it is understood again', () => {
    for (const repo of [
      { type: 'dataset', id: 'user/name' },
      { type: 'dataset', id: 'user/name', revision: 'main' },
      { type: 'dataset', id: 'user/name', revision: 'refs/pr/1' },
      { type: 'space', id: 'user/name', revision: 'a/b c' },
    ] as const) {
      for (const path of ['aux/', 'media/run #1/50%/@é?.db']) {
        expect(parse(repoText(repo, path), repo.type)).toMatchObject({ kind: 'hub', repo, path })
      }
      expect(parse(repoText(repo), repo.type)).toEqual({ kind: 'hub', hub: HUB, repo })
    }
    expect(repoText({ type: 'bucket', id: 'user/name' }, 'trackio/')).toBe('user/name/trackio/')
  })
  test('hf:// addresses name a repository, a revision and a path', () => {
    expect(parse('hf://datasets/user/name')).toEqual(dataset())
    expect(parse('hf://datasets/user/name@v1.0/data/a%20b.parquet')).toEqual(
      dataset({ path: 'data/a b.parquet', format: 'parquet' }, { revision: 'v1.0' }),
    )
    expect(parse('hf://datasets/user/name@refs%2Fpr%2F3/x.db')).toEqual(
      dataset({ path: 'x.db', format: 'db' }, { revision: 'refs/pr/3' }),
    )
    expect(parse('hf://datasets/user/name@~parquet')).toEqual(
      dataset({}, { revision: 'refs/convert/parquet' }),
    )
    expect(parse('hf://buckets/user/name/trackio/')).toEqual(bucket({ path: 'trackio/' }))
    expect(parse('hf://spaces/user/name/')).toEqual(space())
    expect(failure('hf://user/name/x.db')).toMatchObject({
      subject: 'hf://user/name/x.db',
      message: 'names no dataset, bucket or Space',
    })
  })
  test('another Hub is asked where one is named', () => {
    const hub = 'http://127.0.0.1:5055'
    expect(parse('user/name', 'dataset', hub)).toMatchObject({ hub })
    expect(parse('user/name', 'auto', `${hub}/`)).toMatchObject({ hub })
    expect(parse(`${hub}/datasets/user/name/blob/main/x.db`, 'auto', hub)).toEqual({
      kind: 'hub',
      hub,
      repo: { type: 'dataset', id: 'user/name', revision: 'main' },
      path: 'x.db',
      format: 'db',
    })
    // whatever it is called, huggingface.co stays itself
    expect(parse('https://huggingface.co/datasets/user/name', 'auto', hub)).toEqual(dataset())
    expect(parse('user/name', 'bucket', 'hub.example')).toMatchObject({ hub: 'https://hub.example' })
  })
})

describe('pages of the Hub', () => {
  test('of a repository are the repository', () => {
    for (const host of [
      'https://huggingface.co',
      'http://www.huggingface.co',
      'https://hf.co',
      'huggingface.co',
    ]) {
      expect(parse(`${host}/datasets/user/name`)).toEqual(dataset())
    }
    for (const below of [
      '/',
      '/settings',
      '/discussions/3',
      '/commits/main',
      '/viewer/default/train?p=2',
      '#readme',
      '/tree/',
      '?x=1',
    ]) {
      expect(parse(`https://huggingface.co/datasets/user/name${below}`)).toEqual(dataset())
    }
    expect(parse('https://huggingface.co/spaces/user/name')).toEqual(space())
    expect(parse('https://huggingface.co/spaces/user/name?logs=build')).toEqual(space())
    expect(parse('https://huggingface.co/buckets/user/name')).toEqual(bucket())
    expect(parse('https://huggingface.co/buckets/user/name/tree')).toEqual(bucket())
  })
  test('of a folder are the folder at that revision', () => {
    expect(parse('https://huggingface.co/datasets/user/name/tree/main')).toEqual(
      dataset({}, { revision: 'main' }),
    )
    expect(parse('https://huggingface.co/datasets/user/name/tree/v1/media/a%20b')).toEqual(
      dataset({ path: 'media/a b/' }, { revision: 'v1' }),
    )
    expect(parse('https://huggingface.co/datasets/user/name/tree/refs%2Fconvert%2Fparquet/default')).toEqual(
      dataset({ path: 'default/' }, { revision: 'refs/convert/parquet' }),
    )
    expect(parse('https://huggingface.co/datasets/user/name/tree/refs/pr/12')).toEqual(
      dataset({}, { revision: 'refs/pr/12' }),
    )
    expect(parse('https://huggingface.co/buckets/user/name/tree/trackio/media')).toEqual(
      bucket({ path: 'trackio/media/' }),
    )
    expect(parse('https://huggingface.co/spaces/user/name/tree/main/assets')).toEqual(
      space({ path: 'assets/' }, { revision: 'main' }),
    )
  })
  test.each(['blob', 'resolve', 'raw', 'blame'])('of a file (%s) are that file', (verb) => {
    expect(parse(`https://huggingface.co/datasets/user/name/${verb}/main/x.db?download=true`)).toEqual(
      dataset({ path: 'x.db', format: 'db' }, { revision: 'main' }),
    )
    expect(parse(`https://huggingface.co/datasets/user/name/${verb}/0123abc/aux/configs.parquet`)).toEqual(
      dataset({ path: 'aux/configs.parquet', format: 'parquet' }, { revision: '0123abc' }),
    )
    expect(parse(`https://huggingface.co/buckets/user/name/${verb}/trackio/demo.sqlite3`)).toEqual(
      bucket({ path: 'trackio/demo.sqlite3', format: 'db' }),
    )
  })
  test('of a commit are the repository at that commit', () => {
    expect(parse('https://huggingface.co/datasets/user/name/commit/0123abc')).toEqual(
      dataset({}, { revision: '0123abc' }),
    )
  })
  test('of a file in a model repository are its raw address', () => {
    expect(parse('https://huggingface.co/user/name/blob/main/runs/x.db')).toEqual({
      kind: 'url',
      url: 'https://huggingface.co/user/name/resolve/main/runs/x.db',
      format: 'db',
    })
  })
  test.each(['', '/user', '/user/name', '/docs/hub', '/datasets', '/datasets/user'])(
    'like %s are none of these, which is said',
    (path) => {
      expect(failure(`https://huggingface.co${path}`)).toMatchObject({
        message: 'a page of the Hub, but no dataset, bucket or Space',
      })
    },
  )
  test('do not lead out of their repository', () => {
    expect(
      failure('https://huggingface.co/datasets/user/name/resolve/main/a%2F..%2F..%2Fx.db'),
    ).toMatchObject({
      subject: 'a/../../x.db',
      message: 'a path with .. in it',
    })
    expect(failure('hf://datasets/user/name/../../x.db').message).toBe('a path with .. in it')
  })
})

describe('where Spaces run', () => {
  test.each([
    'https://user-name.hf.space',
    'https://user-name.hf.space/?project=a',
    'user-name.hf.space',
    'https://user-name.hf.space/metrics',
  ])('%s is a host of a Space', (text) => {
    expect(parse(text)).toEqual({ kind: 'spaceHost', host: 'user-name.hf.space' })
    expect(parse(text, 'space')).toEqual({ kind: 'spaceHost', host: 'user-name.hf.space' })
  })
  test('static ones too', () => {
    expect(parse('https://User-Name.static.hf.space/index.html', 'space')).toEqual({
      kind: 'spaceHost',
      host: 'user-name.static.hf.space',
    })
    expect(parse('https://User-Name.static.hf.space/')).toEqual({
      kind: 'spaceHost',
      host: 'user-name.static.hf.space',
    })
  })
  test('but a file there is a file, and a server where one is meant', () => {
    expect(parse('https://user-name.static.hf.space/x.db')).toEqual({
      kind: 'url',
      url: 'https://user-name.static.hf.space/x.db',
      format: 'db',
    })
    expect(parse('https://user-name.hf.space', 'server')).toEqual({
      kind: 'server',
      url: 'https://user-name.hf.space/',
    })
  })
})

describe('pages of files elsewhere', () => {
  const raw = 'https://raw.githubusercontent.com/owner/repo/main/data/my%20runs.db'
  test.each([
    'https://github.com/owner/repo/blob/main/data/my%20runs.db',
    'https://github.com/owner/repo/raw/main/data/my%20runs.db',
    'https://github.com/owner/repo/blob/main/data/my%20runs.db?raw=true#L1',
    'github.com/owner/repo/blob/main/data/my runs.db',
    raw,
  ])('%s is the raw file', (text) => {
    expect(parse(text)).toEqual({ kind: 'url', url: raw, format: 'db' })
    expect(parse(text, 'db')).toEqual({ kind: 'url', url: raw, format: 'db' })
  })
  test('a branch with a slash in it stays as it is, GitHub finds out', () => {
    expect(parse('https://github.com/owner/repo/raw/refs/heads/main/x.parquet')).toEqual({
      kind: 'url',
      url: 'https://raw.githubusercontent.com/owner/repo/refs/heads/main/x.parquet',
      format: 'parquet',
    })
  })
  test.each(['https://github.com/owner/repo', 'https://github.com/owner/repo/tree/main/data'])(
    '%s is no file, which is said',
    (text) => {
      expect(failure(text)).toMatchObject({
        subject: text,
        message: 'a page of GitHub, but not that of a file',
      })
    },
  )
  test('a gist is its first file, or the one that is named', () => {
    expect(parse('https://gist.github.com/user/0123abcd')).toEqual({
      kind: 'url',
      url: 'https://gist.githubusercontent.com/user/0123abcd/raw',
    })
    expect(parse('https://gist.github.com/user/0123abcd', 'db')).toEqual({
      kind: 'url',
      url: 'https://gist.githubusercontent.com/user/0123abcd/raw',
      format: 'db',
    })
    expect(parse('https://gist.github.com/user/0123abcd/raw/9f8e/runs.db')).toEqual({
      kind: 'url',
      url: 'https://gist.githubusercontent.com/user/0123abcd/raw/9f8e/runs.db',
      format: 'db',
    })
  })
})

describe('any other address', () => {
  test('of a file is known by its ending', () => {
    expect(parse('https://h.example/a/b.db#frag')).toEqual({
      kind: 'url',
      url: 'https://h.example/a/b.db',
      format: 'db',
    })
    expect(parse('https://h.example/a/b.SQLite?v=1')).toEqual({
      kind: 'url',
      url: 'https://h.example/a/b.SQLite?v=1',
      format: 'db',
    })
    expect(parse('https://h.example/b.parquet')).toEqual({
      kind: 'url',
      url: 'https://h.example/b.parquet',
      format: 'parquet',
    })
    expect(parse('https://h.example/get?id=3')).toEqual({ kind: 'url', url: 'https://h.example/get?id=3' })
    expect(parse('https://h.example/runs.bin')).toEqual({ kind: 'url', url: 'https://h.example/runs.bin' })
  })
  test('is a file where one is meant', () => {
    expect(parse('https://h.example/download', 'parquet')).toEqual({
      kind: 'url',
      url: 'https://h.example/download',
      format: 'parquet',
    })
    expect(parse('https://h.example/x', 'db')).toEqual({
      kind: 'url',
      url: 'https://h.example/x',
      format: 'db',
    })
  })
  test('is a folder or a server where one is meant', () => {
    expect(parse('https://h.example/data', 'folder')).toEqual({
      kind: 'folder',
      url: 'https://h.example/data/',
    })
    expect(parse('https://h.example/runs/index.html', 'folder')).toEqual({
      kind: 'folder',
      url: 'https://h.example/runs/',
    })
    expect(parse('http://127.0.0.1:7860', 'server')).toEqual({
      kind: 'server',
      url: 'http://127.0.0.1:7860/',
    })
    expect(parse('https://h.example/proxy/metrics?project=a', 'server')).toEqual({
      kind: 'server',
      url: 'https://h.example/proxy/',
    })
  })
  test('that may be a server, a dashboard or a folder is left open', () => {
    for (const text of [
      'https://h.example/x/',
      'https://h.example/x',
      'https://h.example/x/index.html',
      'h.example/x',
      'https://h.example/x/runs?a=b',
    ])
      expect(parse(text)).toEqual({ kind: 'site', url: 'https://h.example/x/' })
  })
  test('gives its write token apart, so that it comes into no link', () => {
    expect(parse('http://localhost:7860/?write_token=secret&project=a')).toEqual({
      kind: 'site',
      url: 'http://localhost:7860/',
      writeToken: 'secret',
    })
    expect(parse('localhost:7860/runs?write_token=secret', 'server')).toEqual({
      kind: 'server',
      url: 'http://localhost:7860/',
      writeToken: 'secret',
    })
  })
  test('needs no scheme: https, but http on this machine', () => {
    expect(parse('h.example/a.db')).toMatchObject({ url: 'https://h.example/a.db' })
    expect(parse('h.example:8443/a.db')).toMatchObject({ url: 'https://h.example:8443/a.db' })
    expect(parse('10.0.0.7/a.db')).toMatchObject({ url: 'https://10.0.0.7/a.db' })
    expect(parse('localhost:8000/a.db')).toMatchObject({ url: 'http://localhost:8000/a.db' })
    expect(parse('127.0.0.1:8000/a.db')).toMatchObject({ url: 'http://127.0.0.1:8000/a.db' })
    expect(parse('[::1]:8000/a.db')).toMatchObject({ url: 'http://[::1]:8000/a.db' })
    expect(parse('localhost:7860')).toEqual({ kind: 'site', url: 'http://localhost:7860/' })
    // all pages of trackio's dashboard, as its version 0.43 has them
    for (const page of 'metrics system traces media reports runs run files artifacts settings registry'.split(
      ' ',
    ))
      expect([page, parse(`localhost:7860/${page}?project=a`)]).toEqual([
        page,
        { kind: 'site', url: 'http://localhost:7860/' },
      ])
  })
  test('may be relative to the page', () => {
    expect(parse('runs/demo.db')).toEqual({
      kind: 'url',
      url: 'https://me.example/lite/runs/demo.db',
      format: 'db',
    })
    expect(parse('demo.parquet')).toEqual({
      kind: 'url',
      url: 'https://me.example/lite/demo.parquet',
      format: 'parquet',
    })
    expect(parse('./runs/')).toEqual({ kind: 'site', url: 'https://me.example/lite/runs/' })
    expect(parse('/runs/', 'folder')).toEqual({ kind: 'folder', url: 'https://me.example/runs/' })
    expect(parse('.', 'server')).toEqual({ kind: 'server', url: 'https://me.example/lite/' })
    expect(parse('data/file', 'db')).toEqual({
      kind: 'url',
      url: 'https://me.example/lite/data/file',
      format: 'db',
    })
  })
  test('may stand in quotes or brackets, as copied from a mail', () => {
    expect(parse(' <https://h.example/a.db> ')).toMatchObject({ url: 'https://h.example/a.db' })
    expect(parse('"user/name"', 'dataset')).toEqual(dataset())
  })
})

describe('what makes no sense', () => {
  test.each([
    ['', 'auto', 'nothing typed'],
    ['   ', 'db', 'nothing typed'],
    ['demo', 'auto', 'neither an address nor user/name'],
    ['a/b/c', 'auto', 'neither an address nor user/name'],
    ['user/na me', 'auto', 'no name of a repository'],
    ['demo', 'dataset', 'no name of a dataset'],
    ['demo', 'space', 'no name of a Space'],
    ['-x/name', 'bucket', 'no name of a bucket'],
    ['https://', 'auto', 'not an address'],
    ['https://h.example/x', 'dataset', 'not an address of the Hub (https://huggingface.co)'],
    ['file:///home/me/x.db', 'auto', 'a page cannot read file: addresses'],
    ['ftp://h.example/x.db', 'db', 'a page cannot read ftp: addresses'],
    ['javascript:alert(1)', 'db', 'a page cannot read javascript: addresses'],
    ['data:text/plain,x', 'auto', 'a page cannot read data: addresses'],
  ] as const)('%j as %s: %s', (text, as, message) => {
    const error = failure(text, as)
    expect(error.message).toBe(message)
    expect(error.subject).toBe(text.trim() || 'address')
    expect(error.action).toMatch(/^[A-Z].*\.$/)
  })
  test('never comes back with a secret in it', () => {
    expect(JSON.stringify(failure('hf_abcdefghijklmnopqrstuvwx'))).not.toContain('abcdef')
    expect(failure('hf_abcdefghijklmnopqrstuvwx').message).toBe('this is an access token, not an address')
    const { subject, message, action } = failure('https://me:secret@h.example/x.db')
    expect(subject + message + action).not.toContain('secret')
    expect(subject).toBe('h.example')
  })
  test('is a relative address where the page has none', () => {
    expect(failure('x.db', 'auto', 'about:srcdoc').message).toBe(
      'a relative address, but the page has none itself',
    )
    expect(failure('x.db', 'auto', 'file:///home/me/index.html').message).toBe(
      'a page cannot read file: addresses',
    )
  })
})

describe('addresses that are made', () => {
  test('encode each part of a path, and know that buckets have no revision', () => {
    expect(resolveUrl(HUB, { type: 'dataset', id: 'u/n' }, 'media/run #1/50%/é.png', 'refs/pr/1')).toBe(
      'https://huggingface.co/datasets/u/n/resolve/refs%2Fpr%2F1/media/run%20%231/50%25/%C3%A9.png',
    )
    expect(resolveUrl(HUB, { type: 'dataset', id: 'u/n' }, 'x.db')).toBe(
      'https://huggingface.co/datasets/u/n/resolve/main/x.db',
    )
    expect(resolveUrl(HUB, { type: 'bucket', id: 'u/n' }, 'trackio/x.db')).toBe(
      'https://huggingface.co/buckets/u/n/resolve/trackio/x.db',
    )
    expect(repoPage(HUB, { type: 'space', id: 'u/n' })).toBe('https://huggingface.co/spaces/u/n')
  })
  test('are understood again', () => {
    const repo = { type: 'dataset' as const, id: 'u/n', revision: 'refs/pr/1' }
    expect(parse(resolveUrl(HUB, repo, 'a b/#1.db'))).toEqual({
      kind: 'hub',
      hub: HUB,
      repo,
      path: 'a b/#1.db',
      format: 'db',
    })
  })
})
