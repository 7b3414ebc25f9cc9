import { TrackioError } from '../../model/errors.ts'
import type { FileHeader, TensorInfo } from '../../model/file.ts'
import type { Bytes } from '../../storage/bytes.ts'

/** As the format's own reader refuses more. */
const MOST = 100_000_000

type Tensors = Extract<FileHeader, { kind: 'tensors' }>

/**
 * Names, shapes and types of a .safetensors file: 8 bytes that say how long its header is, and the header, which is
 * JSON. Throws TrackioError where it is none. Format: https://github.com/huggingface/safetensors
 */
export async function readSafetensors(subject: string, bytes: Bytes): Promise<Tensors> {
  const first = await bytes.load(0, 8)
  if (first.length < 8) throw broken(subject, `${first.length} bytes: shorter than the length of a header`)
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true))
  if (length > MOST || length + 8 > bytes.size)
    throw broken(
      subject,
      `its header should have ${length.toLocaleString('en')} bytes, the file has ${bytes.size.toLocaleString('en')}`,
    )
  const text = new TextDecoder().decode(await bytes.load(8, length))
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw broken(subject, `its header is no JSON: ${cause instanceof Error ? cause.message : cause}`)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw broken(subject, 'its header is no JSON object')
  const room = bytes.size - 8 - length
  const tensors: (TensorInfo & { from: number })[] = []
  const odd: string[] = []
  let reach = 0
  for (const [name, value] of Object.entries(header as Record<string, unknown>)) {
    if (name === '__metadata__') continue
    const tensor = tensorOf(name, value)
    if (!tensor) {
      odd.push(name)
      continue
    }
    tensors.push(tensor)
    reach = Math.max(reach, tensor.from + tensor.bytes)
  }
  const notes: string[] = []
  if (reach > room)
    notes.push(
      `cut off: its tensors reach to byte ${(8 + length + reach).toLocaleString('en')}, the file has ${bytes.size.toLocaleString('en')}`,
    )
  if (odd.length > 0)
    notes.push(
      `${odd.length.toLocaleString('en')} entries of its header are no tensors: ${odd.slice(0, 3).join(', ')}`,
    )
  const metadata = Reflect.get(header, '__metadata__')
  return {
    kind: 'tensors',
    format: 'safetensors',
    // as they lie in the file: layer by layer, where JSON has them by name
    tensors: tensors.sort((a, b) => a.from - b.from).map(({ from: _, ...tensor }) => tensor),
    metadata: isRecord(metadata)
      ? Object.entries(metadata).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : JSON.stringify(value),
        ])
      : [],
    notes,
  }
}

function tensorOf(name: string, value: unknown): (TensorInfo & { from: number }) | undefined {
  if (!isRecord(value)) return undefined
  const { dtype, shape, data_offsets: span } = value
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(span) || span.length !== 2) return undefined
  const [from = 0, end = 0] = span
  return end < from ? undefined : { name, dtype, shape, bytes: end - from, from }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(subject: string, why: string): TrackioError {
  return new TrackioError(subject, `no safetensors file: ${why}`, 'Copy the file again.')
}
