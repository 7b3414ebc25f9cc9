const number = (value) =>
  value === undefined
    ? '–'
    : value >= 100
      ? Math.round(value).toLocaleString('en')
      : value.toFixed(value < 10 ? 1 : 0)

export function resultLine(row, result) {
  if (result.failed) return `${row.id}: failed: ${result.failed}`
  return `${row.id}: ${ours(row, result)} (target ${target(row)}, base ${number(result.base)}) ${result.note ?? ''}`
}

export function momentsTable(rows) {
  return [
    '| moment | ours | n | target | | baseline | ratio | |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const { result } = row
      if (result.failed) return `| ${row.what} | failed | | ${target(row)} | miss | | | ${result.failed} |`
      const ratio =
        result.base && result.ours !== undefined
          ? `${(result.ours / result.base).toFixed(2)}${result.and === undefined ? '' : ` / ${(result.and / result.base).toFixed(2)}`}`
          : '–'
      return `| ${row.what} | ${ours(row, result)} | ${result.n} | ${target(row)} | ${verdict(row, result)} | ${result.base === undefined ? '–' : `${number(result.base)} ms`} | ${ratio} | ${result.note ?? ''} |`
    }),
    '',
    'Baseline: for opening, `SELECT sum(length(metrics))` by SQLite over the same File; for drawing, uPlot with as many points already in memory; for scrolling the runs table, plain cells without a script.',
  ].join('\n')
}

export function peersTable(rows) {
  const line = (what, unit, pick, at) =>
    `| ${what} | ${rows.map(({ targets, result }) => (result.failed ? 'failed' : cell(pick(result), targets[at], unit, at === 3 ? 1.7 : 0))).join(' | ')} |`
  return [
    `| shape | ${rows.map(({ shape }) => shape).join(' | ')} |`,
    `|---|${rows.map(() => '---|').join('')}`,
    line('file to first chart drawn (ms)', '', (r) => r.first),
    line('file to all visible charts exact (ms)', '', (r) => r.exact, 0),
    line('smoothing tick, visible charts (ms)', '', (r) => r.smoothing, 1),
    line('one run off (ms)', '', (r) => r.off, 2),
    line('hover, frame interval p95 (ms)', '', (r) => r.hover, 3),
    line('hover, main thread a move (ms)', '', (r) => r.busy),
    line('heap of the page (MB)', '', (r) => r.heap, 4),
    line('memory of its process (MB)', '', (r) => r.process),
    line('`sum(length(metrics))` over the file (ms)', '', (r) => r.base),
    ...rows
      .filter(({ result }) => result.failed)
      .map(({ shape, result }) => `\n${shape} failed: ${result.failed}`),
  ].join('\n')
}

function ours(row, result) {
  const unit = row.unit ?? 'ms'
  return result.and === undefined
    ? `${number(result.ours)} ${unit}`
    : `${number(result.ours)} / ${number(result.and)} ${unit}`
}

function target(row) {
  const unit = row.unit ?? 'ms'
  return row.second === undefined ? `${row.target} ${unit}` : `${row.target} / ${row.second} ${unit}`
}

function verdict(row, result) {
  if (result.ours === undefined) return 'miss'
  const first = result.ours <= row.target + (row.slack ?? 0)
  const second = row.second === undefined || result.and <= row.second
  return first && second ? 'hit' : first || (second && row.second !== undefined) ? 'half' : 'miss'
}

function cell(value, target, unit, slack = 0) {
  if (value === undefined) return '–'
  if (target === undefined) return number(value)
  return `${number(value)}${unit} (${target}, ${value <= target + slack ? 'hit' : 'miss'})`
}
