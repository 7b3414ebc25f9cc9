import type { ProjectReader } from '../../src/engine/formats/dataset.ts'
import { makeRunSides, type RunSides } from '../../src/engine/tables/run-sides.ts'

/** What the tables beside the metrics say of a reader's runs; `name`: of its project, which links may name. */
export function sidesOf(reader: ProjectReader, name = ''): RunSides {
  return makeRunSides(reader, { name, file: '' })
}
