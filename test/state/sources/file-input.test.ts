import { expect, test } from 'vitest'
import { mediaPaths, stripsOf } from '../../../src/compute/media-paths.ts'
import { giveFiles } from '../../../src/state/sources/file-input.ts'

const mediaPlaces = (path: string, project: string) => mediaPaths(path, 'media/', stripsOf(project))

test('a media file lies where its value says, or there without the name of its project, and nowhere else', () => {
  expect(mediaPlaces('p/run/0/a.png', 'p')).toEqual(['media/run/0/a.png', 'media/p/run/0/a.png'])
  expect(mediaPlaces('my\\run\\a.png', 'm.y')).toEqual(['media/run/a.png', 'media/my/run/a.png'])
  expect(mediaPlaces('team/x/run/a.png', 'team/x')[0]).toBe('media/run/a.png')
  expect(mediaPlaces('../../a.png', 'p')).toEqual(['media/_/a.png', 'media/_/_/a.png'])
})

test('a file of the same name in another run is not taken for the one that is missing', async () => {
  const file = (path: string): File =>
    Object.defineProperty(new File(['x'], 'a.png'), 'webkitRelativePath', { value: path })
  const { find } = giveFiles([file('data/media/q/0/a.png'), file('data/media/run/1/a.png')])
  expect(await find?.(mediaPlaces('p/q/0/a.png', 'p'))).toBeDefined()
  expect(await find?.(mediaPlaces('p/run/q/0/a.png', 'p'))).toBeUndefined()
})
