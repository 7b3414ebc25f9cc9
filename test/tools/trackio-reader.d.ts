/** What test/tools/tracking.ts writes, as test/tools/tracking-start.ts imports it: the program of the worker that reads. */
export const code: string
