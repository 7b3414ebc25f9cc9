import type { Accessor } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { XAxis } from '../../model/view.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Downloads } from '../data/downloads.ts'
import type { Runs } from '../runs/runs.ts'

/** What group lines are made of. */
export interface GroupsOptions {
  engine: Pick<EngineApi, 'ask'>
  location: Pick<ViewLocation, 'view' | 'field' | 'patch'>
  runs: Pick<Runs, 'all' | 'byKey' | 'shown' | 'allGroups' | 'configKeys'>
  project: Accessor<string | undefined>
  projectName: Accessor<string | undefined>
  x: Accessor<XAxis>
  /** The first charts stand. */
  ready: Accessor<boolean>
  downloads: Pick<Downloads, 'groupCsv'>
}
