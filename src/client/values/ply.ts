import { TrackioError } from '../../model/errors.ts'

export type Points = readonly (readonly number[])[] | Float32Array | Float64Array

/** Larger clouds are thinned to this many points, evenly. */
const MOST = 300_000
/** Colours of the classes 1 to 14 as trackio draws them: twice ten and four of matplotlib's tables. */
const CLASSES = [
  0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0x9467bd, 0x8c564b, 0xe377c2, 0x7f7f7f, 0xbcbd22, 0x17becf,
  0x393b79, 0x5254a3, 0x6b6ecf, 0x9c9ede,
]
const PLAIN = 0x94a3b8

/**
 * Points as binary PLY: x, y, z as float32, red, green, blue and the class as bytes. Copies at once. Throws
 * for points that are none.
 */
export function encodePointCloud(
  points: Points,
  columns: number,
): { blob: Blob; original: number; rendered: number } {
  const { count, width, at } = shapeOf(points, columns)
  const rendered = Math.min(count, MOST)
  const head = new TextEncoder().encode(
    `ply\nformat binary_little_endian 1.0\nelement vertex ${rendered}\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nproperty uchar category\nend_header\n`,
  )
  const body = new DataView(new ArrayBuffer(rendered * 16))
  for (let i = 0; i < rendered; i++) {
    const point = count <= MOST ? i : Math.trunc((i * (count - 1)) / (MOST - 1))
    for (let c = 0; c < 3; c++) body.setFloat32(i * 16 + c * 4, at(point, c), true)
    const category = width === 4 ? at(point, 3) : 0
    const colour =
      width === 6
        ? (at(point, 3) << 16) | (at(point, 4) << 8) | at(point, 5)
        : (CLASSES[category - 1] ?? PLAIN)
    body.setUint8(i * 16 + 12, colour >> 16)
    body.setUint8(i * 16 + 13, (colour >> 8) & 255)
    body.setUint8(i * 16 + 14, colour & 255)
    body.setUint8(i * 16 + 15, category)
  }
  return { blob: new Blob([head, body], { type: 'model/ply' }), original: count, rendered }
}

function shapeOf(
  points: Points,
  columns: number,
): { count: number; width: number; at: (point: number, column: number) => number } {
  const flat = points instanceof Float32Array || points instanceof Float64Array
  const width = flat ? columns : (points[0]?.length ?? 0)
  const count = flat ? points.length / columns : points.length
  const at = flat
    ? (point: number, column: number): number => points[point * columns + column]!
    : (point: number, column: number): number => points[point]?.[column] ?? Number.NaN
  if (![3, 4, 6].includes(width) || count === 0 || !Number.isInteger(count)) {
    throw new TrackioError(
      'Object3D',
      `Object3D arrays must have shape (N, 3), (N, 4), or (N, 6), got (${count}, ${width})`,
    )
  }
  for (let point = 0; point < count; point++) {
    for (let c = 0; c < width; c++) {
      const value = at(point, c)
      if (c < 3) {
        if (!Number.isFinite(Math.fround(value)))
          throw new TrackioError('Object3D', 'Object3D arrays must contain only finite numeric values')
      } else if (width === 4 && !(Number.isInteger(value) && value >= 1 && value <= 14)) {
        throw new TrackioError('Object3D', 'Object3D categories must be integers in the range [1, 14]')
      } else if (width === 6 && !(Number.isInteger(value) && value >= 0 && value <= 255)) {
        throw new TrackioError('Object3D', 'Object3D RGB values must be integers in the range [0, 255]')
      }
    }
  }
  return { count, width, at }
}
