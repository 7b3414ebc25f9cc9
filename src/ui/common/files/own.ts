import type { Own } from '../../../state/address/link.ts'

/** What of a file is shown, as parameters of a page: its view, the table and rows of it, a line, what is looked for. */
export const FILE_OWN = {
  as: /^(table|text|tree|page|picture|header|hex)$/,
  table: /./,
  line: /^\d+$/,
  q: /./,
  case: /^1$/,
  re: /^1$/,
  only: /^1$/,
  wrap: /^1$/,
  filters: /^\[/,
  sort: /^-?\./,
  find: /./,
  hide: /^\[/,
  rows: /^tall$/,
} as const

/** None of them: of another file they say nothing. */
export function withoutFile(): Own {
  return Object.fromEntries(Object.keys(FILE_OWN).map((name) => [name, '']))
}
