import {
  type PortToWorker,
  programBehindPort,
  programInWorker,
  type TrackingEnd,
  type TrackingProgram,
  type TrackingStart,
} from '../src/bridge/tracking-start.ts'
import { PROGRAMS, type TrackingText } from './programs.ts'

/*
 * Starts the programs of the tracking API from the texts beside the package's one file. Stands in for
 * src/entries/writer-start.ts in the package; README.md tells why they are texts.
 */

/** The one that writes; where no worker could be started before, what writes to memory on this thread. */
export function startWriter(attempt: number): Required<PortToWorker> {
  return programBehindPort((lose) => begun('writer', attempt > 0, lose))
}

/** One that works for it at the Hub and asks it at `store`. `here`: on this thread, as it does. */
export function startHubProgram(end: 'deliver' | 'publish', store: MessagePort, here: boolean): PortToWorker {
  return programBehindPort((lose) => begun(end, here, lose), store)
}

/** The one that reads. */
export function startReader(): PortToWorker {
  return programBehindPort((lose) => begun('reader', false, lose))
}

// each is named as it stands, so that a bundler finds it; what the page has already is not fetched again
const TEXTS: Record<TrackingText, () => Promise<{ code: string; wasm?: ArrayBuffer }>> = {
  sqlite: loadSqlite,
  writer: () => import(/* @vite-ignore */ './trackio-writer.js'),
  hub: () => import(/* @vite-ignore */ './trackio-hub.js'),
  reader: () => import(/* @vite-ignore */ './trackio-reader.js'),
}

async function begun(
  end: TrackingEnd,
  here: boolean,
  lose: (cause: Error) => void,
): Promise<TrackingProgram> {
  if (here && end === 'writer') {
    const [{ serve }, { wasm }] = await Promise.all([
      import(/* @vite-ignore */ './trackio-here.js'),
      loadSqlite(),
    ])
    return onThisThread(serve, wasm)
  }
  const texts = await Promise.all(PROGRAMS[end].map((name) => TEXTS[name]()))
  const wasm = texts.find((text) => text.wasm)?.wasm
  const codes = texts.map(({ code }) => code)
  const program = programOf(end, codes)
  if (here) return onThisThread(await runHere(program), wasm)
  const url = addressOf(`const serve = ${program}; addEventListener("message", ({ data }) => serve(data))`)
  return programInWorker(new Worker(url, { name: `trackio-${end}` }), lose, { ...(wasm && { wasm }) })
}

function onThisThread(serve: (start: TrackingStart) => void, wasm: ArrayBuffer | undefined): TrackingProgram {
  // it ends with the page
  return { send: (start) => serve({ ...(wasm && { wasm }), ...start, here: true }), end() {} }
}

/**
 * An expression that gives what the program's entry exports as `serve`. In each text stand modules, as
 * functions of a table (tracking.ts).
 */
function programOf(end: TrackingEnd, texts: string[]): string {
  return `(() => { "use strict"
const modules = {}, loaded = {}
const require = (path) => {
  const name = path.slice(path.lastIndexOf("/") + 1)
  if (!loaded[name]) modules[name]((loaded[name] = { exports: {} }).exports, require, loaded[name])
  return loaded[name].exports
}
${texts.join('\n')}
return require("${end}-end.js").serve
})()`
}

function addressOf(code: string): string {
  return URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
}

let programs = 0

/**
 * Runs it on this thread, as a script of the page; one that names its scripts by a nonce lets this one in,
 * too.
 */
async function runHere(program: string): Promise<(start: TrackingStart) => void> {
  if (typeof document === 'undefined') throw new Error('a worker could not be started from here')
  const key = `trackio-lite:program-${++programs}`
  const script = document.createElement('script')
  script.nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''
  script.src = addressOf(`globalThis[${JSON.stringify(key)}] = ${program}`)
  await new Promise<void>((resolve, reject) => {
    script.onload = () => resolve()
    script.onerror = () =>
      reject(new Error('this page lets no code from a blob run; its policy has to allow worker-src blob:'))
    document.head.append(script)
  })
  script.remove()
  const serve: unknown = Reflect.get(globalThis, key)
  Reflect.deleteProperty(globalThis, key)
  if (typeof serve !== 'function') throw new Error('it could not be started on this page')
  return (start) => serve(start)
}

/** The wasm is unpacked for each program: it is handed over. */
async function loadSqlite(): Promise<{ code: string; wasm: ArrayBuffer }> {
  const sqlite = await import(/* @vite-ignore */ './trackio-sqlite.js')
  const [code, wasm] = await Promise.all([unpacked(sqlite.code).text(), unpacked(sqlite.wasm).arrayBuffer()])
  return { code, wasm }
}

function unpacked(text: string): Response {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')))
}
