/** A seeded generator (sfc32): the same seed gives the same database on every machine. */
export function makeRandom(seed) {
  let a = 0x9e3779b9 ^ seed
  let b = 0x243f6a88
  let c = 0xb7e15162
  let d = 1
  const bits = () => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 15; i++) bits()
  // 53 bits, so that values have the 16 to 17 digits of real logs and cost a parser as much
  const uniform = () => (bits() * 2097152 + (bits() >>> 11)) / 9007199254740992
  return {
    bits,
    uniform,
    /** About normal with deviation 1: four uniforms are near enough for noise on a curve. */
    normal: () =>
      ((bits() + bits() + bits() + bits()) / 4294967296 - 2) * 1.7320508 + (bits() & 1023) * 1e-13,
    hex(target, at) {
      for (let i = 0; i < 4; i++) {
        const v = bits()
        for (let j = 0; j < 8; j++) target[at + i * 8 + j] = HEX[(v >>> (j * 4)) & 15]
      }
    },
  }
}

const HEX = new TextEncoder().encode('0123456789abcdef')
