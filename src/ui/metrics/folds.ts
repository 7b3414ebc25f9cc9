import { createMemo } from 'solid-js'
import { useApp } from '../../state/app.ts'

export interface Folds {
  isClosed(key: string): boolean
  toggle(key: string): void
  all(closed: boolean): void
}

/** Which sections are folded, remembered for each project. */
export function createFolds(): Folds {
  const { preferences, sources, metrics } = useApp()
  const project = () => sources.project()?.name ?? ''
  const closed = createMemo(() => new Set(preferences.value().closed[project()] ?? []))

  function save(keys: Iterable<string>): void {
    preferences.set({ closed: { ...preferences.value().closed, [project()]: [...keys] } })
  }

  return {
    isClosed: (key) => closed().has(key),
    toggle(key) {
      const next = new Set(closed())
      if (!next.delete(key)) next.add(key)
      save(next)
    },
    all: (close) => save(close ? metrics.sections().map(({ key }) => key) : []),
  }
}
