const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)
const encoder = new TextEncoder()

/** CRC-32 of PNG (ISO 3309), a byte at a time. */
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/**
 * A PNG of RGBA pixels, 8 bits each, top row first. Written by hand because a canvas multiplies colours with
 * their alpha and loses some; the browser's own deflate does the work. Rows are unfiltered: as small as with
 * filters for flat pictures, larger for photographs.
 */
export async function encodePng(rgba: Uint8Array, width: number, height: number): Promise<Blob> {
  const raw = new Uint8Array(height * (1 + width * 4))
  for (let y = 0; y < height; y++)
    raw.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * (1 + width * 4) + 1)
  const packed = new Response(new Blob([raw]).stream().pipeThrough(new CompressionStream('deflate')))
  const head = new DataView(new ArrayBuffer(13))
  head.setUint32(0, width)
  head.setUint32(4, height)
  head.setUint8(8, 8) // bits a channel
  head.setUint8(9, 6) // RGBA
  const parts = [
    chunk('IHDR', new Uint8Array(head.buffer)),
    chunk('IDAT', new Uint8Array(await packed.arrayBuffer())),
    chunk('IEND', new Uint8Array()),
  ]
  return new Blob([SIGNATURE, ...parts], { type: 'image/png' })
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(encoder.encode(type), 4)
  bytes.set(data, 8)
  let crc = 0xffffffff
  for (let i = 4; i < 8 + data.length; i++) crc = TABLE[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  view.setUint32(8 + data.length, ~crc >>> 0)
  return bytes
}
