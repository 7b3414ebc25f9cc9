/** Width and height of a picture, px. */
export interface Size {
  width: number
  height: number
}

/** How many bytes of a file `imageSize` wants to see. */
export const SIZE_BYTES = 64 * 1024

/**
 * The size that the head of a picture's file tells, before anything is decoded: PNG, GIF, JPEG (as stored, before
 * its orientation), WebP and BMP. undefined for others, and where the head is cut.
 */
export function imageSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (at: number, length: number): string => String.fromCharCode(...bytes.subarray(at, at + length))
  if (bytes.length >= 24 && text(1, 3) === 'PNG')
    return { width: view.getUint32(16), height: view.getUint32(20) }
  if (bytes.length >= 10 && text(0, 4) === 'GIF8')
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
  // the head of OS/2 is a short one, with 16 bits for each side
  if (bytes.length >= 26 && text(0, 2) === 'BM' && view.getUint32(14, true) === 12)
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) }
  if (bytes.length >= 26 && text(0, 2) === 'BM')
    return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }
  if (bytes.length >= 30 && text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return webpSize(view, text(12, 4))
  if (bytes.length >= 4 && view.getUint16(0) === 0xffd8) return jpegSize(view)
  return undefined
}

/** https://developers.google.com/speed/webp/docs/riff_container: lossy, lossless and extended. */
function webpSize(view: DataView, kind: string): Size | undefined {
  if (kind === 'VP8 ')
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  if (kind !== 'VP8X') return undefined
  const three = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
  return { width: three(24) + 1, height: three(27) + 1 }
}

function jpegSize(view: DataView): Size | undefined {
  let at = 2
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    // frames of every kind; C4, C8 and CC are tables
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return undefined
}
