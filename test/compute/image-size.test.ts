import { describe, expect, test } from 'vitest'
import { imageSize } from '../../src/compute/image-size.ts'
import { makeRandom } from '../random.ts'

// what Pillow 12 writes
const FILES: Record<string, [string, [number, number]]> = {
  png: [
    'iVBORw0KGgoAAAANSUhEUgAAACUAAAAVCAIAAABOhrD5AAAAJklEQVR4nGPk1DjBQEfARE/LRu0btW/UvlH7Ru0btW/UvlH7qAAAt6YBI/PnwhMAAAAASUVORK5CYII=',
    [37, 21],
  ],
  'png of 16 bits': [
    'iVBORw0KGgoAAAANSUhEUgAAASwAAAACEAAAAACXV2IYAAAAEklEQVR4nGNgGAWjYBSMgqECAASyAAFDC2GyAAAAAElFTkSuQmCC',
    [300, 2],
  ],
  gif: ['R0lGODdhJQAVAIIAAAAAmQAzmTMzmQAAzDMAzAAzzDMzzAAAACwAAAAAJQAVAEAI5QAL', [37, 21]],
  jpeg: [
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAVACUDASIAAhEBAxEB/8QAHwAA',
    [37, 21],
  ],
  'jpeg, progressive and turned by its Exif': [
    '/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wgARCAAVACUDASIAAhEBAxEB',
    [37, 21],
  ],
  'webp, lossy': [
    'UklGRkIAAABXRUJQVlA4IDYAAAAwAwCdASolABUAP3G202G0ryqmJWgCkC4JZwDRgA8KmggAAP7o1x/ih5rewdycTHayB9S1QAA=',
    [37, 21],
  ],
  'webp, lossless': ['UklGRiAAAABXRUJQVlA4TBQAAAAv54MAAAcQEf0PAAnh/3oxov9pHQ==', [1000, 3]],
  'webp of one pixel': ['UklGRhoAAABXRUJQVlA4TA4AAAAvAAAAAAcQEf0PRET/Aw==', [1, 1]],
  'webp, extended': [
    'UklGRoYAAABXRUJQVlA4WAoAAAAIAAAAJAAAFAAAVlA4IEYAAACwAwCdASolABUAPm02l0ikIyIhJWgAgA2JZwDQvoAAIV/Aa5WEQAD++bwj//7Sz/6ln/1LP8eX/xa1uFpX71uA7oT4AAAARVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAAAAAAAA==',
    [37, 21],
  ],
  bmp: [
    'Qk1WAAAAAAAAAD4AAAAoAAAAJQAAAAMAAAABAAEAAAAAABgAAADEDgAAxA4AAAIAAAACAAAAAAAAAP///wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    [37, 3],
  ],
}
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

describe('the head of a file tells its size', () => {
  test.each(Object.entries(FILES))('%s', (_, [base64, [width, height]]) => {
    expect(imageSize(bytesOf(base64))).toEqual({ width, height })
  })

  test('also where the bytes stand within others', () => {
    const [base64] = FILES.png ?? ['']
    const file = bytesOf(base64)
    const around = new Uint8Array(file.length + 7)
    around.set(file, 5)
    expect(imageSize(around.subarray(5))).toEqual({ width: 37, height: 21 })
  })

  test('a bitmap whose rows run downwards, and one with the head of OS/2', () => {
    const [base64] = FILES.bmp ?? ['']
    const down = bytesOf(base64)
    new DataView(down.buffer).setInt32(22, -3, true)
    expect(imageSize(down)).toEqual({ width: 37, height: 3 })
    const old = new Uint8Array(32)
    old.set([0x42, 0x4d])
    const view = new DataView(old.buffer)
    view.setUint32(14, 12, true)
    view.setUint16(18, 300, true)
    view.setUint16(20, 200, true)
    view.setUint16(22, 1, true)
    view.setUint16(24, 24, true)
    expect(imageSize(old)).toEqual({ width: 300, height: 200 })
  })

  test('a JPEG with fill bytes before a marker, tables first, and the largest sides', () => {
    const head = [
      0xff, 0xd8, 0xff, 0xff, 0xff, 0xc4, 0, 4, 1, 2, 0xff, 0xc2, 0, 17, 8, 0xff, 0xff, 0xff, 0xfe,
    ]
    expect(imageSize(Uint8Array.from([...head, 3, 1, 2]))).toEqual({ width: 65_534, height: 65_535 })
  })
})

describe('there is no size', () => {
  test('of other files', () => {
    const text = (words: string) => new TextEncoder().encode(words.padEnd(64, ' '))
    for (const words of ['', '<svg width="10" height="10">', 'RIFF1234WAVEfmt ', 'GIF', '\x89PN'])
      expect(imageSize(text(words)), words).toBeUndefined()
  })

  test('of a head that is cut: never another one, never an error', () => {
    for (const [name, [base64, [width, height]]] of Object.entries(FILES)) {
      const file = bytesOf(base64)
      for (let end = 0; end < file.length; end++) {
        const size = imageSize(file.slice(0, end))
        if (size) expect(size, `${name}, ${end} bytes`).toEqual({ width, height })
      }
    }
  })

  test('of damaged heads nothing is thrown', () => {
    const random = makeRandom(4)
    for (let round = 0; round < 2000; round++) {
      const [base64] = Object.values(FILES)[round % 10] ?? ['']
      const file = bytesOf(base64)
      for (let i = 0; i < 6; i++) file[2 + Math.floor(random() * (file.length - 2))] = random() * 256
      expect(() => imageSize(file)).not.toThrow()
    }
  })
})
