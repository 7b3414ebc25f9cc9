import { type Accessor, createSignal, untrack } from 'solid-js'
import type { EngineEvent } from '../../bridge/engine-api.ts'
import type { Notice, ProjectInfo, SourceId, SourceInfo } from '../../model/source.ts'
import type { WantedFile } from '../address/link.ts'
import type { Recent } from '../address/preferences.ts'
import { baseName } from '../address/source-parameters.ts'
import type { Given } from './file-input.ts'

export interface OpenSource {
  info: SourceInfo
  kind: Recent['kind'] | 'host' | 'beside' | 'kept' | 'tracked'
  /** Set while the files on disk differ from what is shown. */
  changed?: Notice | undefined
  /** Following it failed; tried again by itself. */
  stale?: string | undefined
  /** Bytes that came over the network. */
  received: number
  /** In words, the pause that its place asks for just now. */
  waiting?: string | undefined
  /** A file beside those that were opened, by the places where it may be. */
  find?: Given['find']
  /** Files below a folder beside those that were opened. */
  below?: Given['below']
  /** What the browser gave with what a person chose, to ask whether it may be written to. */
  handles?: Given['handles']
}

export interface SourceList {
  all: Accessor<OpenSource[]>
  find(id: SourceId): OpenSource | undefined
  /** With what was told of it before it was open. */
  add(info: SourceInfo, kind: OpenSource['kind'], given: Given | undefined): void
  update(id: SourceId, change: Partial<OpenSource>): void
  set(list: OpenSource[]): void
  /** Bytes of a source that came over the network, also of one that is not in the list yet. */
  received(id: SourceId): number
  /** What was told of a source that is gone; without one, of all. */
  forget(id?: SourceId): void
  /** What left this page: bytes of requests, by host. */
  sent: Accessor<[host: string, bytes: number][]>
  onEvent(event: EngineEvent): void
}

/** A pause is told of every second while it lasts: what is older than this is over. */
const WAITING_MS = 1500

/** The sources that are open, and what the engine tells of them. */
export function createSourceList(): SourceList {
  const [list, setList] = createSignal<OpenSource[]>([])
  const [sent, setSent] = createSignal<[host: string, bytes: number][]>([])
  // much comes before a source is open: all of it, where the rest waits to be asked for
  const received = new Map<SourceId, number>()
  /** Changes of sources that are not in the list yet. */
  const early = new Map<SourceId, Notice>()

  const find = (id: SourceId): OpenSource | undefined => list().find(({ info }) => info.id === id)

  function update(id: SourceId, change: Partial<OpenSource>): void {
    setList(list().map((source) => (source.info.id === id ? { ...source, ...change } : source)))
  }

  function tell(event: EngineEvent): void {
    switch (event.kind) {
      case 'changed':
        // its reading may fail before the page knows that it is open
        if (!find(event.source)) early.set(event.source, event.notice)
        return update(event.source, { changed: event.notice })
      case 'waiting': {
        const { source, text: waiting } = event
        update(source, { waiting })
        setTimeout(() => {
          if (find(source)?.waiting === waiting) update(source, { waiting: undefined })
        }, WAITING_MS)
        return
      }
      case 'sent': {
        const others = sent().filter(([host]) => host !== event.host)
        return void setSent([...others, [event.host, event.bytes]])
      }
      case 'received':
        received.set(event.source, event.bytes)
        return update(event.source, { received: event.bytes })
    }
  }

  return {
    all: list,
    find,
    add(info, kind, given) {
      const changed = early.get(info.id)
      early.delete(info.id)
      const told = { received: received.get(info.id) ?? 0, ...(changed && { changed }) }
      setList([
        ...list(),
        { info, kind, find: given?.find, below: given?.below, handles: given?.handles, ...told },
      ])
    },
    update,
    set: (next) => void setList(next),
    received: (id) => received.get(id) ?? 0,
    forget: (id) => void (id === undefined ? received.clear() : received.delete(id)),
    sent,
    onEvent: (event) => untrack(() => tell(event)),
  }
}

export function isOfDisk(kind: OpenSource['kind']): boolean {
  return kind === 'file' || kind === 'folder' || kind === 'kept'
}

/** The files of a source's projects, as a link names them. */
export function filesOf(
  info: SourceInfo,
  which: (project: ProjectInfo) => boolean = () => true,
): WantedFile[] {
  // of a lone one the source counts what was written since
  const sizeOf = ({ bytes }: ProjectInfo): number => (info.projects.length === 1 ? info.bytes : bytes)
  const files = info.projects
    .filter(which)
    .map((project): [string, number] => [baseName(project.file), sizeOf(project)])
  return [...new Map(files)].map(([name, bytes]) => ({ name, bytes }))
}
