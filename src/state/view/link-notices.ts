import { formatBytes } from '../../compute/format.ts'
import type { Notice } from '../../model/source.ts'
import type { ViewLocation } from '../address/location.ts'
import type { ProjectData } from '../data/catalogue.ts'
import { unknownRuns } from '../runs/run-selection.ts'
import type { Runs } from '../runs/runs.ts'
import type { Sources } from '../sources/sources.ts'
import type { Metrics } from './metric-list.ts'

/* Loaded after the first charts: no picture waits for it, a settled page has it. */

/** What the address asked for and could not be had. `opened`: all that it names to open was tried. */
export function linkNotices(
  opened: boolean,
  location: ViewLocation,
  sources: Sources,
  data: ProjectData,
  metrics: Metrics,
  runs: Pick<Runs, 'baseRun' | 'allGroups'>,
): Notice[] {
  const problems = location.problems()
  const notices: Notice[] = problems
    .filter(({ shown }) => shown === undefined)
    .map(({ name, value }) => ({
      level: 'info',
      subject: name,
      text: `${JSON.stringify(value)} in the address is not a value of it and was ignored`,
    }))
  const clamped = new Map(
    problems.flatMap(({ name, value, shown }) =>
      shown === undefined ? [] : [[name, `${value}, shown with ${shown}`]],
    ),
  )
  const [first, ...others] = clamped
  if (first) {
    const text = [first[1], ...others.map(([name, words]) => `${name}: ${words}`)].join('; ')
    notices.push({ level: 'info', subject: first[0] ?? '', text })
  }
  const view = location.view()
  const project = sources.project()
  const settled = opened && !sources.opening()
  const absent = sources.absent()
  // where nothing is open the page says it in place
  if (settled && absent.length > 0 && sources.list().length > 0) {
    const text = `the link shows ${few(absent.map(({ name, bytes }) => `${name}, ${formatBytes(bytes)}`))}, on the disk of whoever made it`
    notices.push({ level: 'info', subject: 'file', text, action: 'Drop it to see it.' })
  }
  if (project && settled) {
    if (view.project !== undefined && project.name !== view.project) {
      notices.push({
        level: 'warn',
        subject: view.project,
        text: `no project of this name is open; this is ${project.name}`,
      })
    }
    const beside = sources.missing()
    if (beside.length > 0)
      notices.push({
        level: 'warn',
        subject: 'with',
        text: `no project of this name is open: ${few(beside)}`,
      })
  }
  if (!data.exact()) return notices
  const unknown = unknownRuns(view.shown, data.catalogue()?.runs ?? [])
  if (unknown.length > 0)
    notices.push({ level: 'info', subject: 'runs', text: `the address names unknown ones: ${few(unknown)}` })
  const base = view.base ?? ''
  if (base.startsWith('run:') && runs.baseRun() === undefined)
    notices.push({
      level: 'info',
      subject: 'base',
      text: `no run ${base.slice(4)} in this project: nothing is held against it`,
    })
  // the table of runs knows groups within groups besides
  if (base.startsWith('group:') && view.differences.length > 0) {
    const group = base.slice(6)
    if (!runs.allGroups()?.some(({ id }) => id === group))
      notices.push({
        level: 'info',
        subject: 'base',
        text: 'runs are not grouped as in the link, or have no such group: charts show no differences to it',
      })
  }
  const missing = metrics.missing()
  // where it leaves nothing to draw the sheet says it
  if (missing.length > 0 && metrics.listed().length + metrics.empty() > 0)
    notices.push({
      level: 'info',
      subject: 'metrics',
      text: `no metric is called ${few(missing)}; there are ${few(metrics.names())}`,
    })
  if (view.x.kind === 'metric' && !metrics.info(view.x.name)) {
    notices.push({
      level: 'info',
      subject: 'x_axis',
      text: `no metric is called ${view.x.name}; the axis is the step`,
    })
  }
  return notices
}

export function few(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')
}
