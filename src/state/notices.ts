import type { Notice } from '../model/source.ts'
import type { ProjectData } from './catalogue.ts'
import type { ViewLocation } from './location.ts'
import type { Metrics } from './metrics.ts'
import type { Runs } from './runs.ts'
import { unknownRuns } from './shown.ts'
import type { Sources } from './sources.ts'

/** What the address asked for and could not be had. `opened`: all that it names to open was tried. */
export function linkNotices(
  opened: boolean,
  location: ViewLocation,
  sources: Sources,
  data: ProjectData,
  runs: Runs,
  metrics: Metrics,
): Notice[] {
  const notices: Notice[] = location.problems().map(({ name, value }) => ({
    level: 'info',
    subject: name,
    text: `${JSON.stringify(value)} in the address is not a value of it and was ignored`,
  }))
  const view = location.view()
  const project = sources.project()
  if (project && opened && !sources.opening()) {
    if (view.project !== undefined && project.name !== view.project) {
      notices.push({ level: 'warn', subject: view.project, text: `no project of this name is open; this is ${project.name}` })
    }
    const beside = sources.missing()
    if (beside.length > 0) notices.push({ level: 'warn', subject: 'with', text: `no project of this name is open: ${few(beside)}` })
  }
  if (!data.exact()) return notices
  const unknown = unknownRuns(view.shown, runs.all())
  if (unknown.length > 0) notices.push({ level: 'info', subject: 'runs', text: `the address names unknown ones: ${few(unknown)}` })
  const missing = metrics.missing()
  if (missing.length > 0) notices.push({ level: 'info', subject: 'metrics', text: `the address names unknown ones: ${few(missing)}` })
  if (view.x.kind === 'metric' && !metrics.info(view.x.name)) {
    notices.push({ level: 'info', subject: 'x_axis', text: `no metric is called ${view.x.name}; the axis is the step` })
  }
  return notices
}

/** What is wrong or incomplete in what was opened and is on screen. */
export function dataNotices(sources: Sources, data: ProjectData): Notice[] {
  const status = data.status()
  const own = data.catalogue()?.notices ?? []
  const seen = new Set(own.map(textOf))
  return [
    ...sources.failures(),
    ...(status.kind === 'failed' ? [status.notice] : []),
    ...own,
    ...sources
      .shown()
      .flatMap(({ info }) => info.notices)
      .filter((notice) => !seen.has(textOf(notice))),
  ]
}

export function textOf({ subject, text }: Notice): string {
  return `${subject}\n${text}`
}

function few(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')
}
