import type { Json } from '../../model/run.ts'
import type { TypedValues, ValuePlace } from '../../model/typed-values.ts'
import type { Project } from './project.ts'

/** Which values of these kinds were logged, of the rows read so far; of all kinds without any. */
export async function typedValuesOf(
  project: Project,
  kinds: readonly string[] | undefined,
  signal?: AbortSignal | undefined,
): Promise<TypedValues> {
  throw new Error(`values of ${kinds?.join()} in ${project.info.name}: to come ${signal?.aborted}`)
}

/** Those values, in the order that they are asked for. */
export async function valuesOf(
  project: Project,
  at: readonly ValuePlace[],
  signal?: AbortSignal | undefined,
): Promise<(Json | undefined)[]> {
  throw new Error(`values at ${at.length} places in ${project.info.name}: to come ${signal?.aborted}`)
}
