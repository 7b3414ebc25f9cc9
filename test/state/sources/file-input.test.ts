import { expect, test } from 'vitest'
import { giveFiles, mediaPlaces } from '../../../src/state/sources/file-input.ts'

test('a media file lies where its value says, or there without the name of its project, and nowhere else', () => {
  expect(mediaPlaces('p/run/0/a.png', 'p')).toEqual(['media/run/0/a.png', 'media/p/run/0/a.png'])
  expect(mediaPlaces('my\\run\\a.png', 'm.y')).toEqual(['media/run/a.png', 'media/my/run/a.png'])
  expect(mediaPlaces('team/x/run/a.png', 'team/x')[0]).toBe('media/run/a.png')
  expect(mediaPlaces('../a.png', 'p')).toEqual([])
})

test('a file of the same name in another run is not taken for the one that is missing', async () => {
  const file = (path: string): File =>
    Object.defineProperty(new File(['x'], 'a.png'), 'webkitRelativePath', { value: path })
  const { find } = giveFiles([file('data/media/q/0/a.png'), file('data/media/run/1/a.png')])
  expect(await find?.('p/q/0/a.png', 'p')).toBeDefined()
  expect(await find?.('p/run/q/0/a.png', 'p')).toBeUndefined()
})
