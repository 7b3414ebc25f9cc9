import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page, Route } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeGif } from '../../src/client/values/gif.ts'
import { encodePointCloud } from '../../src/client/values/ply.ts'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { expectAccessible } from './axe.ts'
import {
  builtPage,
  dropPaths,
  type Opened,
  openPage,
  ready,
  useBrowser,
  useFolder,
  useServer,
} from './harness.ts'
import { soon } from './steps.ts'
import { encodeWebm } from './webm.ts'

/* What moves, sounds and is turned on the Media page, in panes of their own. */

const browser = await useBrowser()
const site = await useServer(builtPage())
const folder = useFolder()
/** Greys of films: what stands there says which picture it is. */
const LONG = Array.from({ length: 20 }, (_, i) => i * 12)
const SHORT = LONG.slice(0, 8).map((grey) => 255 - grey)
const FPS = 10
/** Drawing in 3D without a GPU takes its time by pixel. */
const SMALL = { viewport: { width: 800, height: 560 } }

beforeAll(async () => {
  const { page, close } = await openPage(browser, site.url)
  await writeProject({
    long: await encodeWebm(page, { greys: LONG, fps: FPS }),
    short: await encodeWebm(page, { greys: SHORT, fps: FPS }),
    untimed: await encodeWebm(page, { greys: LONG, fps: FPS, timed: false }),
  })
  await close()
})

describe('films of two runs', () => {
  test('play together, and stand at the same time when they are stopped', async () => {
    const { page, expectClean, close } = await opened([
      ['one', 'film'],
      ['two', 'film'],
    ])
    await soon(() => durations(page)).toEqual([2, 0.8])
    await page.getByRole('button', { name: 'Play videos' }).click()
    await page.getByRole('button', { name: 'Pause videos' }).waitFor()
    await soon(() => time(page)).toBeGreaterThan(0.3)
    await page.getByRole('button', { name: 'Pause videos' }).click()
    const [a = 0, b = 0] = await times(page)
    expect(a).toBeGreaterThan(0.25)
    expect(Math.abs(a - b)).toBeLessThan(0.1)
    // the slider stands where they do
    expect(Math.abs((await time(page)) - a)).toBeLessThan(0.1)
    expectClean()
    await close()
  })

  test('are at the picture of the time that is asked for; the shorter one waits at its end', async () => {
    const { page, expectClean, close } = await opened([
      ['one', 'film'],
      ['two', 'film'],
    ])
    await soon(() => durations(page)).toEqual([2, 0.8])
    const slider = page.getByRole('slider', { name: 'Time in the videos' })
    for (const at of [0.45, 0.05, 1.55]) {
      await slider.fill(String(at))
      await soon(() => greys(page)).toEqual([
        near(LONG[Math.floor(at * FPS)]),
        near(SHORT[Math.min(Math.floor(at * FPS), SHORT.length - 1)]),
      ])
    }
    await slider.focus()
    await page.keyboard.press('Home')
    await soon(() => greys(page)).toEqual([near(LONG[0]), near(SHORT[0])])
    await page.keyboard.press('End')
    await soon(() => greys(page)).toEqual([near(LONG[19]), near(SHORT[7])])
    expect(await slider.getAttribute('aria-valuetext')).toBe('2.00 s of 2.00 s')
    expectClean()
    await close()
  })

  test('end together with the longest, and begin anew from there', async () => {
    const { page, expectClean, close } = await opened([
      ['one', 'film'],
      ['two', 'film'],
    ])
    await soon(() => durations(page)).toEqual([2, 0.8])
    await page.getByRole('slider', { name: 'Time in the videos' }).fill('1.5')
    await page.getByRole('button', { name: 'Play videos' }).click()
    // it ends by itself
    await page.getByRole('button', { name: 'Play videos' }).waitFor()
    await soon(() => time(page)).toBeGreaterThan(1.9)
    await soon(() => greys(page)).toEqual([near(LONG[19]), near(SHORT[7])])
    await page.getByRole('button', { name: 'Play videos' }).click()
    await page.getByRole('button', { name: 'Pause videos' }).waitFor()
    expect(await time(page)).toBeLessThan(1)
    expectClean()
    await close()
  })

  test('play as slowly as is asked', async () => {
    const { page, expectClean, close } = await opened([
      ['one', 'film'],
      ['two', 'film'],
    ])
    await soon(() => durations(page)).toEqual([2, 0.8])
    await page.getByRole('combobox', { name: 'Speed of the videos' }).selectOption('0.1')
    await page.getByRole('button', { name: 'Play videos' }).click()
    await soon(() => time(page)).toBeGreaterThan(0.02)
    expect(
      await page
        .locator('.pane video')
        .evaluateAll((all) => all.map((one) => (one as HTMLVideoElement).playbackRate)),
    ).toEqual([0.1, 0.1])
    // while they play
    await page.getByRole('combobox', { name: 'Speed of the videos' }).selectOption('2')
    await page.getByRole('button', { name: 'Play videos' }).waitFor()
    await soon(() => time(page)).toBeGreaterThan(1.9)
    expectClean()
    await close()
  })

  test('that do not say how long they last are played to their end', async () => {
    const { page, expectClean, close } = await opened([['one', 'untimed']])
    await soon(() => durations(page)).toEqual([expect.closeTo(1.9, 0.15)])
    const slider = page.getByRole('slider', { name: 'Time in the videos' })
    expect(Number(await slider.getAttribute('max'))).toBeCloseTo(1.9, 0)
    await slider.fill('0.45')
    await soon(() => greys(page)).toEqual([near(LONG[4])])
    await page.getByRole('combobox', { name: 'Speed of the videos' }).selectOption('2')
    await page.getByRole('button', { name: 'Play videos' }).click()
    await page.getByRole('button', { name: 'Pause videos' }).waitFor()
    await page.getByRole('button', { name: 'Play videos' }).waitFor()
    // the last picture has no time that could be told: the file ends as it begins
    await soon(async () => (await greys(page))[0]).toBeGreaterThan((LONG[18] ?? 0) - 6)
    expectClean()
    await close()
  })

  test('that are none say so', async () => {
    const { page, close } = await opened([['one', 'no film']])
    await page.getByText('broken.webm: no video that this browser can play').waitFor()
    await close()
  })
})

describe('an animated picture', () => {
  test('plays along with a film, frame by frame', async () => {
    const { page, expectClean, close } = await opened([
      ['one', 'gif'],
      ['one', 'film'],
    ])
    const canvas = page.getByRole('img', { name: 'video gif' })
    const grey = () => canvas.evaluate(middle)
    await soon(grey).toBe(LONG[0])
    const slider = page.getByRole('slider', { name: 'Time in the videos' })
    await soon(() => slider.getAttribute('max')).toBe('2')
    await slider.fill('0.75')
    await soon(grey).toBe(LONG[7])
    await soon(() => greys(page)).toEqual([near(LONG[7])])
    await page.getByRole('button', { name: 'Play videos' }).click()
    await page.getByRole('button', { name: 'Play videos' }).waitFor()
    await soon(grey).toBe(LONG[19])
    expectClean()
    await close()
  })

  test('of many frames is at each of them at its time', async () => {
    const { page, expectClean, close } = await opened([['one', 'long gif']])
    const canvas = page.getByRole('img', { name: 'video long gif' })
    await soon(() => canvas.evaluate(middle)).toBe(0)
    const slider = page.getByRole('slider', { name: 'Time in the videos' })
    // 600 frames of a fiftieth of a second, then 50 of a tenth
    await soon(() => slider.getAttribute('max')).toBe('17')
    await slider.fill('13.05')
    await soon(() => canvas.evaluate(middle)).toBe(610 % 250)
    await slider.focus()
    await page.keyboard.press('End')
    await soon(() => canvas.evaluate(middle)).toBe(649 % 250)
    expectClean()
    await close()
  })
})

describe('two pictures in turns', () => {
  test('change by themselves, are held, and changed by hand', async () => {
    const { page, expectClean, close } = await opened(
      [
        ['one', 'picture'],
        ['two', 'picture'],
      ],
      '&mode=blink',
      // code that comes late
      { before: (page: Page) => page.route('**/difference-*.js', late) },
    )
    const pane = page.locator('.pane.blink')
    const grey = () => pane.locator('canvas').first().evaluate(middle)
    expect([40, 200]).toContain(await grey())
    const seen = new Set<number>()
    await soon(async () => seen.add(await grey()).size).toBe(2)
    expect(seen).toEqual(new Set([40, 200]))
    await page.getByRole('button', { name: 'Hold' }).click()
    const held = await pane.getAttribute('aria-label')
    const now = held?.endsWith('A') ? 40 : 200
    await soon(grey).toBe(now)
    await page.getByRole('button', { name: now === 40 ? 'Show B' : 'Show A' }).click()
    await soon(grey).toBe(240 - now)
    await expectAccessible(page, 'two pictures in turns')
    expectClean()
    await close()
    // who asked for less motion begins with what stands still
    const still = await opened(
      [
        ['one', 'picture'],
        ['two', 'picture'],
      ],
      '&mode=blink',
      { reducedMotion: 'reduce' },
    )
    await still.page.getByRole('button', { name: 'Go on' }).waitFor()
    await still.close()
  })
})

describe('a 3D object', () => {
  test.each([
    ['glb', '4 triangles'],
    ['gltf', '4 triangles'],
    ['obj', '4 triangles'],
    ['stl', '4 triangles'],
    ['ply', '400 points'],
  ])('of a .%s file is drawn, turned by keys and set back', async (ending, words) => {
    const { page, expectClean, close } = await opened([['one', `object ${ending}`]], '', SMALL)
    await page.locator('.pane-note').getByText(words, { exact: true }).waitFor()
    const canvas = page.locator('.object-holder canvas')
    expect(await canvas.getAttribute('aria-label')).toBe(`3D object object ${ending}, ${words}`)
    const shot = async (): Promise<string> => (await canvas.screenshot()).toString('base64')
    // the ring of the focus is none of the object
    await canvas.evaluate((element) => element.style.setProperty('outline', 'none'))
    const first = await settled(shot)
    // more than the ground is there
    expect(await colours(page, first)).toBeGreaterThan(1)
    await canvas.focus()
    const change = async (...keys: string[]): Promise<string> => {
      const before = await settled(shot)
      for (const key of keys) await page.keyboard.press(key)
      await soon(async () => (await shot()) !== before).toBe(true)
      return settled(shot)
    }
    const quarter = Array(6).fill('ArrowLeft')
    const turned = await change(...quarter)
    // a full turn: what is moved or gone nearer to never comes back by it
    await change(...quarter)
    await change(...quarter)
    expect(await differing(page, first, await change(...quarter))).toBeLessThan(0.01)
    await change(...quarter)
    expect(await differing(page, turned, await settled(shot))).toBeLessThan(0.01)
    await change('ArrowUp')
    await change('+')
    await change('Shift+ArrowRight')
    await page.keyboard.press('0')
    await soon(async () => (await shot()) === first).toBe(true)
    await change('ArrowRight')
    await page.getByRole('button', { name: 'Reset view' }).click()
    await canvas.focus()
    await soon(async () => (await shot()) === first).toBe(true)
    // by hand
    const box = await canvas.boundingBox()
    if (!box) throw new Error('no place')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2 + 40, { steps: 4 })
    await page.mouse.up()
    await soon(async () => (await shot()) !== first).toBe(true)
    expectClean(/GPU stall|GL Driver/)
    await close()
  })

  test('in the dark, and of a file that is none', async () => {
    const { page, close } = await opened([['one', 'no object']], '', { colorScheme: 'dark' })
    await page.locator('.pane-words .bad').waitFor()
    expect(await page.locator('.pane-words').innerText()).toContain('broken.glb')
    await go(page, [['one', 'object glb']])
    await page.locator('.pane-note').getByText('4 triangles', { exact: true }).waitFor()
    await expectAccessible(page, 'a 3D object in the dark')
    await close()
  })
})

describe('a sound', () => {
  test('has its peaks by channel; a click goes there, and one sound plays at a time', async () => {
    const { page, expectClean, close } = await opened([
      ['one', 'sound'],
      ['two', 'sound'],
    ])
    const peaks = page.locator('.sound-peaks canvas')
    await page.getByText('2 s, 2 channels').first().waitFor()
    // the left channel sounds in its first half, the right one in its second: height of what is drawn, by quarter
    const heights = () =>
      peaks.first().evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        const { width, height } = canvas
        const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
        const drawn = (x: number, from: number, to: number): number => {
          let n = 0
          for (let y = from; y < to; y++) if ((data[4 * (y * width + x) + 3] ?? 0) > 128) n++
          return n / (to - from)
        }
        return [
          drawn(Math.round(width / 4), 0, height / 2),
          drawn(Math.round((3 * width) / 4), 0, height / 2),
          drawn(Math.round(width / 4), height / 2, height),
          drawn(Math.round((3 * width) / 4), height / 2, height),
        ].map((part) => part > 0.3)
      })
    await soon(heights).toEqual([true, false, false, true])
    const box = await peaks.first().boundingBox()
    if (!box) throw new Error('no place')
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    const sounds = page.locator('.pane audio')
    await soon(() => sounds.first().evaluate((one) => (one as HTMLAudioElement).currentTime)).toBeCloseTo(
      1,
      1,
    )
    const paused = () => sounds.evaluateAll((all) => all.map((one) => (one as HTMLAudioElement).paused))
    await sounds.nth(0).evaluate((one) => (one as HTMLAudioElement).play())
    await soon(paused).toEqual([false, true])
    await sounds.nth(1).evaluate((one) => (one as HTMLAudioElement).play())
    await soon(paused).toEqual([true, false])
    await soon(() => sounds.nth(1).evaluate((one) => (one as HTMLAudioElement).currentTime)).toBeGreaterThan(
      0,
    )
    await expectAccessible(page, 'two sounds')
    expectClean()
    await close()
  })
})

type Panes = [run: string, key: string][]

async function opened(panes: Panes, more = '', options = {}): Promise<Opened> {
  const found = await openPage(browser, `${site.url}${hashOf(panes)}${more}`, options)
  await dropPaths(found.page, [folder])
  await found.page.locator('.pane').first().waitFor()
  await ready(found.page)
  return found
}

async function late(route: Route): Promise<void> {
  setTimeout(() => void route.continue(), 800)
}

function hashOf(panes: Panes): string {
  const open = panes.map(([run, key]) => [`${run}-id`, key, 1])
  return `#/media?open=${encodeURIComponent(JSON.stringify(open))}`
}

async function go(page: Page, panes: Panes): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, hashOf(panes))
  await ready(page)
}

function durations(page: Page): Promise<number[]> {
  return page
    .locator('.pane video')
    .evaluateAll((all) => all.map((one) => (one as HTMLVideoElement).duration))
}

function times(page: Page): Promise<number[]> {
  return page
    .locator('.pane video')
    .evaluateAll((all) => all.map((one) => (one as HTMLVideoElement).currentTime))
}

async function time(page: Page): Promise<number> {
  return Number(await page.getByRole('slider', { name: 'Time in the videos' }).inputValue())
}

/** What stands in the middle of each film. */
function greys(page: Page): Promise<number[]> {
  return page.locator('.pane video').evaluateAll((all) =>
    all.map((one) => {
      const video = one as HTMLVideoElement
      const context = new OffscreenCanvas(1, 1).getContext('2d')
      context?.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1)
      return context?.getImageData(0, 0, 1, 1).data[0] ?? -1
    }),
  )
}

/** A film's pictures are not kept exactly. */
function near(grey = 0): number {
  return expect.toSatisfy((value: number) => Math.abs(value - grey) < 6, `about ${grey}`) as number
}

function middle(element: Element): number {
  const canvas = element as HTMLCanvasElement
  const data = canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data
  return data?.[0] ?? -1
}

/** What it gives once it gives the same twice. */
async function settled(read: () => Promise<string>): Promise<string> {
  let before = ''
  for (let i = 0; i < 20; i++) {
    const now = await read()
    if (now === before) return now
    before = now
  }
  return before
}

/** How many colours a picture has. */
function colours(page: Page, png: string): Promise<number> {
  return page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes]))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: [] }
    const found = new Set<string>()
    for (let i = 0; i < data.length; i += 4) found.add(`${data[i]} ${data[i + 1]} ${data[i + 2]}`)
    return found.size
  }, png)
}

/** The share of pixels that differ. */
function differing(page: Page, ...pngs: [string, string]): Promise<number> {
  return page.evaluate(async (texts) => {
    const [a = [], b = []] = await Promise.all(
      texts.map(async (text) => {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
        const bitmap = await createImageBitmap(new Blob([bytes]))
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
        context?.drawImage(bitmap, 0, 0)
        return context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? []
      }),
    )
    let n = 0
    for (let i = 0; i < a.length; i += 4) if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > 20) n++
    return (4 * n) / a.length
  }, pngs)
}

/** Two seconds: a tone at the left, then one at the right. */
function wav(): Buffer {
  const rate = 8000
  const file = Buffer.alloc(44 + 4 * 2 * rate)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(2, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(4 * rate, 28)
  file.writeUInt16LE(4, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(file.length - 44, 40)
  for (let i = 0; i < 2 * rate; i++)
    file.writeInt16LE(Math.round(28_000 * Math.sin(i / 3)), 44 + 4 * i + (i < rate ? 0 : 2))
  return file
}

/** Closed, so that it is seen from every side. */
const CORNERS = [
  [0, 0, 0],
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const
const FACES = [
  [0, 2, 1],
  [0, 1, 3],
  [0, 3, 2],
  [1, 2, 3],
] as const

function obj(): string {
  return [
    ...CORNERS.map((at) => `v ${at.join(' ')}`),
    ...FACES.map((f) => `f ${f.map((i) => i + 1).join(' ')}`),
  ].join('\n')
}

function stl(): string {
  const facets = FACES.map(
    (face) =>
      `facet normal 0 0 0\nouter loop\n${face.map((i) => `vertex ${CORNERS[i].join(' ')}`).join('\n')}\nendloop\nendfacet`,
  )
  return `solid two\n${facets.join('\n')}\nendsolid two\n`
}

function gltf(): { json: object; bytes: Buffer } {
  const bytes = Buffer.alloc(48 + 24)
  for (const [i, value] of CORNERS.flat().entries()) bytes.writeFloatLE(value, 4 * i)
  for (const [i, value] of FACES.flat().entries()) bytes.writeUInt16LE(value, 48 + 2 * i)
  const json = {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 4, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 1] },
      { bufferView: 1, componentType: 5123, count: 12, type: 'SCALAR' },
    ],
    bufferViews: [
      { buffer: 0, byteLength: 48 },
      { buffer: 0, byteOffset: 48, byteLength: 24 },
    ],
  }
  return { json, bytes }
}

function glb(): Buffer {
  const { json, bytes } = gltf()
  const plain = JSON.stringify({ ...json, buffers: [{ byteLength: bytes.length }] })
  const text = Buffer.from(plain.padEnd(Math.ceil(plain.length / 4) * 4))
  const chunk = (kind: string, part: Buffer): Buffer => {
    const head = Buffer.alloc(8)
    head.writeUInt32LE(part.length, 0)
    head.write(kind, 4, 'latin1')
    return Buffer.concat([head, part])
  }
  const body = Buffer.concat([chunk('JSON', text), chunk('BIN\0', bytes)])
  const head = Buffer.alloc(12)
  head.write('glTF', 0, 'latin1')
  head.writeUInt32LE(2, 4)
  head.writeUInt32LE(12 + body.length, 8)
  return Buffer.concat([head, body])
}

function gltfText(): string {
  const { json, bytes } = gltf()
  const uri = `data:application/octet-stream;base64,${bytes.toString('base64')}`
  return JSON.stringify({ ...json, buffers: [{ byteLength: bytes.length, uri }] })
}

async function ply(): Promise<Buffer> {
  const points = Array.from({ length: 400 }, (_, i) => [
    Math.cos(i),
    Math.sin(i * 1.7),
    i / 200,
    i % 256,
    90,
    200,
  ])
  return Buffer.from(await encodePointCloud(points, 6).blob.arrayBuffer())
}

async function gif(greys: readonly number[], fps: number, size = 16): Promise<Buffer> {
  const frames = greys.map((grey) =>
    Uint8Array.from({ length: size * size * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey)),
  )
  return Buffer.from(await (await encodeGif(frames, size, size, fps)).arrayBuffer())
}

/** Its last fifty pictures stand longer than those before. */
async function longGif(): Promise<Buffer> {
  const greys = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => (from + i) % 250)
  const [fast, slow] = [await gif(greys(0, 600), 50, 8), await gif(greys(600, 650), 10, 8)]
  // what comes after the head and the note that it repeats
  return Buffer.concat([fast.subarray(0, -1), slow.subarray(13 + 19)])
}

/** A database with its media beside it, as trackio lays them. */
async function writeProject(films: { long: Buffer; short: Buffer; untimed: Buffer }): Promise<void> {
  const { db, file, close } = await memoryDatabase()
  db.exec(
    `CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
      run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`,
  )
  const value = (kind: string, run: string, name: string, bytes: string | Uint8Array): object => {
    const file_path = `moving/${run}/1/${name}`
    const at = join(folder, 'media', file_path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, bytes)
    return { _type: `trackio.${kind}`, file_path, caption: null }
  }
  for (const run of ['one', 'two']) {
    const put = (kind: string, name: string, bytes: string | Uint8Array) => value(kind, run, name, bytes)
    const row: Record<string, unknown> = {
      film: put('video', 'film.webm', run === 'one' ? films.long : films.short),
      sound: put('audio', 's.wav', wav()),
      // a picture of one grey is a GIF of one frame
      picture: put('image', 'p.gif', await gif([run === 'one' ? 40 : 200], 1)),
    }
    if (run === 'one') {
      row.untimed = put('video', 'untimed.webm', films.untimed)
      row['no film'] = put('video', 'broken.webm', films.long.subarray(0, 100))
      row.gif = put('video', 'a.gif', await gif(LONG, FPS))
      row['long gif'] = put('video', 'long.gif', await longGif())
      row['object glb'] = put('object3d', 'o.glb', glb())
      row['object gltf'] = put('object3d', 'o.gltf', gltfText())
      row['object obj'] = put('object3d', 'o.obj', obj())
      row['object stl'] = put('object3d', 'o.stl', stl())
      row['object ply'] = put('object3d', 'o.ply', await ply())
      row['no object'] = put('object3d', 'broken.glb', glb().subarray(0, 40))
    }
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: [`${run}-id`, '2026-01-01T00:00:00+00:00', run, 1, JSON.stringify(row)],
    })
  }
  writeFileSync(join(folder, 'moving.db'), file())
  close()
}
