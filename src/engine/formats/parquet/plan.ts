/** Bytes [start, end) of a file. */
export interface Span {
  start: number
  end: number
}

/** How bytes are asked for. */
export interface Limits {
  /** Bytes at the end of a file that are read first; most footers are shorter. */
  tail: number
  /**
   * Bytes between two wanted spans that are read along rather than asked for apart: about what comes in the
   * time of one more request.
   */
  gap: number
  /** The longest request. A longer span is asked for in pieces, so that giving up is noticed between them. */
  most: number
  /** Requests under way at a time. */
  ahead: number
}

export const LIMITS: Limits = { tail: 64 << 10, gap: 64 << 10, most: 8 << 20, ahead: 3 }

/** What looking at a file costs, bytes. */
export interface Cost {
  /** Of the rows without their metrics, and of a metric on the average. */
  rows: number
  metric: number
  metrics: number
}

/** What looking at a file behind a network may cost, bytes. */
export interface Budget {
  /** A first picture that costs more is made of a sample first; 6 MB where it is not said. */
  first?: number
  /** Of a first screen that costs more, only the sample is read until somebody asks for the rest. */
  screen: number
}

const FIRST = 6 << 20
/** Charts of a screen, with those just below it. */
const SCREEN = 12

/** How a file is looked at: as it is, from a sample first, or from a sample alone. */
export function planLook(
  { rows, metric, metrics }: Cost,
  { first = FIRST, screen }: Budget,
): 'whole' | 'sample' | 'held' {
  if (rows + metric <= first) return 'whole'
  return rows + metric * Math.min(SCREEN, metrics) > screen ? 'held' : 'sample'
}

/** A span to ask for at once, and the wanted ones that lie in it, by their place in the list. */
export interface Request extends Span {
  wanted: number[]
}

/**
 * Few requests for many spans, in file order: neighbours are joined over gaps of up to `gap` bytes as long as
 * the whole stays within `most`. Every span lies in exactly one request; one that is longer than `most` by
 * itself has a request of its own.
 */
export function planRequests(spans: readonly Span[], limits: Pick<Limits, 'gap' | 'most'>): Request[] {
  const order = spans.map((_, i) => i).sort((a, b) => spanAt(spans, a).start - spanAt(spans, b).start)
  const requests: Request[] = []
  for (const i of order) {
    const { start, end } = spanAt(spans, i)
    const last = requests.at(-1)
    if (last && start - last.end <= limits.gap && Math.max(end, last.end) - last.start <= limits.most) {
      last.end = Math.max(end, last.end)
      last.wanted.push(i)
    } else requests.push({ start, end, wanted: [i] })
  }
  return requests
}

/** A span in pieces of at most `most` bytes. */
export function piecesOf({ start, end }: Span, most: number): Span[] {
  const pieces: Span[] = []
  for (let at = start; at < end; at += most) pieces.push({ start: at, end: Math.min(end, at + most) })
  return pieces
}

function spanAt(spans: readonly Span[], i: number): Span {
  return spans[i] as Span
}
