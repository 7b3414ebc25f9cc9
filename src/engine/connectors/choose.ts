import { SIDECAR, ZIP } from '../../model/data-files.mjs'
import { TrackioError } from '../../model/errors.ts'
import type { NamedFile, SourceRef } from '../../model/source.ts'
import { filesTree } from '../../storage/files/files-tree.ts'
import { type Connector, type ConnectorContext, EVERY, treeConnector } from './connector.ts'

/* What is behind a network beyond plain addresses comes with code of its own, loaded when it is asked for. */

/** From a description to a connector. Nothing is read yet but what tells which connector it is. */
export async function openConnector(ref: SourceRef, context: ConnectorContext): Promise<Connector> {
  switch (ref.kind) {
    case 'files': {
      // few open one
      const unzipped = ref.files.some(({ path }) => ZIP.test(path))
        ? await (await import('../../storage/files/zip.ts')).withUnzipped(ref.files, context)
        : undefined
      const tree = filesTree(unzipped ?? ref.files)
      return {
        ...treeConnector(tree, { name: ref.name, prefer: 'database' }, () => nothingFound(ref.files)),
        // what is in a .zip is as it was packed
        live: ref.live && !unzipped ? 'page' : false,
        every: EVERY.near,
        link: ref.link,
        replace: (files) => {
          if (!unzipped) tree.replace(files)
        },
      }
    }
    case 'address':
      return (await import('./web.ts')).addressConnector(ref, context)
    case 'beside':
      return (await import('./web.ts')).pageConnector(ref, context)
    case 'kept':
      return keptConnector(ref.name)
    case 'tracked':
      return (await import('./tracked.ts')).trackedConnector()
  }
}

/** A copy in this browser's library. */
async function keptConnector(name: string): Promise<Connector> {
  const { openLibrary } = await import('./saved.ts')
  const library = await openLibrary()
  const { tree, files, kept } = await library.open(name)
  return {
    ...treeConnector(tree, { name: kept.project, prefer: 'database' }),
    name,
    // as it is now: its runs may have been changed, in another tab too. One that was renamed or removed is what
    // it was
    look: async () => [(await library.now(name, files)) ?? files],
    notices: () => [],
    writable: kept.form === 'database',
  }
}

function nothingFound(files: readonly NamedFile[]): TrackioError {
  const names = files.slice(0, 3).map((file) => file.path)
  const [only] = files
  if (files.length === 1 && only && SIDECAR.test(only.path)) {
    return new TrackioError(
      only.path,
      'only a sidecar of a database',
      `Drop ${only.path.replace(SIDECAR, '')} together with it.`,
    )
  }
  const action = "Choose a .db file, or trackio's folder (~/.cache/huggingface/trackio)."
  if (files.length === 0) return new TrackioError('folder', 'no files in it', action)
  return new TrackioError(
    names.join(', '),
    `no .db file among ${files.length === 1 ? 'it' : `${files.length} files`}`,
    action,
  )
}
