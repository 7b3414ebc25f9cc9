import { expect, test } from 'vitest'
import { fileQuery, mediaPaths } from '../../src/engine/formats/trackio-server/server-media.ts'

test('a logged file is looked for where it says, then where older releases and moved runs leave it', () => {
  const cases: [string, string[]][] = [
    ['proj/run/3/a.png', ['proj/run/3/a.png']],
    ['proj\\run\\3\\a.png', ['proj/run/3/a.png']],
    ['media/proj/run/3/a.png', ['proj/run/3/a.png', 'media/proj/run/3/a.png']],
    ['p.r/oj/a/b/3/a.png', ['p.r/oj/a/b/3/a.png', 'proj/a/b/3/a.png']],
    ['other/run/3/a.png', ['other/run/3/a.png']],
    ['proj/../../secret', []],
  ]
  for (const [path, expected] of cases) expect(mediaPaths('proj', path), path).toEqual(expected)
})

test('the server decodes a path twice, and gets it right', () => {
  for (const path of ['/a b/100%/ü?x=1&y', '/%41+#', '/plain']) {
    const once = new URL(fileQuery(path), 'http://localhost/').searchParams.get('path') ?? ''
    expect(decodeURIComponent(once)).toBe(path)
  }
})
