/** As start-from-text.ts imports it; tracking.ts writes it. */
export const code: string
