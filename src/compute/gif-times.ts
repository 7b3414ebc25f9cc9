/**
 * How long each picture of a GIF stands, hundredths of a second, as the file says it; of one that is cut off as many
 * as are whole. https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function gifTimes(bytes: Uint8Array): number[] {
  const times: number[] = []
  let at = 13 + tableSize(bytes[10] ?? 0)
  /** Of the picture that comes next. */
  let time = 0
  while (at < bytes.length) {
    const kind = bytes[at]
    if (kind === 0x21) {
      // 4 bytes: flags, the time, the transparent colour
      if (bytes[at + 1] === 0xf9) time = (bytes[at + 4] ?? 0) | ((bytes[at + 5] ?? 0) << 8)
      at = afterBlocks(bytes, at + 2)
    } else if (kind === 0x2c) {
      at = afterBlocks(bytes, at + 11 + tableSize(bytes[at + 9] ?? 0))
      if (at > bytes.length) break
      times.push(time)
      time = 0
    } else break
  }
  return times
}

/** As browsers play it, s: what is to stand for a hundredth or less stands for ten. */
export function playedTime(hundredths: number): number {
  return (hundredths <= 1 ? 10 : hundredths) / 100
}

function tableSize(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0
}

/** Blocks begin with their length; the last is of none. Past the end where it is not there. */
function afterBlocks(bytes: Uint8Array, from: number): number {
  let at = from
  for (let length = bytes[at]; length !== 0; length = bytes[at]) {
    if (length === undefined) return bytes.length + 1
    at += length + 1
  }
  return at + 1
}
