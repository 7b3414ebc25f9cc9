// what build/tracking.ts writes, as build/tracking-start.ts imports it
declare module './trackio-writer.js' {
  /** The worker's program. */
  export const code: string
  /** SQLite's wasm, gzip in base64. */
  export const wasm: string
}
declare module './trackio-here.js' {
  export function serveHere(port: MessagePort, wasm?: ArrayBuffer): void
}
