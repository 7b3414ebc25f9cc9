import { type Accessor, createMemo } from 'solid-js'
import { type Brush, type BrushTerm, formatTerms, parseBrushes, withBrush } from '../../../compute/brush.ts'
import type { Operand } from '../../../compute/filter-syntax.ts'
import { operandText } from '../../../compute/filter-text.ts'
import { directionOf } from '../../../compute/metric-words.ts'
import { useApp } from '../../../state/app.ts'
import { filterSubject, isOwn } from './cells.ts'

/** The column that a name of a filter is meant as; a metric that nobody chose a statistic for has its own. */
export function createSubjectOf(): (operand: Operand) => string {
  const { runs } = useApp()
  const keys = createMemo(() => new Set(runs.configKeys().map(({ path }) => path)))
  return (operand) => {
    const { name, by, measure, quoted } = operand
    if (by || measure) return operandText(operand)
    if (!quoted && isOwn(name)) return name
    if (keys().has(name)) return filterSubject({ kind: 'config', path: name }) ?? ''
    const rank = runs.rank()
    const statistic = rank?.metric === name ? rank.by : (directionOf(name) ?? 'last')
    return filterSubject({ kind: 'metric', metric: name, by: statistic }) ?? ''
  }
}

/** The brushes over the heads: what the filter says of each column, read back from its text. */
export function createBrushes(filter: Accessor<string>, setFilter: (text: string) => void) {
  const subjectOf = createSubjectOf()
  const terms = createMemo((): readonly BrushTerm[] | undefined => parseBrushes(filter(), subjectOf))
  return {
    of: (subject: string) => terms()?.find((term) => term.subject === subject)?.brush,
    /** Undefined takes it away. What is being typed and not right yet is left as it is. */
    set(subject: string, brush: Brush | undefined) {
      const now = terms()
      if (now) setFilter(formatTerms(withBrush(now, subject, brush)))
    },
  }
}
