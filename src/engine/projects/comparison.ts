import type { Catalogue, SideCount } from '../../model/catalogue.ts'
import type { MetricInfo, OtherKey } from '../../model/metric.ts'
import type { Run } from '../../model/run.ts'
import type { ProjectInfo } from '../../model/source.ts'
import type { TraceRow } from '../tables/trace-store.ts'
import { compare, type Project, type ProjectRun } from './project.ts'
import { combineReadings } from './readings.ts'

/**
 * Several projects as one, so that charts and tables compare their runs. Runs of the first keep their keys,
 * names and slots; those of the others follow, with their project's name before it: `vae/run-1`. Nothing is
 * copied: every question goes on to the project it is about.
 */
export function combineProjects(info: ProjectInfo, members: Project[]): Project {
  const labels = labelsOf(members)
  const owners = new WeakMap<ProjectRun, Project>()
  const inner = new WeakMap<ProjectRun, ProjectRun>()
  /**
   * By member: its runs under their outer keys; the same object for the same run, to hang derived arrays on.
   */
  const outer = new WeakMap<ProjectRun, ProjectRun>()

  return {
    info,
    run(key) {
      for (const [i, member] of members.entries()) {
        const prefix = prefixOf(i)
        const run = key.startsWith(prefix) ? member.run(key.slice(prefix.length)) : undefined
        if (run) return wrap(run, member, i)
      }
      return undefined
    },
    runs: () => members.flatMap((member, i) => member.runs().map((run) => wrap(run, member, i))),
    catalogue,
    series: (run, metric) => owners.get(run)?.series(inner.get(run) ?? run, metric),
    version: (run, metric) => owners.get(run)?.version(inner.get(run) ?? run, metric),
    column: (run, metric) => owners.get(run)?.column(inner.get(run) ?? run, metric),
    names: () => [...new Set(members.flatMap((member) => member.names()))],
    exact: () => members.every((member) => member.exact()),
    listsOnly: (key) =>
      members.some(
        (member, i) => key.startsWith(prefixOf(i)) && member.listsOnly(key.slice(prefixOf(i).length)),
      ),
    load: async (metrics, signal) =>
      void (await Promise.all(members.map((member) => member.load(metrics, signal)))),
    rows: async (run, range, signal) => {
      const owner = owners.get(run)
      if (!owner) throw new Error(`rows: ${run.key} is no run of this comparison`)
      return owner.rows(inner.get(run) ?? run, range, signal)
    },
    async typedValues(kinds, signal) {
      const { mergeTyped } = await import('./typed-index.ts')
      const parts = await Promise.all(members.map((member) => member.typedValues(kinds, signal)))
      return {
        ...mergeTyped(
          parts,
          members.map((_, i) => prefixOf(i)),
        ),
        reading: combineReadings(parts.map(({ reading }) => reading)),
      }
    },
    async valueTexts(at, signal) {
      const found = new Array<string | undefined>(at.length)
      for (const [i, member] of members.entries()) {
        const prefix = prefixOf(i)
        const own = at.flatMap((place, n) =>
          place.run.startsWith(prefix) && member.run(place.run.slice(prefix.length)) && found[n] === undefined
            ? [{ n, place: { ...place, run: place.run.slice(prefix.length) } }]
            : [],
        )
        const texts = await member.valueTexts(
          own.map(({ place }) => place),
          signal,
        )
        own.forEach(({ n }, t) => {
          found[n] = texts[t]
        })
      }
      return found
    },
    async beside(key) {
      for (const [i, member] of members.entries()) {
        const prefix = prefixOf(i)
        const own = key.slice(prefix.length)
        if (key.startsWith(prefix) && (member.run(own) || member.listsOnly(own))) return member.beside(own)
      }
      return { others: [], artifacts: 0 }
    },
    async marks(signal) {
      const parts = await Promise.all(members.map((member) => member.marks(signal)))
      return Object.fromEntries(
        parts.flatMap((marks, i) => Object.entries(marks).map(([key, mark]) => [prefixOf(i) + key, mark])),
      )
    },
    async eachTrace(take, signal) {
      const notices = []
      for (const [i, member] of members.entries()) {
        const outer = (row: TraceRow): TraceRow => ({
          ...row,
          id: prefixOf(i) + row.id,
          run: row.run && prefixOf(i) + row.run,
          runName: nameOf({ name: row.runName }, i),
        })
        notices.push(...(await member.eachTrace((row) => take(outer(row)), signal)))
      }
      return notices
    },
    async countTraces(signal) {
      const parts = await Promise.all(members.map((member) => member.countTraces(signal)))
      return new Map(
        parts.flatMap((counts, i) => [...counts].map(([key, n]) => [prefixOf(i) + key, n] as const)),
      )
    },
    async alerts(signal) {
      const parts = await Promise.all(members.map((member) => member.alerts(signal)))
      const all = parts.flatMap(({ alerts }, i) =>
        alerts.map((alert) => ({
          ...alert,
          id: prefixOf(i) + alert.id,
          run: alert.run && prefixOf(i) + alert.run,
          runName: nameOf({ name: alert.runName }, i),
        })),
      )
      return {
        alerts: all.sort((a, b) => compare(b.timestamp, a.timestamp)),
        notices: parts.flatMap(({ notices }) => notices),
      }
    },
    async artifacts(without, signal) {
      const [{ combineArtifacts }, parts] = await Promise.all([
        import('./artifacts-together.ts'),
        Promise.all(members.map((member) => member.artifacts(without, signal))),
      ])
      return combineArtifacts(parts, {
        prefixOf,
        nameOf,
        projects: members.map(({ info: { name } }) => name),
        runs: members.map((member) => member.catalogue().runs),
      })
    },
    artifactManifest: notOfSeveral,
    artifactFiles: notOfSeveral,
    countBeside: async () => sumOf(await Promise.all(members.map((member) => member.countBeside()))),
  }

  // a mark that names do not hold: a run of the first project could be called `vae/run-1`
  function prefixOf(member: number): string {
    return member === 0 ? '' : `${labels[member]} › `
  }

  function nameOf(run: { name: string }, member: number): string {
    return member === 0 ? run.name : `${labels[member]}/${run.name}`
  }

  function wrap(run: ProjectRun, member: Project, i: number): ProjectRun {
    let found = outer.get(run)
    if (!found) {
      found = { ...run, key: prefixOf(i) + run.key, name: nameOf(run, i) }
      outer.set(run, found)
      owners.set(found, member)
      inner.set(found, run)
    }
    return found
  }

  function catalogue(): Catalogue {
    const parts = members.map((member) => member.catalogue())
    const runs: Run[] = parts.flatMap((part, i) =>
      part.runs.map((run) => ({ ...run, key: prefixOf(i) + run.key, name: nameOf(run, i) })),
    )
    // the first project's runs keep their colours, whatever is put beside them
    runs.forEach((run, slot) => {
      run.slot = slot
    })
    const names = [...new Set(parts.flatMap((part) => part.metrics.map(({ name }) => name)))].sort(compare)
    const counts = new Uint32Array(names.length * runs.length)
    const rowOf = new Map(names.map((name, row) => [name, row]))
    const metrics = names.map(
      (name): MetricInfo => ({ name, points: 0, mostInOneRun: 0, integer: true, beyondSafe: 0 }),
    )
    let column = 0
    for (const part of parts) {
      part.metrics.forEach((metric, m) => {
        const row = rowOf.get(metric.name) ?? 0
        const sum = metrics[row]
        if (!sum) return
        sum.points += metric.points
        sum.mostInOneRun = Math.max(sum.mostInOneRun, metric.mostInOneRun)
        sum.integer &&= metric.integer
        sum.beyondSafe += metric.beyondSafe
        const width = part.runs.length
        counts.set(part.counts.subarray(m * width, (m + 1) * width), row * runs.length + column)
      })
      column += part.runs.length
    }
    return {
      project: info,
      runs,
      metrics,
      counts,
      others: othersOf(parts),
      rows: parts.reduce((sum, part) => sum + part.rows, 0),
      exact: parts.every((part) => part.exact),
      reading: combineReadings(parts.map((part) => part.reading)),
      notices: parts.flatMap((part) => part.notices),
    }
  }
}

/** Whoever asks knows the project that an artifact is of. */
async function notOfSeveral(): Promise<never> {
  throw new Error('artifacts: files are asked of one project')
}

/** Names of the projects, told apart where two are the same. */
function labelsOf(members: Project[]): string[] {
  const taken = new Set<string>()
  return members.map(({ info: { name } }) => {
    let label = name
    for (let n = 2; taken.has(label); n++) label = `${name} (${n})`
    taken.add(label)
    return label
  })
}

function sumOf(parts: SideCount[][]): SideCount[] {
  const sums = new Map<SideCount['table'], number | undefined>()
  for (const { table, rows } of parts.flat()) {
    const before = sums.has(table) ? sums.get(table) : 0
    sums.set(table, before === undefined || rows === undefined ? undefined : before + rows)
  }
  return [...sums].map(([table, rows]) => ({ table, rows }))
}

function othersOf(parts: Catalogue[]): OtherKey[] {
  const all = new Map<string, Record<string, number>>()
  for (const { name, kinds } of parts.flatMap((part) => part.others)) {
    const sum = all.get(name) ?? {}
    for (const [kind, n] of Object.entries(kinds)) sum[kind] = (sum[kind] ?? 0) + n
    all.set(name, sum)
  }
  return [...all].map(([name, kinds]) => ({ name, kinds })).sort((a, b) => compare(a.name, b.name))
}
