import type { Json } from '../../model/run.ts'
import type { TypedValues, ValuePlace } from '../../model/typed-values.ts'
import { parseLoose } from '../columns/json.ts'
import type { Project } from './project.ts'

/**
 * Which values of these kinds were logged, of the rows read so far; of all kinds without. In columnar files
 * reads no more than the kinds.
 */
export function typedValuesOf(
  project: Project,
  kinds: readonly string[] | undefined,
  signal?: AbortSignal | undefined,
): Promise<TypedValues> {
  return project.typedValues(kinds, signal)
}

/** Those values, in the order that they are asked for; undefined for what is not found any more. */
export async function valuesOf(
  project: Project,
  at: readonly ValuePlace[],
  signal?: AbortSignal | undefined,
): Promise<(Json | undefined)[]> {
  const texts = await project.valueTexts(at, signal)
  return texts.map((text) => (text === undefined ? undefined : parseLoose(text)))
}
