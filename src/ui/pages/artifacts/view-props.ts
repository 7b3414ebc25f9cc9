import type { ArtifactsModel } from './model.ts'

/** What each way to look at the artifacts is given. */
export interface ViewProps {
  model: ArtifactsModel
  narrow: boolean
  embed: boolean
}
