import { quote } from './csv-cells.ts'

/** A table as texts: a head, and lines of as many cells. `bold`: cells that are the best of their column. */
export interface TextTable {
  head: readonly string[]
  rows: readonly (readonly string[])[]
  /** Columns whose cells stand at the right. */
  numbers: readonly boolean[]
  bold(row: number, column: number): boolean
}

export const TABLE_FORMS = ['csv', 'tsv', 'markdown', 'latex'] as const
export type TableForm = (typeof TABLE_FORMS)[number]

/** Ends in a line break. Markdown and LaTeX have the best of each column in bold. */
export function tableText(table: TextTable, form: TableForm): string {
  switch (form) {
    case 'csv':
      return lines([table.head, ...table.rows].map((cells) => cells.map(quote).join(',')))
    case 'tsv':
      return lines([table.head, ...table.rows].map((cells) => cells.map(oneLine).join('\t')))
    case 'markdown':
      return markdown(table)
    case 'latex':
      return latex(table)
  }
}

function markdown({ head, rows, numbers, bold }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return lines([
    line(head.map(escapeMarkdown)),
    line(numbers.map((right) => (right ? '---:' : '---'))),
    ...rows.map((cells, row) =>
      line(
        cells.map((cell, column) => {
          const text = escapeMarkdown(cell)
          return text !== '' && bold(row, column) ? `**${text}**` : text
        }),
      ),
    ),
  ])
}

function escapeMarkdown(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|~#]/g, '\\$&')
}

/** With the rules of the booktabs package. */
function latex({ head, rows, numbers, bold }: TextTable): string {
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`
  return lines([
    `\\begin{tabular}{${numbers.map((right) => (right ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    line(head.map(escapeLatex)),
    '\\midrule',
    ...rows.map((cells, row) =>
      line(
        cells.map((cell, column) => {
          const text = escapeLatex(cell)
          return text !== '' && bold(row, column) ? `\\textbf{${text}}` : text
        }),
      ),
    ),
    '\\bottomrule',
    '\\end{tabular}',
  ])
}

const LATEX: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '−': '$-$',
  '≈': '$\\approx$',
  Δ: '$\\Delta$',
}

function escapeLatex(text: string): string {
  return oneLine(text).replace(/[\\~^±−≈Δ]|[&%$#_{}]/g, (sign) => LATEX[sign] ?? `\\${sign}`)
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`
}
