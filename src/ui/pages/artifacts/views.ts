import { type Component, lazy } from 'solid-js'
import type { ViewProps } from './view-props.ts'

/** A way to look at the artifacts: `id` is the page's parameter `view`, '' for the first one. */
export interface ArtifactsView {
  id: string
  text: string
  view: Component<ViewProps>
  /** What it has in the page's toolbar, behind the names of the views. */
  tools?: Component<ViewProps>
}

export const VIEWS: readonly [ArtifactsView, ...ArtifactsView[]] = [
  {
    id: '',
    text: 'Versions',
    view: lazy(async () => ({ default: (await import('./versions.tsx')).Versions })),
    tools: lazy(async () => ({ default: (await import('./versions-tools.tsx')).VersionsTools })),
  },
]
