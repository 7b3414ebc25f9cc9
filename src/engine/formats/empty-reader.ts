import type { Reading } from '../../model/catalogue.ts'
import type { Notice } from '../../model/source.ts'
import { makeKeyTable } from '../columns/scan.ts'
import type { ProjectReader } from './dataset.ts'

export const noKeys = makeKeyTable()

/** A project without rows: an empty database, or one that is not opened yet. */
export function emptyReader(reading: () => Reading, notices: () => Notice[] = () => []): ProjectReader {
  return {
    keys: () => noKeys,
    runs: () => [],
    version: () => 0,
    samples: () => [],
    runTables: () => ({}),
    hasIds: () => false,
    part: () => null,
    exact: () => reading().state === 'done',
    readUpTo: () => 0,
    reading,
    notices,
  }
}
