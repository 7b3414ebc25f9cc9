import { TrackioError } from '../../model/errors.ts'
import {
  type Encoded,
  type FileSource,
  fetchSource,
  isFileSource,
  kindOf,
  Media,
  optionsOf,
} from './media.ts'
import { encodePointCloud, type Points } from './ply.ts'

/** What `Object3D` takes beside its value. Names in Python's spelling are taken too. */
export interface Object3DOptions {
  caption?: string | null | undefined
  /** Of a file whose name and type do not tell: `glb`, `gltf`, `obj`, `stl`, `ply` or `splat`. */
  format?: string
  /** Of a typed array: numbers a point (3, 4 or 6). Default 3. */
  columns?: number
}

const FORMATS = ['glb', 'gltf', 'obj', 'ply', 'splat', 'stl']
/** As far as a header is looked for; trackio reads as much. */
const HEADER = 256 << 10

/**
 * A mesh, a splat or a point cloud. Takes a file (glb, gltf, obj, stl, ply, splat, with everything in it), or
 * points: x, y, z, and either a class from 1 to 14 or red, green, blue from 0 to 255. More than 300,000
 * points are thinned evenly.
 *
 * @example trackio.log({ scan: new trackio.Object3D([[0, 0, 0], [1, 0, 0]], 'two points') })
 */
export class Object3D extends Media {
  readonly type = 'trackio.object3d'
  readonly #value: FileSource | ReturnType<typeof encodePointCloud>
  readonly #format: string | undefined

  constructor(value: FileSource | Points, options?: string | Object3DOptions | null) {
    const { caption, format, columns } = optionsOf(options)
    super(caption)
    this.#format = format?.toLowerCase()
    if (this.#format !== undefined) checkFormat(this.#format)
    if (isFileSource(value)) {
      this.#value = value
      return
    }
    if (!Array.isArray(value) && !(value instanceof Float32Array) && !(value instanceof Float64Array)) {
      throw new TrackioError(
        'Object3D',
        `Object3D requires a file or an array of points, got ${kindOf(value)}`,
      )
    }
    this.#value = encodePointCloud(value, columns ?? 3)
  }

  /** A file, as trackio's `from_file` takes it. */
  static fromFile(file: FileSource, caption?: string | null): Object3D {
    return new Object3D(file, { caption })
  }

  /** Points, as trackio's `from_numpy` takes them. */
  static fromNumpy(points: Points, caption?: string | null): Object3D {
    return new Object3D(points, { caption })
  }

  protected async load(): Promise<Encoded> {
    const value = this.#value
    if (!isFileSource(value)) {
      const { blob, original, rendered } = value
      return {
        blob,
        extension: 'ply',
        fields: {
          format: 'ply',
          kind: 'point_cloud',
          original_point_count: original,
          rendered_point_count: rendered,
        },
      }
    }
    const { blob, extension } = await fetchSource(value, '')
    const format = this.#format ?? extension
    checkFormat(format)
    return { blob, extension: format, fields: { format, ...(await describe(blob, format)) } }
  }
}

function checkFormat(format: string): void {
  if (!FORMATS.includes(format)) {
    throw new TrackioError(
      'Object3D',
      `Unsupported 3D format '${format}'. Supported formats: ${FORMATS.join(', ')}`,
    )
  }
}

/** What the file says of itself; refuses files that need others beside them. */
async function describe(blob: Blob, format: string): Promise<Record<string, string | number>> {
  if (format === 'glb' || format === 'gltf') {
    checkGltf(await gltfOf(blob, format))
    return { kind: 'mesh' }
  }
  if (format === 'obj') {
    if (/^\s*mtllib\s/im.test(await blob.text())) throw notWhole('OBJ')
    return { kind: 'mesh' }
  }
  if (format === 'splat') return { kind: 'gaussian_splat' }
  if (format === 'ply') return plyFields(new Uint8Array(await blob.slice(0, HEADER).arrayBuffer()))
  return { kind: 'mesh' }
}

async function gltfOf(blob: Blob, format: string): Promise<unknown> {
  const bad = new TrackioError('Object3D', format === 'glb' ? 'Invalid GLB file' : 'Invalid glTF file')
  let text = ''
  if (format === 'gltf') text = await blob.text()
  else {
    const head = new DataView(await blob.slice(0, 20).arrayBuffer())
    // `glTF`, version, length; then a chunk: length, `JSON`
    if (
      head.byteLength < 20 ||
      head.getUint32(0, true) !== 0x46546c67 ||
      head.getUint32(16, true) !== 0x4e4f534a
    )
      throw bad
    text = await blob.slice(20, 20 + head.getUint32(12, true)).text()
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw Object.assign(bad, { cause })
  }
}

function checkGltf(document: unknown): void {
  if (typeof document !== 'object' || document === null)
    throw new TrackioError('Object3D', 'Invalid glTF file')
  for (const key of ['buffers', 'images']) {
    const list: unknown = Reflect.get(document, key) ?? []
    if (!Array.isArray(list)) throw new TrackioError('Object3D', `Invalid glTF ${key}`)
    for (const item of list) {
      const uri: unknown = typeof item === 'object' && item !== null ? Reflect.get(item, 'uri') : undefined
      if (uri !== undefined && (typeof uri !== 'string' || !uri.startsWith('data:'))) {
        throw new TrackioError(
          'Object3D',
          'Object3D requires a self-contained glTF or GLB file; embed resources or convert the model to GLB',
        )
      }
    }
  }
}

function notWhole(format: string): TrackioError {
  return new TrackioError(
    'Object3D',
    `Object3D requires a self-contained ${format} file; external material and texture files are not supported`,
  )
}

const MOST_POINTS = 300_000

function plyFields(bytes: Uint8Array): Record<string, string | number> {
  const text = new TextDecoder('latin1').decode(bytes)
  const end = text.indexOf('end_header')
  if (!text.startsWith('ply') || end < 0) throw new TrackioError('Object3D', 'Invalid PLY file')
  const lines = text
    .slice(0, end)
    .split(/\r?\n/)
    .map((line) => line.trim().split(/\s+/))
  if (lines.some(([a, b]) => a?.toLowerCase() === 'comment' && b?.toLowerCase() === 'texturefile'))
    throw notWhole('PLY')
  let element = ''
  let points: number | undefined
  let faces = false
  const properties = new Set<string>()
  for (const line of lines) {
    const [word, second, third] = line
    if (word === 'element' && second) {
      element = second
      if (element === 'vertex') points = Number.parseInt(third ?? '', 10)
      if (element === 'face') faces = Number.parseInt(third ?? '', 10) > 0
    } else if (word === 'property' && element === 'vertex') properties.add(line.at(-1) ?? '')
  }
  if (points !== undefined && !(points > 0)) throw new TrackioError('Object3D', 'Invalid PLY vertex count')
  const has = (...names: string[]): boolean => names.every((name) => properties.has(name))
  const splat =
    has('opacity', 'scale_0', 'scale_1', 'scale_2', 'rot_0', 'rot_1', 'rot_2', 'rot_3') &&
    (has('f_dc_0', 'f_dc_1', 'f_dc_2') || has('red', 'green', 'blue'))
  const kind = splat ? 'gaussian_splat' : faces ? 'mesh' : 'point_cloud'
  if (points === undefined) return { kind }
  return {
    kind,
    original_point_count: points,
    rendered_point_count: kind === 'point_cloud' ? Math.min(points, MOST_POINTS) : points,
  }
}
