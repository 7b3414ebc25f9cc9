import type { Notice } from '../../model/source.ts'
import type { ProjectData } from '../data/catalogue.ts'
import type { Sources } from './sources.ts'

/** What is wrong or incomplete in what was opened and is on screen. */
export function dataNotices(sources: Sources, data: ProjectData): Notice[] {
  const status = data.status()
  const own = data.catalogue()?.notices ?? []
  const seen = new Set(own.map(textOf))
  return [
    ...sources.failures(),
    ...(status.kind === 'failed' ? [status.notice] : []),
    ...own.filter(isLoud),
    ...sources
      .shown()
      .flatMap(({ info }) => info.notices)
      .filter((notice) => isLoud(notice) && !seen.has(textOf(notice))),
  ]
}

/** What the line of the source has a mark for. */
export function markedOf(sources: Sources, data: ProjectData): Notice | undefined {
  const all = [...(data.catalogue()?.notices ?? []), ...(sources.source()?.info.notices ?? [])]
  return all.find((notice) => !isLoud(notice))
}

function isLoud({ mark }: Notice): boolean {
  return mark !== true
}

export function textOf({ subject, text }: Notice): string {
  return `${subject}\n${text}`
}
