import { type ColorKey, colorBy } from '../../compute/color-by.ts'
import { configValue } from '../../compute/group.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ColorBy } from '../address/link.ts'
import { pick, type Ranks } from './ranks.ts'

/** Styles of runs by what they are coloured by; undefined until its values are known. Fetched when first asked for. */
export function colored(
  by: ColorBy,
  runs: readonly Run[],
  ranks: Ranks,
  theme: 'light' | 'dark',
): { styles: ReadonlyMap<RunKey, { color: string; dash: number[] } | undefined>; key: ColorKey } | undefined {
  const values = by.kind === 'metric' ? ranks.values(by.metric) : undefined
  if (by.kind === 'metric' && !values) return undefined
  const { styles, key } = colorBy(
    runs.map((run) => {
      if (by.kind === 'config') return configValue(run.config, by.path)
      const known = values?.get(run.key)
      return known && pick(known, by.by)
    }),
    theme,
  )
  return { styles: new Map(runs.map((run, i) => [run.key, styles[i]])), key }
}
