// what tracking.ts writes beside the package's one file, as tracking-start.ts imports it

/** The worker's program. */
export const code: string
/** SQLite's wasm, gzip in base64. */
export const wasm: string
