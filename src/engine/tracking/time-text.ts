/**
 * Writes ms since 1970 as Python's isoformat in UTC does: `2026-08-21T10:00:00.123000+00:00`, without the
 * fraction when it is zero. All ordering in trackio compares these texts. Rows of one millisecond share their
 * text.
 */
export function makeTimeWriter(): (ms: number) => string {
  let second = Number.NaN
  let start = ''
  let last = Number.NaN
  let text = ''
  return (ms) => {
    if (ms === last) return text
    const whole = Math.floor(ms / 1000)
    if (whole !== second) {
      second = whole
      start = new Date(whole * 1000).toISOString().slice(0, 19)
    }
    const rest = Math.floor(ms) - whole * 1000
    last = ms
    text = rest === 0 ? `${start}+00:00` : `${start}.${String(rest).padStart(3, '0')}000+00:00`
    return text
  }
}
