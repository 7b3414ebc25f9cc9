import { TrackioError } from '../../../model/errors.ts'
import type { Format } from '../format.ts'
import type { ServerFiles } from './server-files.ts'

/** Projects of a trackio server, which gives out rows and no files: its connector lists and opens them. */
export const trackioServer: Format<ServerFiles> = {
  id: 'server',
  called: 'a project of a live server',
  claim: () => [],
  stamp: ({ stamp }) => stamp,
  bytes: () => 0,
  // what it gives out by name is asked of it for one project
  mediaFolder: () => undefined,
  async open({ path }) {
    throw new TrackioError(path, 'a tree holds no server')
  },
}
