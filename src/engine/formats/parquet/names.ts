import type { ParquetTable } from '../../layout.ts'
export function groupDataset(paths: string[]): { project: string; tables: Partial<Record<ParquetTable, string>> }[] {
  return paths.map((path) => ({ project: path.replace(/\.parquet$/, ''), tables: { metrics: path } }))
}
