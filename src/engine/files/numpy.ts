import { Inflate } from 'fflate'
import { TrackioError } from '../../model/errors.ts'
import type { FileHeader, TensorInfo } from '../../model/file.ts'
import type { Bytes } from '../../storage/bytes.ts'
import { contentOf, type ZipEntry } from '../../storage/files/zip-entries.ts'

type Tensors = Extract<FileHeader, { kind: 'tensors' }>

/** Bytes of a packed array that are read for its header. */
const HEAD = 4 << 10
/** A longer header is none: numpy itself refuses more than 10,000 letters unless it is told to. */
const MOST_HEADER = 512 << 10
/** Arrays of an archive behind a network whose headers are read: each is a request. */
const FAR_MOST = 100

/**
 * Shape and type of an .npy file. Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * Throws TrackioError where it is none.
 */
export async function readNpy(subject: string, bytes: Bytes): Promise<Tensors> {
  const head = await bytes.load(0, Math.min(bytes.size, HEAD))
  const needed = headerEnd(head)
  const whole = needed && needed > head.length && needed <= MOST_HEADER ? await bytes.load(0, needed) : head
  const tensor = npyHeader(whole)
  if (!tensor)
    throw new TrackioError(subject, 'no .npy file: its header cannot be read', 'Copy the file again.')
  const { order, ...one } = tensor
  const stored = bytes.size - (needed ?? 0)
  return {
    kind: 'tensors',
    format: 'npy',
    tensors: [{ ...one, name: nameOf(subject), bytes: stored }],
    metadata: [['order', order]],
    notes:
      one.bytes >= 0 && one.bytes > stored
        ? [
            `cut off: ${one.bytes.toLocaleString('en')} bytes are promised, ${stored.toLocaleString('en')} are there`,
          ]
        : [],
  }
}

/** The same of all arrays in an .npz, which is a zip of them. `far`: each costs a request. */
export async function readNpz(
  bytes: Bytes,
  entries: readonly ZipEntry[],
  far: boolean,
  signal: AbortSignal | undefined,
): Promise<Tensors> {
  const arrays = entries.filter(({ path }) => path.endsWith('.npy'))
  const looked = far ? arrays.slice(0, FAR_MOST) : arrays
  const tensors: TensorInfo[] = []
  const broken: string[] = []
  for (const entry of looked) {
    signal?.throwIfAborted()
    const tensor = await arrayIn(bytes, entry)
    if (!tensor) {
      broken.push(entry.path)
      continue
    }
    const { dtype, shape } = tensor
    const own = tensor.bytes < 0 ? entry.size : tensor.bytes
    tensors.push({ name: nameOf(entry.path), dtype, shape, bytes: own })
  }
  const notes: string[] = []
  if (broken.length > 0) notes.push(`no header that can be read: ${broken.slice(0, 5).join(', ')}`)
  const left = arrays.length - looked.length
  if (left > 0)
    notes.push(`${left.toLocaleString('en')} more arrays, whose headers were not read over the network`)
  const others = entries.filter(({ path }) => !path.endsWith('.npy'))
  if (others.length > 0)
    notes.push(
      `and ${others
        .map(({ path }) => path)
        .slice(0, 5)
        .join(', ')}`,
    )
  return { kind: 'tensors', format: 'npz', tensors, metadata: [], notes }
}

async function arrayIn(bytes: Bytes, entry: ZipEntry): Promise<ReturnType<typeof npyHeader>> {
  const at = entry.locked ? undefined : await contentOf(bytes, entry)
  if (at === undefined) return undefined
  const packed = await bytes.load(at, Math.min(entry.packed, HEAD))
  if (entry.method === 'stored') return npyHeader(packed)
  return entry.method === 'deflate' ? npyHeader(beginningOf(packed)) : undefined
}

/** What the beginning of something packed holds. */
function beginningOf(packed: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  const inflate = new Inflate((part) => void parts.push(part))
  try {
    inflate.push(packed)
  } catch {
    // what came before it broke off is enough for a header, or it is none
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Bytes up to the array's content; undefined where it is no .npy. */
function headerEnd(head: Uint8Array): number | undefined {
  if (head.length < 12 || String.fromCharCode(...head.subarray(0, 6)) !== '\x93NUMPY') return undefined
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  return head[6] === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true)
}

function npyHeader(head: Uint8Array): (TensorInfo & { order: string }) | undefined {
  const end = headerEnd(head)
  if (end === undefined || end > head.length) return undefined
  const text = new TextDecoder().decode(head.subarray(head[6] === 1 ? 10 : 12, end))
  const shapeText = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)?.[1]
  const dtype = /'descr'\s*:\s*(?:'([^']*)'|(\[[\s\S]*\])\s*,\s*'fortran)/.exec(text)
  if (shapeText === undefined || !dtype) return undefined
  const shape = shapeText
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map(Number)
  const name = dtype[1] ?? dtype[2] ?? ''
  const each = itemBytes(name)
  const order = /'fortran_order'\s*:\s*True/.test(text) ? 'Fortran: columns first' : 'C: rows first'
  return {
    name: '',
    dtype: name,
    shape,
    bytes: each === undefined ? -1 : shape.reduce((product, n) => product * n, each),
    order,
  }
}

/** Bytes of an item: `<f4` has 4, `<U10` ten letters of 4. Undefined of records and objects. */
function itemBytes(dtype: string): number | undefined {
  const [, letter = '', count = ''] = /^[<>|=]?([a-zA-Z?])(\d+)(?:\[\w+\])?$/.exec(dtype) ?? []
  if (letter === '' || letter === 'O') return undefined
  return Number(count) * (letter === 'U' ? 4 : 1)
}

function nameOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.npy$/, '')
}
