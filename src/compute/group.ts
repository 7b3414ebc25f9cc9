import type { Json, Run } from '../model/run.ts'
import { parseRegex } from './pattern.ts'

export { parseRegex } from './pattern.ts'

/**
 * What runs are grouped by. `seeds`: all config keys that vary but seeds and what only names or places a run,
 * so that a group is the repetitions of one configuration.
 * `regex`: the first capture group of a match on the run's name, or the whole match.
 */
export type GroupKey =
  | { kind: 'none' }
  | { kind: 'group' }
  | { kind: 'username' }
  | { kind: 'config'; path: string }
  | { kind: 'seeds' }
  | { kind: 'regex'; source: string }

export interface RunGroup {
  /** The value as text; null for runs that have none. */
  value: string | null
  runs: Run[]
}

/**
 * A config key with a plain value, dotted where nested: `optimizer.lr`. `distinct` counts values, unset
 * included.
 */
export interface ConfigKey {
  path: string
  distinct: number
}

/**
 * Groups in order of their first run; runs keep their order. An invalid regex groups nothing: all runs have
 * no value.
 */
export function groupRuns(runs: readonly Run[], key: GroupKey): RunGroup[] {
  const value = makeGroupValue(key, runs)
  const groups = new Map<string | null, RunGroup>()
  for (const run of runs) {
    const at = value(run)
    const group = groups.get(at)
    if (group) group.runs.push(run)
    else groups.set(at, { value: at, runs: [run] })
  }
  return [...groups.values()]
}

/** The function that gives a run's group value as text, or null where it has none. `runs`: all there are. */
export function makeGroupValue(key: GroupKey, runs: readonly Run[] = []): (run: Run) => string | null {
  switch (key.kind) {
    case 'none':
      return () => null
    case 'group':
      return (run) => run.group
    case 'username':
      return (run) => run.username
    case 'config':
      return (run) => {
        const value = configValue(run.config, key.path)
        return value === undefined ? null : valueText(value)
      }
    case 'seeds': {
      const paths = seedlessKeys(runs)
      return (run) => {
        const parts = paths.flatMap((path) => {
          const value = configValue(run.config, path)
          return value === undefined ? [] : `${path.slice(path.lastIndexOf('.') + 1)} ${valueText(value)}`
        })
        return parts.length > 0 ? parts.join(', ') : null
      }
    }
    case 'regex': {
      const regex = parseRegex(key.source)
      if (!regex) return () => null
      return (run) => {
        const match = regex.exec(run.name)
        return match ? (match[1] ?? match[0]) : null
      }
    }
  }
}

const ASIDE =
  /(^|[._-])((random_?)?(seed|state)|(run_?|host|user_?|file)?name|(run_?|model_?)?id|(output|logging|log|save)_?dir|timestamp|date|start_?time|pid|notes?|tags?)$/i

/** Whether a key is by its name a seed, or only names or places a run: `seed`, `output_dir`, `env.hostname`. */
export function isAside(path: string): boolean {
  return ASIDE.test(path)
}

/** Config keys that vary over the runs, without seeds and what only names or places a run. */
export function seedlessKeys(runs: readonly Run[]): string[] {
  return listConfigKeys(runs)
    .filter(({ path, distinct }) => distinct > 1 && !isAside(path))
    .map(({ path }) => path)
}

/**
 * A config value by its dotted path; a key that itself contains dots is found too. Undefined where it is not
 * set.
 */
export function configValue(config: { [key: string]: Json } | null, path: string): Json | undefined {
  if (!config) return undefined
  if (Object.hasOwn(config, path)) return config[path]
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot)
    if (!Object.hasOwn(config, head)) continue
    const inner = config[head]
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue
    const found = configValue(inner, path.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * All keys with plain values (lists count as plain) over the runs' configs, sorted; keys that start with `_`
 * are trackio's own.
 */
export function listConfigKeys(runs: readonly Run[]): ConfigKey[] {
  const values = new Map<string, Set<string>>()
  const counts = new Map<string, number>()
  for (const run of runs) {
    if (!run.config) continue
    visit(run.config, '', (path, value) => {
      const seen = values.get(path)
      if (seen) seen.add(valueText(value))
      else values.set(path, new Set([valueText(value)]))
      counts.set(path, (counts.get(path) ?? 0) + 1)
    })
  }
  return [...values]
    .map(([path, seen]) => ({ path, distinct: seen.size + (counts.get(path) === runs.length ? 0 : 1) }))
    .sort((a, b) => compareNames(a.path, b.path))
}

/** How a value stands in a group's head: strings bare, the rest as JSON. */
export function valueText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Natural order: `layer2` before `layer10`; equal but for case: by code unit, so that the order is total. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

function visit(
  config: { [key: string]: Json },
  prefix: string,
  each: (path: string, value: Json) => void,
): void {
  for (const [key, value] of Object.entries(config)) {
    if (prefix === '' && key.startsWith('_')) continue
    const path = prefix + key
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) visit(value, `${path}.`, each)
    else each(path, value)
  }
}
