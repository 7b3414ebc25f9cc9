import { type Accessor, createEffect, createSignal, getOwner, runWithOwner } from 'solid-js'
import type { Panels, PanelsOptions } from './panels.ts'

export interface LatePanels {
  /** Undefined until the first chart of several metrics. */
  all: Accessor<Panels | undefined>
  ready: Accessor<boolean>
  load(): Promise<Panels>
}

/** Charts of several metrics: fetched with the first of them, or when one is about to be made. */
export function createLatePanels(options: PanelsOptions, failed: (error: unknown) => void): LatePanels {
  const owner = getOwner()
  const linked = options.location.field('panels')
  const [all, setAll] = createSignal<Panels>()
  const [lost, setLost] = createSignal(false)
  let coming: Promise<Panels> | undefined

  function load(): Promise<Panels> {
    coming ??= import('./panels.ts').then(({ createPanels }) => {
      const made = runWithOwner(owner, () => createPanels(options))
      if (!made) throw new Error('panels: made after the page has gone')
      setAll(made)
      return made
    })
    coming.catch(() => (coming = undefined))
    return coming
  }

  createEffect(() => {
    if (linked().length > 0 && !all())
      load().catch((error: unknown) => {
        setLost(true)
        failed(error)
      })
  })
  return { all, ready: () => linked().length === 0 || all() !== undefined || lost(), load }
}
