/** What build/tracking.ts writes, as build/tracking-start.ts imports it: the program of the worker that reads. */
export const code: string
