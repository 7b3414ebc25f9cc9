/**
 * Two builds in turns: each row of one, then of the other, then the other way round, so that what the machine
 * does meanwhile falls on both. Figures are those of `FIGURES`, medians over the turns.
 */
const FIGURES = ['ours', 'and', 'first', 'exact', 'smoothing', 'off', 'hover', 'busy', 'heap']
const WORSE = 5 // percent; less is not told from what a machine does by itself

/** `measure(bench)` gives a row's result; `benches` are [this build, the other one]. */
export async function inTurns(benches, turns, measure) {
  const results = [[], []]
  for (let turn = 0; turn < turns; turn++)
    for (const side of turn % 2 ? [1, 0] : [0, 1]) results[side].push(await measure(benches[side]))
  return results
}

/** A line for each figure that both builds have: medians, their ratio, and least to greatest of each. */
export function turnsTable(rows) {
  return [
    '| row | this build | the other | change | this build, least to greatest | the other |',
    '|---|---|---|---|---|---|',
    ...rows.flatMap(({ what, results }) => {
      const failed = results.flat().find((result) => result.failed)
      if (failed) return [`| ${what} | failed: ${failed.failed} | | | | |`]
      return FIGURES.flatMap((figure) => {
        const [mine, other] = results.map((side) => side.map((r) => r[figure]).filter((v) => v !== undefined))
        if (!mine.length || !other.length) return []
        const [a, b] = [middle(mine), middle(other)]
        const change = (a / b - 1) * 100
        const told = `${change > 0 ? '+' : ''}${change.toFixed(0)} %${change > WORSE ? ' (worse)' : ''}`
        const words = figure === 'ours' ? what : `${what}, ${figure}`
        return [`| ${words} | ${shown(a)} | ${shown(b)} | ${told} | ${range(mine)} | ${range(other)} |`]
      })
    }),
  ].join('\n')
}

function middle(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

const shown = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1))
const range = (values) => `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`
