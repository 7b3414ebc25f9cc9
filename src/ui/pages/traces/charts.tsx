import type { TracesModel } from './model.ts'

/** Numbers of the traces by step. */
export function Charts(_: { model: TracesModel }) {
  return null
}
