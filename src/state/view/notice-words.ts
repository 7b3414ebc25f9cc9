/* Words that no chart waits for: fetched as one. */
export { engineEnded, engineRestarted, NO_WORKER } from './engine-notices.ts'
export { linkNotices } from './link-notices.ts'
