import { createSignal } from 'solid-js'

/** What a page has to say in the status bar, in the place where charts say how faithful they are. */
export const [pageWords, setPageWords] = createSignal('')
