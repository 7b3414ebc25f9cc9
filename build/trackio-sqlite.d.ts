// as start-from-text.ts imports it; tracking.ts writes it

/** SQLite's own JavaScript, gzip in base64. */
export const code: string
/** Its wasm, the same. */
export const wasm: string
