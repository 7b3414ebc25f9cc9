import type { TraceRows } from '../../../model/trace.ts'

/** Places of the traces with the prompt of one; itself among them, by step, then as they came. */
export function samePrompt(list: TraceRows, at: number, by: 'run' | 'runs' | 'all'): number[] {
  const prompt = list.prompt[at] ?? -1
  if (prompt < 0) return [at]
  const found: number[] = []
  for (let i = 0; i < list.prompt.length; i++) {
    if (list.prompt[i] !== prompt) continue
    const ofRun = list.run[i] === list.run[at]
    const atStep = list.step[i] === list.step[at]
    if (i === at || by === 'all' || (by === 'run' ? ofRun : atStep)) found.push(i)
  }
  return found.sort((a, b) => (list.step[a] as number) - (list.step[b] as number) || a - b)
}

/** What is drawn of them: the first number of the metadata that most have, else tokens, else duration. */
export function promptMeasure(
  list: TraceRows,
  rows: readonly number[],
): { name: string; values: Float64Array } | undefined {
  const choices = [
    ...list.scores,
    { name: 'tokens', values: list.tokens },
    { name: 'duration', values: list.duration },
    { name: 'turns', values: Float64Array.from(list.turns) },
  ]
  const known = ({ values }: { values: Float64Array }): number =>
    rows.reduce((sum, at) => sum + (Number.isNaN(values[at] as number) ? 0 : 1), 0)
  const differs = ({ values }: { values: Float64Array }): boolean =>
    rows.some((at) => values[at] !== values[rows[0] as number])
  const preferred = /reward|accuracy|score|correct|pass/i
  return (
    choices.find((one) => preferred.test(one.name) && known(one) === rows.length) ??
    choices.find((one) => known(one) === rows.length && differs(one)) ??
    choices.find((one) => known(one) > 0)
  )
}
