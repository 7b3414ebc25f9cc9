import type { Page } from 'playwright-core'

/*
 * Films for tests of what plays: encoded by the browser itself (VP8) and laid out here, so that the time of each
 * picture is known. https://www.matroska.org/technical/elements.html
 */

export interface Film {
  /** Grey of each picture, 0 to 255: what stands on screen tells which one it is. */
  greys: readonly number[]
  fps: number
  width?: number
  height?: number
  /** Without it the file does not say how long it lasts, as those that a browser records. */
  timed?: boolean
}

/** A WebM film, every picture a whole one. `page` is of a secure origin. */
export async function encodeWebm(page: Page, film: Film): Promise<Buffer> {
  const { greys, fps, width = 64, height = 48, timed = true } = film
  const pictures = (await encoded(page, greys, fps, width, height)).map((text) => Buffer.from(text, 'base64'))
  const ms = (i: number): number => Math.round((i * 1000) / fps)
  const info = element(
    0x1549a966,
    element(0x2ad7b1, uint(1_000_000)),
    ...(timed ? [element(0x4489, double(ms(greys.length)))] : []),
    element(0x4d80, Buffer.from('test')),
    element(0x5741, Buffer.from('test')),
  )
  const video = element(0xe0, element(0xb0, uint(width)), element(0xba, uint(height)))
  const track = element(
    0xae,
    element(0xd7, uint(1)),
    element(0x73c5, uint(1)),
    element(0x83, uint(1)),
    element(0x86, Buffer.from('V_VP8')),
    video,
  )
  const tracks = element(0x1654ae6b, track)
  const clusters = pictures.map((bytes, i) => {
    const block = element(0xa3, Buffer.from([0x81, 0, 0, 0x80]), bytes)
    return element(0x1f43b675, element(0xe7, uint(ms(i))), block)
  })
  const cues = (from: number): Buffer => {
    let at = from
    const points = clusters.map((cluster, i) => {
      const place = element(0xb7, element(0xf7, uint(1)), element(0xf1, uint(at)))
      at += cluster.length
      return element(0xbb, element(0xb3, uint(ms(i))), place)
    })
    return element(0x1c53bb6b, ...points)
  }
  const head = info.length + tracks.length
  // numbers take eight bytes each, so where clusters lie does not change how long this is
  const body = [info, tracks, ...(timed ? [cues(head + cues(0).length)] : []), ...clusters]
  const ebml = element(
    0x1a45dfa3,
    ...[0x4286, 0x42f7, 0x42f2, 0x42f3].map((id, i) => element(id, uint([1, 1, 4, 8][i] ?? 0))),
    element(0x4282, Buffer.from('webm')),
    element(0x4287, uint(2)),
    element(0x4285, uint(2)),
  )
  return Buffer.concat([ebml, element(0x18538067, ...body)])
}

function encoded(
  page: Page,
  greys: readonly number[],
  fps: number,
  width: number,
  height: number,
): Promise<string[]> {
  return page.evaluate(
    async ({ greys, fps, width, height }) => {
      const chunks: string[] = []
      const encoder = new VideoEncoder({
        output(chunk) {
          const bytes = new Uint8Array(chunk.byteLength)
          chunk.copyTo(bytes)
          chunks.push(btoa(String.fromCharCode(...bytes)))
        },
        error(error) {
          throw error
        },
      })
      encoder.configure({ codec: 'vp8', width, height, bitrate: 1_000_000, framerate: fps })
      for (const [i, grey] of greys.entries()) {
        // brightness as films have it, 16 for black and 235 for white: the browser converts nothing, and tells the same
        const data = new Uint8Array((width * height * 3) / 2).fill(128)
        data.fill(Math.round(16 + (grey * 219) / 255), 0, width * height)
        const timestamp = Math.round((i * 1e6) / fps)
        const of = { format: 'I420', codedWidth: width, codedHeight: height, timestamp } as const
        const frame = new VideoFrame(data, of)
        encoder.encode(frame, { keyFrame: true })
        frame.close()
      }
      await encoder.flush()
      encoder.close()
      return chunks
    },
    { greys, fps, width, height },
  )
}

function element(id: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(content.length))
  size.writeUInt8(1)
  return Buffer.concat([Buffer.from(id.toString(16), 'hex'), size, content])
}

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}
