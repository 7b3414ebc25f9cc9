import { createSignal, getOwner, runWithOwner } from 'solid-js'
import type { RunKey } from '../../model/run.ts'
import type { Marks, MarksOptions } from './written-marks.ts'

/**
 * Notes and tags that people gave to runs. What this browser keeps is there at once; the rest is fetched when
 * somebody asks for it.
 */
export function createMarks(options: MarksOptions): Marks {
  const { preferences, projectName } = options
  const owner = getOwner()
  const [written, setWritten] = createSignal<Pick<Marks, 'of' | 'change'>>()
  let fetched: Promise<Pick<Marks, 'of' | 'change'>> | undefined
  function late(): Promise<Pick<Marks, 'of' | 'change'>> {
    fetched ??= import('./written-marks.ts').then(({ createWrittenMarks }) => {
      const made = runWithOwner(owner, () => createWrittenMarks(options))
      if (!made) throw new Error('marks: no owner')
      setWritten(made)
      return made
    })
    // said once: whoever writes one tries again
    fetched.catch(() => (fetched = undefined))
    return fetched
  }
  let lost = false
  function lose(error: unknown): void {
    if (lost) return
    lost = true
    options.failed(error)
  }
  const here = (key: RunKey) => preferences.value().marks[projectName() ?? '']?.[key]
  return {
    of(key) {
      const known = written()
      if (!known && !lost) late().catch(lose)
      return known ? known.of(key) : here(key)
    },
    place: () => (options.writable() ? 'project' : 'browser'),
    change: async (key, next) => (await late()).change(key, next),
  }
}
