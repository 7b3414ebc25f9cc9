import type { StoredChange } from '../../model/change.ts'
import type { ProjectInfo } from '../../model/source.ts'
import type { OpenSource } from '../sources/source-list.ts'
import type { ChangePlace } from './entry.ts'

/** Where runs of a place go to, among what is open here. */
export function openNamed(
  place: ChangePlace,
  sources: readonly OpenSource[],
  to: string,
): { source: OpenSource; project: ProjectInfo } | undefined {
  if (place.kind === 'tracked') return openAt({ kind: 'tracked', name: to, project: to }, sources, false)
  const source = sources.find(
    ({ kind, info }) => place.kind === 'kept' && kind === 'kept' && info.name === to,
  )
  const project = source?.info.projects[0]
  return source && project && { source, project }
}

/** The project of a place among what is open here. `own`: this page asked. */
export function openAt(
  place: ChangePlace,
  sources: readonly OpenSource[],
  own: boolean,
): { source: OpenSource; project: ProjectInfo } | undefined {
  for (const source of sources)
    for (const project of source.info.projects) {
      if (place.kind === 'file' && !own) continue
      const here = placeOf(source, project)
      if (isSamePlace(here, place)) return { source, project }
    }
  return undefined
}

export function isSamePlace(a: ChangePlace, b: ChangePlace): boolean {
  return a.kind === b.kind && keyOf(a) === keyOf(b)
}

function keyOf(place: ChangePlace): string {
  switch (place.kind) {
    case 'kept':
      return `${place.name}\n${place.project}`
    case 'tracked':
      return place.name
    case 'server':
      return `${place.url}\n${place.project}`
    case 'file':
      return `${place.source}\n${place.path}\n${place.project}`
  }
}

/** In words, where it is. */
export function placeWords(place: ChangePlace): string {
  if (place.kind === 'server') return `${place.project} on ${place.host}`
  return place.kind === 'file' ? place.path : place.kind === 'kept' ? place.name : place.project
}

/** What was done, as a sentence without its end. */
export function changeWords(change: StoredChange, place: ChangePlace): string {
  if (change.kind === 'delete-project')
    return place.kind === 'kept' ? `Deleted the copy ${place.name}` : `Deleted the project ${place.project}`
  const [first] = change.runs
  const what =
    change.runs.length === 1 ? (first?.name ?? '') : `${change.runs.length.toLocaleString('en')} runs`
  if (change.kind === 'rename') return `Renamed ${what} to ${change.name}`
  return change.kind === 'delete' ? `Deleted ${what}` : `Moved ${what} to ${change.to}`
}

/** Where a change of this project is made. */
export function placeOf({ kind, info }: OpenSource, project: ProjectInfo): ChangePlace {
  const { name } = project
  if (kind === 'kept') return { kind, name: info.name, project: name }
  if (kind === 'tracked') return { kind, name, project: name }
  if (kind === 'file' || kind === 'folder')
    return { kind: 'file', source: info.id, path: project.file, project: name }
  return { kind: 'server', url: info.link?.texts[0] ?? info.host, host: info.host, project: name }
}
