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
  return groupBy(runs, makeGroupValue(key, key.kind === 'seeds' ? seedlessKeys(runs) : []))
}

/** The same by a value of each run that is known. */
export function groupBy(runs: readonly Run[], value: (run: Run) => string | null): RunGroup[] {
  const groups = new Map<string | null, RunGroup>()
  for (const run of runs) {
    const at = value(run)
    const group = groups.get(at)
    if (group) group.runs.push(run)
    else groups.set(at, { value: at, runs: [run] })
  }
  return [...groups.values()]
}

/**
 * The function that gives a run's group value as text, or null where it has none. `seedless`: the keys that tell
 * configurations apart.
 */
export function makeGroupValue(key: GroupKey, seedless: readonly string[] = []): (run: Run) => string | null {
  switch (key.kind) {
    case 'none':
      return () => null
    case 'group':
      return (run) => run.group
    case 'username':
      return (run) => run.username
    case 'config': {
      const valueIn = makeConfigGetter(key.path)
      return (run) => {
        const value = valueIn(run.config)
        return value === undefined ? null : valueText(value)
      }
    }
    case 'seeds': {
      const getters = seedless.map((path) => ({
        valueIn: makeConfigGetter(path),
        name: path.slice(path.lastIndexOf('.') + 1),
      }))
      return (run) => {
        const parts: string[] = []
        for (const { valueIn, name } of getters) {
          const value = valueIn(run.config)
          if (value !== undefined) parts.push(`${name} ${valueText(value)}`)
        }
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

const SEED = /(^|[._-])(random_?)?(seed|state)$/i

/** Of what `isAside` puts aside, what is a seed: `data.seed`, `random_state`. */
export function isSeed(path: string): boolean {
  return SEED.test(path)
}

/** Config keys that vary over the runs, without seeds and what only names or places a run. */
export function seedlessKeys(runs: readonly Run[]): string[] {
  return seedlessOf(listConfigKeys(runs))
}

/** The same of keys that are listed already. */
export function seedlessOf(keys: readonly ConfigKey[]): string[] {
  return keys.filter(({ path, distinct }) => distinct > 1 && !isAside(path)).map(({ path }) => path)
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

/** The same for many configs: where the dots may part the path is found once. */
export function makeConfigGetter(path: string): (config: { [key: string]: Json } | null) => Json | undefined {
  const parts: { head: string; rest: (config: { [key: string]: Json } | null) => Json | undefined }[] = []
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1))
    parts.push({ head: path.slice(0, dot), rest: makeConfigGetter(path.slice(dot + 1)) })
  return (config) => {
    if (!config) return undefined
    if (Object.hasOwn(config, path)) return config[path]
    for (const { head, rest } of parts) {
      const inner = Object.hasOwn(config, head) ? config[head] : undefined
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) continue
      const found = rest(inner)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/**
 * All keys with plain values (lists count as plain) over the runs' configs, sorted; keys that start with `_`
 * are trackio's own.
 */
export function listConfigKeys(runs: readonly Run[]): ConfigKey[] {
  const root = makeLevel('')
  for (const { config } of runs) if (config) count(root, config)
  return [...root.all]
    .map(({ path, values, count }) => ({ path, distinct: values.size + (count === runs.length ? 0 : 1) }))
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

/** A key of some configs: its values as texts, and how often it is set. */
interface Seen {
  path: string
  values: Set<string>
  count: number
}

/** An object within configs, by what its own keys stand for: no path is put together twice. */
interface Level {
  prefix: string
  keys: Map<string, Seen>
  levels: Map<string, Level>
  /** What was seen in it and below it; one for all. */
  all: Set<Seen>
  byPath: Map<string, Seen>
}

function makeLevel(
  prefix: string,
  { all, byPath } = { all: new Set<Seen>(), byPath: new Map<string, Seen>() },
): Level {
  return { prefix, keys: new Map(), levels: new Map(), all, byPath }
}

function count(level: Level, config: { [key: string]: Json }): void {
  for (const key in config) {
    if (level.prefix === '' && key.startsWith('_')) continue
    const value = config[key]!
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      let inner = level.levels.get(key)
      if (!inner) {
        inner = makeLevel(`${level.prefix}${key}.`, level)
        level.levels.set(key, inner)
      }
      count(inner, value)
      continue
    }
    let seen = level.keys.get(key)
    if (!seen) {
      const path = level.prefix + key
      // `a.b` may be one key of one config, and two of another
      seen = level.byPath.get(path) ?? { path, values: new Set(), count: 0 }
      level.byPath.set(path, seen)
      level.all.add(seen)
      level.keys.set(key, seen)
    }
    seen.values.add(valueText(value))
    seen.count++
  }
}
