import { stripsOf } from '../../../compute/media-paths.ts'
import { PARQUET } from '../../../model/data-files.mjs'
import type { TreeEntry } from '../../../storage/tree.ts'
import { byName, folderOf, type Listing, rivalOf, topmost } from '../listing.ts'
import type { ProjectFiles } from '../project-files.ts'
import {
  groupDataset,
  OWN_TABLES,
  type OwnTable,
  PARQUET_TABLES,
  type ParquetTable,
  staticPath,
} from './names.ts'

const ID = 'parquet'

/** One project as Parquet files; `path` is that of its metrics, or of another table where it has none. */
export interface ParquetFiles extends ProjectFiles {
  format: typeof ID
  project: string
  tables: Partial<Record<ParquetTable | OwnTable, TreeEntry>>
  /** Of a static export: `runs.json`, which also names runs without metrics. */
  runs: TreeEntry | undefined
  /**
   * A static export's media have no project segment: these leading parts of a `file_path` are dropped, the
   * first that fits.
   */
  strip: string[]
}

export function isParquet(files: ProjectFiles): files is ParquetFiles {
  return files.format === ID
}

/** Static exports, then the projects of a scheduler's Dataset. */
export function claimParquet(listing: Listing): ParquetFiles[] {
  const exports = staticExports(listing)
  const taken = new Set(exports.flatMap(({ tables }) => Object.values(tables).map(({ path }) => path)))
  return [...exports, ...datasets(listing, taken)]
}

/**
 * A folder with metrics.parquet beside runs.json, settings.json or aux/; since 0.38 a project without metrics
 * has only the two JSON files.
 */
function staticExports({ files, name }: Listing): ParquetFiles[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const folders = new Set<string>()
  const withAux = new Set<string>()
  for (const { path } of files) {
    const aux = /^(.*\/)?aux\/[^/]+\.parquet$/.exec(path)
    if (aux) withAux.add(aux[1] ?? '')
    else if (/(^|\/)(metrics\.parquet|runs\.json)$/.test(path) && !/(^|\/)(aux|media)\//.test(path))
      folders.add(folderOf(path))
  }
  const found: ParquetFiles[] = []
  for (const folder of folders) {
    const metrics = byPath.get(`${folder}metrics.parquet`)
    const runs = byPath.get(`${folder}runs.json`)
    const settings = byPath.get(`${folder}settings.json`)
    if (metrics ? !(runs || settings || withAux.has(folder)) : !(runs && settings)) continue
    const tables: ParquetFiles['tables'] = {}
    for (const table of [...PARQUET_TABLES, ...OWN_TABLES]) {
      const file = byPath.get(folder + staticPath(table))
      if (file) tables[table] = file
    }
    const project = folder === '' ? name : (folder.split('/').at(-2) ?? name)
    const path = (metrics ?? runs)?.path ?? folder
    const media = `${folder}media/`
    found.push({ format: ID, path, project, media, tables, runs, strip: stripsOf(project) })
  }
  return found.sort(byName)
}

function datasets({ files: all, certain }: Listing, taken: ReadonlySet<string>): ParquetFiles[] {
  const files = all.filter(({ path }) => !taken.has(path))
  const parquet = files.filter(({ path }) => PARQUET.test(path) && !/(^|\/)(aux|media)\//.test(path))
  const byPath = new Map(topmost(parquet).map((file) => [file.path, file]))
  // a database beside them says of which project an artifact table is
  const paths = [...byPath.keys(), ...files.map(({ path }) => path).filter((path) => path.endsWith('.db'))]
  return groupDataset(paths, certain).map(({ project, tables: grouped }): ParquetFiles => {
    const tables: ParquetFiles['tables'] = {}
    for (const table of PARQUET_TABLES) {
      const file = byPath.get(grouped[table] ?? '')
      if (file) tables[table] = file
    }
    const path = (tables.metrics ?? Object.values(tables)[0])?.path ?? project
    const media = `${folderOf(path)}media/`
    const rival = rivalOf(path, project)
    return { format: ID, path, project, media, rival, tables, runs: undefined, strip: [] }
  })
}
