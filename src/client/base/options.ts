import { TrackioError } from '../../model/errors.ts'
import { quoted } from '../../model/project-name.ts'
import { camelCase } from './case.ts'

/** Options with their names in camelCase. Throws a TrackioError for one that `what` does not have. */
export function knownOptions<T extends object>(
  what: string,
  given: T | null | undefined,
  known: readonly (keyof T & string)[],
  why = '',
): T {
  const options: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given ?? {})) {
    const name = camelCase(key)
    if (!known.some((one) => one === name)) {
      throw new TrackioError(
        key,
        `trackio.${what}() got an unexpected option ${quoted(key)}`,
        why || `It takes ${known.join(', ')}.`,
      )
    }
    options[name] = value
  }
  return options as T // only its own keys
}
