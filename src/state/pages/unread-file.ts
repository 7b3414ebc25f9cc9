import { isAbort, noticeOf } from '../../model/errors.ts'

/** A file that may be there could not be read: the place refused, or could not be reached. */
export class UnreadFileError extends Error {
  override name = 'UnreadFileError'
}

/** What `read` gives; rejects with UnreadFileError, which says what failed and what to do. */
export async function fileOrUnread<T>(read: Promise<T>): Promise<T> {
  try {
    return await read
  } catch (cause) {
    if (isAbort(cause)) throw cause
    const { subject, text, action } = noticeOf(cause, '')
    const words = [subject && `${subject}: `, text, action && `. ${action}`].filter(Boolean).join('')
    throw new UnreadFileError(words, { cause })
  }
}
