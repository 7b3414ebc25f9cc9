import { describe, expect, test } from 'vitest'
import { mediaInText, withMediaPaths } from '../../src/compute/media-in-text.ts'

const image = (path: string) => `{"_type":"trackio.image","file_path":${JSON.stringify(path)},"caption":null}`

describe('files that media of a JSON text name', () => {
  test('are found at any depth, in order, whatever order their members have', () => {
    const text = `{"a":${image('p/r/0/a.png')},"t":{"_type":"trackio.table","_value":[{"c":[${image('p/r/b.png')}]}]},"h": { "file_path" : "p/r/1/x.html" , "_type" : "trackio.html" }}`
    expect(mediaInText(text).map(({ path }) => path)).toEqual(['p/r/0/a.png', 'p/r/b.png', 'p/r/1/x.html'])
    for (const { path, from, to } of mediaInText(text)) expect(JSON.parse(text.slice(from, to))).toBe(path)
  })

  test('are not what a person logged under that key, nor what stands in a string', () => {
    const text = `{"cfg":{"file_path":"p/r/data.csv"},"s":"{\\"_type\\":\\"trackio.image\\",\\"file_path\\":\\"p/r/0/a.png\\"}","_type":"trackio.table","file_path":"p/r/0/t"}`
    expect(mediaInText(text)).toEqual([])
  })

  test('keep every other letter where a path is changed: long numbers, bare NaN, spaces', () => {
    const text = `{"n": 12345678901234567890, "bad": NaN, "one": 1.0, "i": ${image('p/r "q"/0/a.png')}}`
    const changed = withMediaPaths(text, (path) => path.replace('p/', 'other/'))
    expect(changed).toBe(text.replace('p/r', 'other/r'))
    expect(withMediaPaths(text, () => undefined)).toBeUndefined()
  })

  test('of a text that is cut off are those that were whole', () => {
    expect(
      mediaInText(`{"a":${image('p/a.png')},"b":{"_type":"trackio.image","file_path":"p/b`),
    ).toHaveLength(1)
    expect(mediaInText('')).toEqual([])
    expect(mediaInText('}]"')).toEqual([])
  })
})
