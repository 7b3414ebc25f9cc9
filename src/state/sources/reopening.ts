import { batch } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { ProjectId, ProjectInfo, SourceId, SourceInfo, SourceRef } from '../../model/source.ts'
import type { Given } from './file-input.ts'
import type { OnScreen } from './on-screen.ts'
import type { Opener } from './opening.ts'
import type { OpenSource, SourceList } from './source-list.ts'
import type { Watching } from './watching.ts'

export interface OpenedAs {
  ref: SourceRef
  given: Given | undefined
}

export interface ReopeningOptions {
  engine: EngineApi
  opener: Opener
  list: SourceList
  screen: OnScreen
  watching: Watching
  /** What each was opened as, by its id; its ids become the new ones. */
  refs: Map<SourceId, OpenedAs>
  /** Takes what was opened after all, when the rest was long done: one that was tried again with a token. */
  arriveLate(info: SourceInfo, kind: OpenSource['kind'], given: Given | undefined): void
}

/** Opens everything anew, in an engine in which nothing is open: the same projects stay on screen. */
export async function reopenAll({
  engine,
  opener,
  list,
  screen,
  watching,
  refs,
  arriveLate,
}: ReopeningOptions): Promise<void> {
  const before = list.all()
  const [main, ...others] = [screen.project(), ...screen.beside()]
  const known = new Map(refs)
  const now = new Map<OpenSource, OpenSource>()
  refs.clear()
  list.forget()
  for (const { info } of before) watching.remove(info.id)
  for (const source of before) {
    const { ref, given } = known.get(source.info.id) ?? {}
    if (!ref) continue
    await opener.open(await freshOf(ref, given), source.info.name, (info) => {
      refs.set(info.id, { ref, given })
      if (!screen.isGone()) return arriveLate(info, source.kind, given)
      watching.add(info, given)
      now.set(source, {
        ...source,
        info,
        changed: undefined,
        stale: undefined,
        received: list.received(info.id),
      })
    })
  }
  // nothing can be had any more: what is on screen stays there, and why stands above it
  if (now.size === 0) {
    screen.setGone(false)
    return
  }
  // a person may have closed or opened something meanwhile
  const left = list.all()
  const still = before.filter((source) => left.some(({ info }) => info === source.info))
  const next = left.flatMap((one) => {
    const was = still.find(({ info }) => info === one.info)
    return was ? (now.get(was) ?? []) : [one]
  })
  const gone = [...now].filter(([source]) => !still.includes(source)).map(([, { info }]) => info.id)
  const idNow = (was: ProjectInfo | undefined): ProjectId | undefined => {
    const source = before.find(({ info }) => info.id === was?.source)
    const found =
      source &&
      now.get(source)?.info.projects.find(({ name, file }) => name === was?.name && file === was.file)
    return found?.id
  }
  batch(() => {
    list.set(next)
    screen.choose(idNow(main))
    screen.chooseBeside(others.flatMap((one) => idNow(one) ?? []))
    screen.setGone(false)
    screen.nameLinks()
  })
  for (const id of gone) await engine.close(id).catch((error: unknown) => opener.fail(error, id))
}

/** Files of a folder as they are now, where the page may look. */
async function freshOf(ref: SourceRef, given: Given | undefined): Promise<SourceRef> {
  if (ref.kind !== 'files' || !given?.list) return ref
  try {
    return { ...ref, files: await given.list() }
  } catch {
    return ref // the permission is gone: those that are held may do
  }
}
