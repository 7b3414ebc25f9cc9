export interface Table {
  name: string
  root: number
  columns: string[]
  /**
   * Column that is another name of the row id (`id INTEGER PRIMARY KEY`), which records store as NULL; −1 if
   * none.
   */
  rowidColumn: number
  /**
   * By column name: what rows hold that are older than the column (ALTER TABLE ADD COLUMN … DEFAULT), which
   * records leave out.
   */
  defaults?: Map<string, string | number>
}

export function hasColumn({ columns }: Table, name: string): boolean {
  return columns.some((column) => column.toLowerCase() === name)
}
