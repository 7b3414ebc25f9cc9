import type { Json, Run } from '../model/run.ts'
import { compareNames, configValue } from './group.ts'

/** A line of a run's config: a key with its value, or the head of nested keys. */
export interface ConfigLine {
  /** Dotted, as filters and groups have it. */
  path: string
  key: string
  depth: number
  /** Of a head: how many values are below it. */
  count: number | undefined
  /** Undefined for a head, and for a key that others of its group set and this run did not. */
  value: Json | undefined
  /** How many values the key has over all runs; undefined where it is the same in all. */
  distinct: number | undefined
  /** Another run of its group has another value. */
  differs: boolean
}

type Config = { [key: string]: Json }

/**
 * A run's config as lines, natural order within each level. `group`: all runs of its group; what only others
 * of them set is listed too. `distinct`: number of values by path over all runs. Keys that begin with `_` at
 * the top are trackio's own.
 */
export function configLines(
  run: Run,
  group: readonly Run[],
  distinct: ReadonlyMap<string, number>,
): ConfigLine[] {
  const others = group.filter(({ key }) => key !== run.key)
  return below([run.config, ...others.map(({ config }) => config)], '', 0)

  /** `configs`: the run's own first. */
  function below(configs: readonly (Config | null)[], prefix: string, depth: number): ConfigLine[] {
    const names = new Set(configs.flatMap((config) => Object.keys(config ?? {})))
    const [own = null] = configs
    return [...names]
      .filter((key) => prefix !== '' || !key.startsWith('_'))
      .sort(compareNames)
      .flatMap((key): ConfigLine[] => {
        const path = prefix + key
        const value = own && Object.hasOwn(own, key) ? own[key] : undefined
        const inner = configs.map((config) =>
          nested(config && Object.hasOwn(config, key) ? config[key] : null),
        )
        const isHead = value === undefined ? inner.some((one) => one !== null) : nested(value) !== null
        if (isHead) {
          const lines = below(inner, `${path}.`, depth + 1)
          const count = lines.filter((line) => line.count === undefined).length
          const head = { path, key, depth, count, value: undefined, distinct: undefined, differs: false }
          return count === 0 ? [] : [head, ...lines]
        }
        const text = JSON.stringify(value)
        const values = distinct.get(path) ?? 1
        return [
          {
            path,
            key,
            depth,
            count: undefined,
            value,
            distinct: values > 1 ? values : undefined,
            differs: others.some(({ config }) => JSON.stringify(configValue(config, path)) !== text),
          },
        ]
      })
  }
}

/** Objects with keys have lines below them; lists and empty objects are values. */
function nested(value: Json | undefined): Config | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && Object.keys(value).length > 0 ? value : null
}

export interface ConfigFilter {
  /** Part of a path or of a value, whatever the case. */
  text: string
  /** Only keys that vary over the runs, or within the group. */
  varying: boolean
  /** Paths of heads whose keys are folded away; while something is searched for, none are. */
  folded: ReadonlySet<string>
}

/** The lines that pass, with the heads above them. */
export function filterConfig(lines: readonly ConfigLine[], filter: ConfigFilter): ConfigLine[] {
  const text = filter.text.trim().toLowerCase()
  const searching = text !== '' || filter.varying
  const shown: ConfigLine[] = []
  /** Heads above the line, not shown yet. */
  let heads: ConfigLine[] = []
  let hiddenFrom = Number.POSITIVE_INFINITY
  for (const line of lines) {
    heads = heads.filter(({ depth }) => depth < line.depth)
    if (!searching) {
      if (line.depth <= hiddenFrom) hiddenFrom = Number.POSITIVE_INFINITY
      if (line.depth > hiddenFrom) continue
      if (line.count !== undefined && filter.folded.has(line.path)) hiddenFrom = line.depth
      shown.push(line)
      continue
    }
    if (line.count !== undefined) heads.push(line)
    else if (passes(line, text, filter.varying)) {
      shown.push(...heads, line)
      heads = []
    }
  }
  return shown
}

function passes(line: ConfigLine, text: string, varying: boolean): boolean {
  if (varying && line.distinct === undefined && !line.differs) return false
  if (text === '') return true
  return line.path.toLowerCase().includes(text) || configText(line).toLowerCase().includes(text)
}

/** The value as it stands in the tree; numbers with all their digits. */
export function configText({ value }: Pick<ConfigLine, 'value'>): string {
  return value === undefined ? 'not set' : JSON.stringify(value)
}
