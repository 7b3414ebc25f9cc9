import { formatBytes, formatPlural } from '../../compute/format.ts'
import type { SourceInfo } from '../../model/source.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Preferences } from '../address/preferences.ts'
import type { Handles } from './file-handles.ts'
import type { Given } from './file-input.ts'
import { FRESH, type OnScreen } from './on-screen.ts'
import type { Opener } from './opening.ts'
import { filesOf, isOfDisk, type OpenSource, type SourceList } from './source-list.ts'
import type { Watching } from './watching.ts'

export interface Arriving {
  info: SourceInfo
  kind: OpenSource['kind']
  given?: Given | undefined
  /** It is shown; otherwise it only joins the picker. */
  focus: boolean
  /** The address is about it, or the page around this one gave it; otherwise a person did. */
  linked: boolean
}

export interface ArrivalOptions {
  list: SourceList
  screen: OnScreen
  watching: Watching
  opener: Opener
  location: ViewLocation
  preferences: Preferences
  handles: Handles
}

/** What happens to the view when a source is open. Gives what takes one in. */
export function makeArrival({
  list,
  screen,
  watching,
  opener,
  location,
  preferences,
  handles,
}: ArrivalOptions): (arriving: Arriving) => void {
  return arrive

  function arrive({ info, kind, given, focus, linked }: Arriving): void {
    const first = list.all().length === 0
    const wanted = linked ? undefined : wasWanted(info, kind)
    list.add(info, kind, given)
    watching.add(info, given)
    void watching.retake(info.id)
    remember(info, kind, given)
    if (first) {
      // a link's view belongs to what it opens, and to the files that it asks for
      const { project } = location.view()
      const named = info.projects.find(({ name }) => name === project)
      if (project === undefined || named) screen.choose((named ?? info.projects[0])?.id)
      else if (!linked && wanted !== 'part') {
        screen.choose(info.projects[0]?.id)
        location.patch(wanted && isOfDisk(kind) ? { project: undefined } : { ...FRESH, project: undefined })
      }
      leaveForHome()
    } else if (wanted === 'whole' || wanted === 'part') {
      const { project, beside } = location.view()
      const named = info.projects.find(({ name }) =>
        project === undefined ? !beside.includes(name) : name === project,
      )
      if (named) screen.choose(named.id)
      leaveForHome()
    } else if (focus && info.projects[0]) {
      screen.select(info.projects[0].id)
      leaveForHome()
    }
    screen.nameLinks()
  }

  function leaveForHome(): void {
    const { open, home } = location.pages
    if (['', open, home].includes(location.view().page)) location.patch({ page: home })
  }

  function remember(info: SourceInfo, kind: OpenSource['kind'], given: Given | undefined): void {
    // what another page handed over is that page's to open again, and what this one was served with opens by
    // itself; copies have a list of their own
    if (kind === 'host' || kind === 'beside' || kind === 'kept' || kind === 'tracked') return
    const link = info.link && { link: info.link }
    preferences.addRecent({ kind, name: info.name, detail: describe(info), at: Date.now(), ...link })
    if (given?.handles) void handles.keep(info.name, kind, given.handles)
  }

  /**
   * What an address that was made of files gets with this source: all of them that were missing, some, or
   * others, which is said. They may bear another name or have grown since.
   */
  function wasWanted(info: SourceInfo, kind: OpenSource['kind']): 'whole' | 'part' | 'other' | undefined {
    const left = screen.absent()
    if (left.length === 0) return undefined
    const files = filesOf(info)
    const named = left.filter(({ name }) => files.some((file) => file.name === name))
    for (const { name, bytes } of named) {
      const here = files.find((file) => file.name === name)?.bytes ?? bytes
      if (here !== bytes) tellDiffering(name, (words) => words.otherSize(here, bytes))
    }
    if (named.length > 0 && named.length < left.length) return 'part'
    location.forgetFiles()
    if (named.length > 0) return 'whole'
    if (kind === 'file' || kind === 'folder') tellDiffering(info.name, (words) => words.otherFile(left))
    return 'other'
  }

  function tellDiffering(subject: string, text: (words: typeof import('./file-words.ts')) => string): void {
    void import('./file-words.ts').then((words) => opener.tell({ level: 'info', subject, text: text(words) }))
  }
}

function describe(info: SourceInfo): string {
  const [first] = info.projects
  const what =
    info.projects.length === 1 && first ? first.name : formatPlural(info.projects.length, 'project')
  return info.bytes > 0 ? `${what}, ${formatBytes(info.bytes)}` : what
}
