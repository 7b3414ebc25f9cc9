import { sharedName } from '../../compute/shared-name.ts'
import type { RunKey } from '../../model/run.ts'
import type { Runs } from './runs.ts'

/**
 * How a group is called: by its value, or, of repetitions of one configuration, by what their names share, as they
 * are told apart by less than all values of the configuration.
 */
export function groupLabel(
  { label, keys }: { label: string; keys: readonly RunKey[] },
  bySeeds: boolean,
  runs: Pick<Runs, 'byKey'>,
): string {
  const names = () => keys.flatMap((key) => runs.byKey().get(key)?.name ?? [])
  return (bySeeds && sharedName(names())) || label
}
