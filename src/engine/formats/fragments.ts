import { canonicalProject } from '../../model/project-name.ts'
import type { Json } from '../../model/run.ts'
import type { Tree } from '../../storage/tree.ts'
import { bytesOf, type FragmentsUnit } from '../layout.ts'
import { parseLoose } from './json.ts'
import { type LooseRows, makeLooseRows } from './loose-rows.ts'
import type { OpenFile, OpenOptions, ProjectReader } from './reader.ts'
import { addConfig, makeSide, type Side, sideOf } from './side.ts'

/*
 * Log calls as lines of JSON, which trackio writes where no database can be written to (a network drive, a Space that does not answer) and puts into the database later.
 * Lines that are no JSON (the last one of a file that is being written) and kinds that are not known are skipped, as trackio does.
 */

/** One call of `log`. */
export interface Fragment {
  /** As it was given to `init`. */
  project: string
  id: string | null
  name: string
  timestamp: string
  /** Null: one more than the run's greatest stored step. */
  step: number | null
  /** The metrics as they are written, traces left out: those are stored apart. */
  payload: Uint8Array
  config: { [key: string]: Json } | undefined
  logId: string | null
}

const encoder = new TextEncoder()

/** The log calls among the lines of a file. */
export function parseFragments(text: string): Fragment[] {
  return text.split('\n').flatMap((line): Fragment[] => {
    const record = parseLoose(line)
    if (record === null || typeof record !== 'object' || Array.isArray(record) || record?.kind !== 'metric') return []
    const { project, run, run_id: id, timestamp, step, config, log_id: logId } = record
    if (typeof project !== 'string' || typeof run !== 'string') return []
    const metrics = members(line).get('metrics')
    if (metrics === undefined) return []
    return [
      {
        project,
        name: run,
        // before run ids, and for callers that send none, the name is the id
        id: typeof id === 'string' ? id : run,
        timestamp: typeof timestamp === 'string' ? timestamp : '',
        step: typeof step === 'number' ? step : null,
        payload: encoder.encode(withoutTraces(metrics)),
        config: config !== null && typeof config === 'object' && !Array.isArray(config) ? config : undefined,
        logId: typeof logId === 'string' ? logId : null,
      },
    ]
  })
}

/** Those that are not stored yet, each once. */
export function newFragments(fragments: readonly Fragment[], stored: ReadonlySet<string>): Fragment[] {
  const seen = new Set(stored)
  return fragments.filter(({ logId }) => {
    if (logId === null) return true
    if (seen.has(logId)) return false
    seen.add(logId)
    return true
  })
}

/** Step of each fragment. Rows of the same batch do not count for a missing one: trackio asks for the greatest stored step before it inserts. */
export function nextSteps(fragments: readonly Fragment[], lastStep: (fragment: Fragment) => number | undefined): number[] {
  return fragments.map((fragment) => {
    if (fragment.step !== null) return fragment.step
    const last = lastStep(fragment)
    return last === undefined || Number.isNaN(last) ? 0 : last + 1
  })
}

export async function readFragments(files: readonly { path: string }[], tree: Tree, signal?: AbortSignal): Promise<Fragment[]> {
  const texts = await Promise.all(files.map(async ({ path }) => (await tree.blob(path, { signal })).text()))
  return texts.flatMap(parseFragments)
}

/** Projects that exist as fragments alone. */
export async function openFragments(unit: FragmentsUnit, tree: Tree, options: OpenOptions): Promise<OpenFile> {
  const elsewhere = new Set(unit.elsewhere)
  const projects = new Map<string, { rows: LooseRows; side: Side; reader: ProjectReader; name: string }>()
  const seen = new Map<string, string>()
  const logIds = new Set<string>()
  let bytes = bytesOf(unit)
  await take(unit, options.signal)

  const file: OpenFile = {
    path: unit.path,
    get bytes() {
      return bytes
    },
    get projects() {
      return [...projects.values()].map(({ name, reader }) => ({ info: { name, file: unit.path, bytes }, reader }))
    },
    notices: [],
    read: async () => {},
    stop: () => {},
    done: () => true,
    async refresh(next) {
      if (next.kind !== 'fragments') return 'other'
      // files are written once; one that changed or went (it was put into a database) makes rows that are here wrong
      const gone = [...seen].some(([path, stamp]) => next.inbox.find((one) => one.path === path)?.stamp !== stamp)
      if (gone || next.elsewhere.some((name) => projects.has(name))) return 'other'
      bytes = bytesOf(next)
      return (await take(next)) > 0 ? 'more' : 'same'
    },
  }
  return file

  async function take(now: FragmentsUnit, signal?: AbortSignal): Promise<number> {
    const files = now.inbox.filter(({ path }) => !seen.has(path))
    const fragments = newFragments(await readFragments(files, tree, signal), logIds)
    for (const { path, stamp } of files) seen.set(path, stamp)
    const own = fragments.filter(({ project }) => !elsewhere.has(canonicalProject(project)))
    const steps = nextSteps(own, ({ project, id, name }) => {
      const runs = projects.get(canonicalProject(project))?.rows.runs
      return runs?.find((run) => run.id === id && run.name === name)?.span().lastStep
    })
    own.forEach((fragment, i) => {
      if (fragment.logId !== null) logIds.add(fragment.logId)
      const { rows, side } = projectOf(fragment.project)
      const { id, name, timestamp, payload, config } = fragment
      rows.add({ id, name, timestamp, step: steps[i], payload })
      if (config) addConfig(side, { project: null, id, name, config })
    })
    for (const { rows } of projects.values()) rows.settle()
    return own.length
  }

  function projectOf(given: string): { rows: LooseRows; side: Side } {
    const name = canonicalProject(given)
    const known = projects.get(name)
    if (known) return known
    const rows = makeLooseRows()
    const side = makeSide()
    const reader: ProjectReader = {
      keys: () => rows.keys,
      runs: () => rows.runs,
      version: () => rows.runs.length,
      samples: () => [],
      side: (run) => sideOf(side, { project: null, id: run.id, name: run.name }, true),
      listedOnly: () => [],
      exact: () => true,
      readUpTo: () => Number.POSITIVE_INFINITY,
      reading: () => ({ state: 'done', bytes, totalBytes: bytes, rows: rows.rows }),
      notices: () => [{ level: 'info', subject: name, text: 'read from log fragments that trackio has not put into a database yet' }],
    }
    const made = { rows, side, reader, name }
    projects.set(name, made)
    return made
  }
}

/** The members of a JSON object as they are written: `{"a": 1.0, "b": [2]}` → a: `1.0`, b: `[2]`. */
function members(text: string): Map<string, string> {
  const found = new Map<string, string>()
  let depth = 0
  let name: string | undefined
  let start = 0
  for (const match of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"(\s*:)?|[{}[\],]/g)) {
    const [token, colon] = match
    const c = token[0]
    if (c === '"') {
      if (colon !== undefined && depth === 1 && name === undefined) {
        name = String(parseLoose(token.slice(0, -colon.length)))
        start = match.index + token.length
      }
      continue
    }
    if (depth === 1 && name !== undefined && (c === ',' || c === '}')) {
      found.set(name, text.slice(start, match.index).trim())
      name = undefined
    }
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
  }
  return found
}

/** Traces are rows of a table of their own: what is left of the call may be `{}`. */
function withoutTraces(metrics: string): string {
  if (!metrics.includes('trackio.trace')) return metrics
  const kept = [...members(metrics)].filter(([, value]) => !isTrace(parseLoose(value)))
  return `{${kept.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

function isTrace(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => one === null || isTrace(one)) && value.some(isTrace)
  return value !== null && typeof value === 'object' && value._type === 'trackio.trace'
}
