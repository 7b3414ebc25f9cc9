import type { TensorInfo } from '../model/file.ts'

/** Sums over tensors: values, bytes, and both by type, the largest first. */
export interface TensorTotals {
  values: number
  bytes: number
  byType: { dtype: string; tensors: number; values: number; bytes: number }[]
}

/** Values of a tensor: one of no dimensions has one. */
export function valuesOf({ shape }: Pick<TensorInfo, 'shape'>): number {
  return shape.reduce((product, n) => product * n, 1)
}

export function tensorTotals(tensors: readonly TensorInfo[]): TensorTotals {
  const byType = new Map<string, TensorTotals['byType'][0]>()
  let values = 0
  let bytes = 0
  for (const tensor of tensors) {
    const own = valuesOf(tensor)
    values += own
    bytes += tensor.bytes
    const type = byType.get(tensor.dtype) ?? { dtype: tensor.dtype, tensors: 0, values: 0, bytes: 0 }
    type.tensors++
    type.values += own
    type.bytes += tensor.bytes
    byType.set(tensor.dtype, type)
  }
  return { values, bytes, byType: [...byType.values()].sort((a, b) => b.bytes - a.bytes) }
}

/** `1.78 B`, `124 M`, `12,400`: how models are spoken of. */
export function countWords(n: number): string {
  for (const [power, sign] of [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
  ] as const)
    if (n >= power) return `${Number((n / power).toPrecision(3))} ${sign}`
  return n.toLocaleString('en')
}
