import { resolve } from 'node:path'
import type { Plugin } from 'vite'

/**
 * A plugin that adds to the built folder once the page is built; those of a build come one after the other.
 * `root`: of the project.
 */
export function afterBuild(
  name: string,
  add: (root: string, folder: string) => void | Promise<void>,
): Plugin {
  let root = ''
  let folder = ''
  return {
    name,
    apply: 'build',
    configResolved(config) {
      root = config.root
      // the bench gives a path of its own, from the root of the disk
      folder = resolve(config.root, config.build.outDir)
    },
    closeBundle: { order: 'post', sequential: true, handler: () => add(root, folder) },
  }
}
