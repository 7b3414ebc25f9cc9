import { canonicalProject } from '../../model/project-name.ts'
import type { Run } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import type { ProjectReader } from '../formats/dataset.ts'
import { configsOf, type RunSide, sideOf } from './configs.ts'
import { type Known, linkedRuns, missingRuns } from './links.ts'

/** What the tables beside the metrics say of a project's runs, decoded for every format alike. */
export interface RunSides {
  of(run: { id: string | null; name: string }): RunSide
  /** Runs that trackio lists though they logged nothing. */
  listedOnly(): Run[]
  notices(): Notice[]
}

export function makeRunSides(
  reader: ProjectReader,
  { name, file }: { name: string; file: string },
): RunSides {
  let known = configsOf(undefined)
  const configs = (): typeof known => {
    known = configsOf(reader.runTables().configs, known)
    return known
  }
  return {
    of: (run) => sideOf(configs(), { ...run, project: reader.part() }, reader.hasIds()),
    listedOnly() {
      const tables = reader.runTables()
      const hasIds = reader.hasIds()
      const about: Known = {
        logged: reader.runs(),
        hasIds,
        project: () => canonicalProject(name),
        side: (run) => sideOf(configs(), { ...run, project: null }, hasIds),
      }
      const linked = linkedRuns(tables, about)
      // while rows come in, the list would name runs whose rows are yet to come
      if (reader.reading().state === 'reading') return linked
      return [...linked, ...missingRuns(tables, { ...about, logged: [...about.logged, ...linked] })]
    },
    notices() {
      const { unreadable } = configs()
      if (unreadable === 0) return []
      const runs = `${unreadable.toLocaleString('en')} ${unreadable === 1 ? 'run' : 'runs'}`
      const text = `the config of ${runs} cannot be read: it is not a JSON object`
      return [{ level: 'warn', subject: file, text }]
    },
  }
}
