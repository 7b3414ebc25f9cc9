import { deflateSync } from 'node:zlib'

/** A PNG of red, green and blue values, row by row. */
export function png(values: readonly number[], width: number, height: number): Buffer {
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...values.slice(y * width * 3, (y + 1) * width * 3),
  ]).flat()
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const parts = [
    ['IHDR', header],
    ['IDAT', deflateSync(Buffer.from(rows))],
    ['IEND', Buffer.alloc(0)],
  ] as const
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    ...parts.map(([type, data]) => {
      const chunk = Buffer.alloc(12 + data.length)
      chunk.writeUInt32BE(data.length, 0)
      chunk.write(type, 4, 'latin1')
      data.copy(chunk, 8)
      chunk.writeUInt32BE(crc(chunk.subarray(4, 8 + data.length)), 8 + data.length)
      return chunk
    }),
  ])
}

function crc(bytes: Uint8Array): number {
  let value = ~0
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return ~value >>> 0
}

/** A tenth of a second at 8 kHz, 16 bits: `at` gives each of the 800 samples. */
export function wav(at: (sample: number) => number): Buffer {
  const samples = 800
  const file = Buffer.alloc(44 + 2 * samples)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(36 + 2 * samples, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(8000, 24)
  file.writeUInt32LE(16_000, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(2 * samples, 40)
  for (let i = 0; i < samples; i++) file.writeInt16LE(Math.round(at(i)), 44 + 2 * i)
  return file
}
