import { TrackioError } from '../../model/errors.ts'
import { type Answer, unreachable } from './answer.ts'

/**
 * No answer, or no whole one. `how`: nothing came, it broke off, it fell silent, or what came cannot be
 * unpacked.
 */
export class LineError extends TrackioError {
  constructor(
    subject: string,
    readonly how: 'nothing' | 'broken' | 'silent' | 'packed',
    message: string,
    action: string,
  ) {
    super(subject, message, action)
  }
}

export const TRY_AGAIN = 'Check the connection, then try again.'

export function nothing(url: string, cause: unknown, known = false): LineError {
  const { message, action } = unreachable(url, cause)
  // a page is told no more than that there was no answer; a host that answered before does let it read
  return new LineError(url, 'nothing', message, known ? TRY_AGAIN : action)
}

export function broken(url: string, { headers }: Response, bytes: number): LineError {
  const coding = headers.get('content-encoding')
  // browsers do not tell the one from the other
  if (coding !== null)
    return new LineError(
      url,
      'packed',
      `its host sends it compressed (Content-Encoding: ${coding}), and what came broke off or cannot be unpacked`,
      'Have the host send it as it is, or download the file and drop it here.',
    )
  const all = Number(headers.get('content-length') ?? 0)
  const of = all > bytes ? ` of ${all.toLocaleString('en')}` : ''
  return new LineError(
    url,
    'broken',
    `the connection broke off after ${bytes.toLocaleString('en')}${of} bytes`,
    TRY_AGAIN,
  )
}

export function redirected(origin: string, answer: Answer): TrackioError {
  const to = answer.header('location')
  const there = to !== undefined && URL.canParse(to, origin) ? ` (${new URL(to, origin).origin})` : ''
  return new TrackioError(
    `${origin}/`,
    `the server sends requests on to another address${there}: a write token or sign-in is not sent after it`,
    'Open the address that it leads to, if it is yours.',
  )
}
