import type { MemoryPart } from '../../model/memory.ts'
import type { Project } from './project.ts'

/** Somebody who holds something for projects; code that was never fetched holds nothing. */
export interface Holder {
  part: MemoryPart
  /**
   * Bytes that it holds for a project; and, of columns, by which objects what is worked out from them is kept
   * (`identity` of RunSeries).
   */
  held(project: Project): { bytes: number; identities?: readonly object[] }
  /** Lets go of it: whoever asks has it made again. */
  free?(project: Project): void
}

const holders: Holder[] = []

/** Once a module: it is asked as long as the engine lives. */
export function addHolder(holder: Holder): void {
  holders.push(holder)
}

export function allHolders(): readonly Holder[] {
  return holders
}
