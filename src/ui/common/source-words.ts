import { createMemo } from 'solid-js'
import type { ProjectInfo } from '../../model/source.ts'
import { useApp } from '../../state/app.ts'
import { markedOf } from '../../state/sources/data-notices.ts'
import type { Sources } from '../../state/sources/sources.ts'

/** A project as it is told from another one of its name. */
export function wordsFor(sources: Sources, { id, name, source, file }: ProjectInfo): string {
  const twin = sources.projects().some((other) => other.id !== id && other.name === name)
  const from = sources.list().find(({ info }) => info.id === source)?.info.name ?? file
  return twin ? `${name} (${from})` : name
}

/**
 * That a log may be missing, where it can be: of files that came alone from a disk. A frame of another page
 * keeps quiet: who reads it has no other file.
 */
export function useMarkWords(): () => string | undefined {
  const { sources, data } = useApp()
  const inFrame = window.parent !== window
  return createMemo(() => {
    const marked = inFrame ? undefined : markedOf(sources, data)
    return marked && [`${marked.subject}: ${marked.text}.`, marked.action].filter(Boolean).join(' ')
  })
}
