/** What lists of reports are sorted by. */
export const REPORT_ORDERS = ['newest', 'oldest', 'highest', 'lowest'] as const
export type ReportOrder = (typeof REPORT_ORDERS)[number]

interface Listed {
  key: string
  step: number
  time: number
  row: number
}

export interface ReportGroup<T> {
  key: string
  reports: T[]
}

/**
 * Reports by the key that they were logged under: keys in the order of their first reports. What has no time, or no
 * step, comes last either way; of the same, those that were logged later come first.
 */
export function groupReports<T extends Listed>(reports: readonly T[], order: ReportOrder): ReportGroup<T>[] {
  const by = order === 'newest' || order === 'oldest' ? 'time' : 'step'
  const other = by === 'time' ? 'step' : 'time'
  const sign = order === 'newest' || order === 'highest' ? -1 : 1
  const sorted = [...reports].sort(
    (a, b) => compare(a[by], b[by], sign) || compare(a[other], b[other], sign) || sign * (a.row - b.row),
  )
  const groups = new Map<string, T[]>()
  for (const one of sorted) {
    const group = groups.get(one.key)
    if (group) group.push(one)
    else groups.set(one.key, [one])
  }
  return [...groups].map(([key, of]) => ({ key, reports: of }))
}

function compare(a: number, b: number, sign: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return sign * (a - b)
}

/** Those of one key and run in the order that they were logged in, by step; what has none comes first. */
export function stepsInOrder<T extends Listed>(reports: readonly T[]): T[] {
  const place = ({ step }: T): number => (Number.isNaN(step) ? Number.NEGATIVE_INFINITY : step)
  return [...reports].sort((a, b) => {
    const [one, other] = [place(a), place(b)]
    return one === other ? a.row - b.row : one - other
  })
}
