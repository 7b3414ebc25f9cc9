import { describe, expect, test } from 'vitest'
import {
  endingOf,
  isMediaKind,
  MEDIA_WORDS,
  mediaPayload,
  mediaType,
  pathEnd,
} from '../../src/compute/media-payload.ts'
import { MEDIA_KINDS } from '../../src/model/media.ts'

describe('what a value says of itself', () => {
  test('an image of 0.2.8 to 0.3.3: with its format, and media/ before its path, which stays as logged', () => {
    expect(
      mediaPayload({
        ...{ _type: 'trackio.image', file_path: 'media/demo/run/3/a.png', file_format: 'PNG', caption: 'c' },
      }),
    ).toEqual({ path: 'media/demo/run/3/a.png', caption: 'c', points: undefined })
  })

  test('without a caption', () => {
    for (const caption of [null, '', undefined])
      expect(
        mediaPayload({
          _type: 'trackio.video',
          file_path: 'demo/r/0/a.gif',
          ...(caption === undefined ? {} : { caption }),
        }),
      ).toMatchObject({ path: 'demo/r/0/a.gif', caption: '' })
  })

  test('a caption that was given as a number is that number', () => {
    expect(mediaPayload({ _type: 'trackio.image', file_path: 'a.png', caption: 7.5 }).caption).toBe('7.5')
    expect(mediaPayload({ _type: 'trackio.image', file_path: 'a.png', caption: 0 }).caption).toBe('0')
  })

  test('a path that Windows wrote stays as it was logged', () => {
    expect(
      mediaPayload({ _type: 'trackio.image', file_path: 'demo\\run\\3\\a.png', caption: null }).path,
    ).toBe('demo\\run\\3\\a.png')
  })

  test('a point cloud that was thinned, and one that does not say so', () => {
    const cloud = {
      _type: 'trackio.object3d',
      file_path: 'a.ply',
      format: 'ply',
      kind: 'point_cloud',
      caption: null,
    }
    expect(mediaPayload({ ...cloud, original_point_count: 2020, rendered_point_count: 500 }).points).toEqual({
      original: 2020,
      rendered: 500,
    })
    expect(mediaPayload(cloud).points).toBeUndefined()
    expect(mediaPayload({ ...cloud, original_point_count: 2020 }).points).toBeUndefined()
  })

  test('Markdown stands in the value itself, an empty one too', () => {
    expect(mediaPayload({ _type: 'trackio.markdown', _value: '# a' })).toEqual({ caption: '', text: '# a' })
    expect(mediaPayload({ _type: 'trackio.markdown', _value: '' })).toEqual({ caption: '', text: '' })
    expect(mediaPayload({ _type: 'trackio.markdown', _value: 3 }).odd).toBe('it holds no text')
  })

  test('what is wrong with others is said, with the value', () => {
    expect(mediaPayload(undefined).odd).toBe('the row is not found any more')
    expect(mediaPayload(null).odd).toBe('not an object: null')
    expect(mediaPayload([{ _type: 'trackio.image' }]).odd).toBe('not an object: [{"_type":"trackio.image"}]')
    expect(mediaPayload('x'.repeat(500)).odd?.length).toBeLessThan(110)
    for (const path of [undefined, null, '', 7, ['a.png']])
      expect(
        mediaPayload({
          _type: 'trackio.image',
          caption: 'c',
          ...(path === undefined ? {} : { file_path: path }),
        }),
      ).toEqual({ caption: 'c', odd: 'it names no file' })
  })
})

test('media are the six kinds that are looked at or listened to, each with words', () => {
  expect(MEDIA_KINDS.every(isMediaKind)).toBe(true)
  for (const kind of ['trackio.table', 'trackio.histogram', 'trackio.trace', 'image', ''])
    expect(isMediaKind(kind), kind).toBe(false)
  expect(Object.keys(MEDIA_WORDS).sort()).toEqual([...MEDIA_KINDS].sort())
})

test.each([
  ['demo/run/3/a.png', 'png', 'image/png'],
  ['demo\\run\\3\\A.JPG', 'jpg', 'image/jpeg'],
  ['a.b/c.tar.GIF', 'gif', 'image/gif'],
  ['x.svg', 'svg', 'image/svg+xml'],
  ['x.mp4', 'mp4', 'video/mp4'],
  ['x.webm', 'webm', 'video/webm'],
  ['x.wav', 'wav', 'audio/wav'],
  ['x.mp3', 'mp3', 'audio/mpeg'],
  // HTML has no type here: no address of it is ever a page
  ['x.html', 'html', ''],
  ['x.glb', 'glb', ''],
  ['v1.2/noending', '', ''],
  ['', '', ''],
])('%j ends in %j and is %j', (path, ending, type) => {
  expect([endingOf(path), mediaType(path)]).toEqual([ending, type])
})

test('a card has the end of a path', () => {
  expect(pathEnd('demo/run/3000/b41f.png')).toBe('…/3000/b41f.png')
  expect(pathEnd('demo\\run\\3000\\b41f.png')).toBe('…/3000/b41f.png')
  expect(pathEnd('3000/b41f.png')).toBe('3000/b41f.png')
  expect(pathEnd('b41f.png')).toBe('b41f.png')
})
