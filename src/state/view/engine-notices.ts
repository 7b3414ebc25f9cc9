import type { Notice } from '../../model/source.ts'

/* What is said of the page's worker itself. */

export const NO_WORKER: Notice = {
  level: 'info',
  subject: 'sandboxed frame',
  text: 'the page around it gives it no origin of its own, so rows are read on the page’s own thread, and nothing is kept between visits',
  action: 'Add allow-same-origin to the frame’s sandbox attribute, or open the page in a tab of its own.',
}

export function engineRestarted(subject: string, why: string): Notice {
  const action = 'What was open is read anew.'
  return { level: 'warn', subject, text: `ended, and was started again (${why})`, action }
}

export function engineEnded(subject: string, why: string): Notice {
  return {
    level: 'error',
    subject,
    text: `ended (${why})`,
    action: 'Reload the page to go on.',
    reload: true,
  }
}
