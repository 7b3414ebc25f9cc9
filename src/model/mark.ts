/** What a person wrote about a run. */
export interface RunMark {
  note?: string
  tags?: string[]
}

/** Before the run's key: the key under which the project's metadata have it, which trackio passes by. */
export const MARK_KEY = 'trackio-lite:run:'

/** Of a mark as it was stored; what is not as expected is left out. Undefined where nothing is left. */
export function parseMark(value: unknown): RunMark | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { note, tags } = value as Record<string, unknown>
  const words = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string' && tag !== '') : []
  return tidy({
    ...(typeof note === 'string' && { note }),
    tags: words,
  })
}

/** Without what is empty; undefined where nothing is left. */
export function tidy({ note = '', tags = [] }: RunMark): RunMark | undefined {
  const mark: RunMark = {
    ...(note.trim() !== '' && { note: note.trim() }),
    ...(tags.length > 0 && { tags: [...new Set(tags)] }),
  }
  return Object.keys(mark).length > 0 ? mark : undefined
}
