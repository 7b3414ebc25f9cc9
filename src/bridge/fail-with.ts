import { TrackioError } from '../model/errors.ts'
import type { Notice } from '../model/source.ts'

/** Throws what a notice says, where there is one: a list that is shorter than what was logged is no answer. */
export function failWith(notice: Notice | undefined): void {
  if (notice) throw new TrackioError(notice.subject, notice.text, notice.action)
}
