// what tracking.ts writes beside the package's one file, as tracking-start.ts imports it

export function serveHere(port: MessagePort, wasm?: ArrayBuffer): void
