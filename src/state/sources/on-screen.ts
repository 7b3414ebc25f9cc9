import { type Accessor, batch, createMemo, createSignal } from 'solid-js'
import { isRegistryName } from '../../model/registry.ts'
import { combinedId, type ProjectId, type ProjectInfo } from '../../model/source.ts'
import type { ViewState, WantedFile } from '../address/link.ts'
import type { ViewLocation } from '../address/location.ts'
import { filesOf, isOfDisk, type OpenSource, type SourceList } from './source-list.ts'

export interface OnScreen {
  projects: Accessor<ProjectInfo[]>
  project: Accessor<ProjectInfo | undefined>
  /** Projects whose runs are drawn beside those of `project`. */
  beside: Accessor<ProjectInfo[]>
  /** Names of the address for projects beside the one on screen that are not open. */
  missing: Accessor<string[]>
  /** The id under which all that is on screen is asked for. */
  asked: Accessor<ProjectId | undefined>
  /** The source of the project on screen. */
  source: Accessor<OpenSource | undefined>
  /** The sources of all projects on screen. */
  shown: Accessor<OpenSource[]>
  /** The files of the address that nobody gave yet. */
  absent: Accessor<WantedFile[]>
  /** Means this project where the address allows it; the address itself is not changed. */
  choose(project: ProjectId | undefined): void
  chooseBeside(projects: readonly ProjectId[]): void
  /** Shows another project, with a fresh view. */
  select(project: ProjectId): void
  setBeside(project: ProjectId, on: boolean): void
  /** The ids of what is open are those of an engine that is gone: nothing is asked by them. */
  isGone: Accessor<boolean>
  setGone(gone: boolean): void
  /** The address names the source on screen and those beside it, so that a copied link opens them again. */
  nameLinks(): void
}

/** What belongs to one project and means nothing in another. */
export const FRESH: Partial<ViewState> = {
  beside: [],
  metrics: undefined,
  panels: [],
  shown: { kind: 'auto' },
  zoom: undefined,
  ownAxes: {},
  group: { kind: 'none' },
  rank: undefined,
  filter: '',
  slots: {},
  colorBy: undefined,
  names: {},
  pins: undefined,
  order: undefined,
  fullscreen: undefined,
  own: {},
}

/** What was opened last; a registry, which has no runs, only where there is nothing else. */
function usual(all: readonly ProjectInfo[]): ProjectInfo | undefined {
  return all.findLast(({ name }) => !isRegistryName(name)) ?? all[all.length - 1]
}

/** Which projects of the open sources are on screen: a person's choice, as far as the address agrees. */
export function createOnScreen(list: SourceList, location: ViewLocation): OnScreen {
  const [chosen, setChosen] = createSignal<ProjectId>()
  /** Which of several projects of one name are meant to stand beside; a link knows names only. */
  const [chosenBeside, setChosenBeside] = createSignal<readonly ProjectId[]>([])
  const [isGone, setGone] = createSignal(false)
  // a source that is looked at every second says the same of hundreds of projects, and bytes that arrive say
  // nothing of them
  const projects = createMemo(() => list.all().flatMap(({ info }) => info.projects), [], {
    equals: (a, b) => a.length === b.length && a.every((one, i) => isSame(one, b[i])),
  })
  const namedProject = location.field('project')
  const namedBeside = location.field('beside')
  const project = createMemo(() => {
    const all = projects()
    const name = namedProject()
    const at = all.find(({ id }) => id === chosen())
    if (at && (name === undefined || at.name === name)) return at
    // one that was renamed is still the one on screen; a name that there is not shows nothing of others
    return all.find((other) => other.name === name) ?? at ?? (name === undefined ? usual(all) : undefined)
  })
  const named = createMemo(() => {
    const left = projects().filter(({ id }) => id !== project()?.id)
    const missing: string[] = []
    const found = namedBeside().flatMap((name) => {
      const called = left.filter((one) => one.name === name)
      const meant = chosenBeside().find((id) => called.some((one) => one.id === id))
      const one = called.find(({ id }) => id === meant) ?? called[0]
      if (!one) {
        missing.push(name)
        return []
      }
      left.splice(left.indexOf(one), 1)
      return [one]
    })
    return { found, missing }
  })
  const beside = createMemo(() => named().found, [], {
    equals: (a, b) => a.length === b.length && a.every(({ id }, i) => id === b[i]?.id),
  })
  const asked = createMemo(() => {
    const main = isGone() ? undefined : project()
    return main && combinedId([main.id, ...beside().map(({ id }) => id)])
  })
  const shown = (): OpenSource[] => {
    if (project() === undefined) return list.all()
    const ids = new Set([project(), ...beside()].map((one) => one?.source))
    return list.all().filter(({ info }) => ids.has(info.id))
  }
  const absent = createMemo(() => {
    const open = new Set(list.all().flatMap(({ info }) => filesOf(info).map(({ name }) => name)))
    return location.wantedFiles().filter(({ name }) => !open.has(name))
  })
  const filesShown = (): WantedFile[] => {
    const ids = new Set([project(), ...beside()].map((one) => one?.id))
    return shown()
      .filter(({ info, kind }) => info.link === undefined && isOfDisk(kind))
      .flatMap(({ info }) => filesOf(info, ({ id }) => project() === undefined || ids.has(id)))
  }

  function nameLinks(): void {
    const links = shown()
    // what the page was served with opens by itself, where the address names nothing else
    const alone = links.every(({ kind }) => kind === 'beside')
    location.setLinks(alone ? [] : links.flatMap(({ info }) => info.link ?? []), () => [
      ...filesShown(),
      ...absent(),
    ])
  }

  function select(id: ProjectId): void {
    const next = projects().find((other) => other.id === id)
    if (!next || next.id === project()?.id) return
    batch(() => {
      setChosen(id)
      location.patch({ ...FRESH, project: next.name })
      nameLinks()
    })
  }

  return {
    projects,
    project,
    beside,
    missing: () => named().missing,
    asked,
    source: createMemo(() => (project() ? list.find(project()?.source ?? '') : list.all()[0])),
    shown,
    absent,
    choose: (id) => void setChosen(id),
    chooseBeside: (ids) => void setChosenBeside(ids),
    select,
    setBeside(id, on) {
      const info = projects().find((one) => one.id === id)
      if (!info) return
      const next = [...beside().filter((one) => one.id !== id), ...(on ? [info] : [])]
      batch(() => {
        setChosenBeside(next.map((one) => one.id))
        location.patch({ beside: next.map(({ name }) => name) })
        nameLinks()
      })
    },
    isGone,
    setGone: (gone) => void setGone(gone),
    nameLinks,
  }
}

function isSame(a: ProjectInfo, b: ProjectInfo | undefined): boolean {
  return a === b || (a.id === b?.id && a.name === b.name && a.bytes === b.bytes)
}
