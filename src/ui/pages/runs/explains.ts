import { shareExplained } from '../../../compute/explained.ts'
import type { ConfigKey } from '../../../compute/group.ts'
import { labelOf } from './labels.ts'
import type { RunsModel } from './model.ts'

/** More values than this would hold the list back for longer than a moment. */
const MOST_VALUES = 1_000_000

/**
 * The config keys that vary, those first that explain most of the first metric column with a good end; `by`:
 * its name. In the order of their names where there is none, or too much to look at.
 */
export function varyingByShare(model: RunsModel): { keys: ConfigKey[]; by: string | undefined } {
  const keys = model.varying()
  const column = model.columns().find((one) => one.spec.kind === 'metric' && one.direction !== undefined)
  const data = column?.data()
  if (!column || !data || data.kind === 'text' || keys.length * data.values.length > MOST_VALUES)
    return { keys, by: undefined }
  const shares = new Map(
    keys.map(({ path }) => {
      const values = model.columnOf({ kind: 'config', path }).data()
      return [path, (values && shareExplained(values, data.values)) ?? -1]
    }),
  )
  return {
    keys: [...keys].sort((a, b) => (shares.get(b.path) ?? -1) - (shares.get(a.path) ?? -1)),
    by: labelOf(column.spec),
  }
}
