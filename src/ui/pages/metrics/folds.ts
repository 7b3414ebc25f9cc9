import { createMemo } from 'solid-js'
import { useApp } from '../../../state/app.ts'

/** Of the section of traces, which is none of metrics. */
export const TRACES_FOLD = '(traces)'

export interface Folds {
  isClosed(key: string): boolean
  toggle(key: string): void
  all(closed: boolean): void
}

/**
 * Which sections are folded, remembered for each project; of those that are folded at start, which a person
 * unfolded.
 */
export function createFolds(): Folds {
  const { preferences, sources, metrics, arrangement } = useApp()
  const project = () => sources.project()?.name ?? ''
  const closed = createMemo(() => new Set(preferences.value().closed[project()] ?? []))
  const opened = createMemo(() => new Set(preferences.value().opened[project()] ?? []))
  const isClosed = (key: string) => closed().has(key) || (arrangement.folded().has(key) && !opened().has(key))

  function save(nowClosed: Iterable<string>, nowOpened: Iterable<string>): void {
    const { closed, opened } = preferences.value()
    preferences.set({
      closed: { ...closed, [project()]: [...nowClosed] },
      opened: { ...opened, [project()]: [...nowOpened] },
    })
  }

  return {
    isClosed,
    toggle(key) {
      const close = !isClosed(key)
      const others = (keys: ReadonlySet<string>) => [...keys].filter((other) => other !== key)
      const atStart = arrangement.folded().has(key)
      save(
        close && !atStart ? [...closed(), key] : others(closed()),
        close || !atStart ? others(opened()) : [...opened(), key],
      )
    },
    all: (close) =>
      save(
        close ? [...metrics.sections().map(({ key }) => key), TRACES_FOLD] : [],
        close ? [] : arrangement.folded(),
      ),
  }
}
