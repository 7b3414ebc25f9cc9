import { render } from 'solid-js/web'
import { version } from '../../package.json'
import { connectEngine } from '../bridge/connect.ts'
import { AppContext } from '../state/app.ts'
import { createApp } from '../state/create-app.ts'
import { DEMO, fetchDemo } from '../storage/files/demo.ts'
import { fetchActs } from '../ui/charts/chart-plot.tsx'
import { warmLines } from '../ui/charts/draw-lines.ts'
import { pageRules } from '../ui/pages/registry.ts'
import { AppShell } from '../ui/shell/app-shell.tsx'
import engineUrl from './engine.worker.ts?worker&url'
import lineageUrl from './lineage.worker.ts?worker&url'
import readerUrl from './reader.worker.ts?worker&url'
import '../ui/styles/index.css'

const root = document.getElementById('app')
if (!root) throw new Error('main: no element #app')

/** The engine's worker, and the one that reads blobs for it (storage/background.ts). */
function startWorkers(): Worker {
  const engine = new Worker(engineUrl, { type: 'module' })
  const reader = new Worker(readerUrl, { type: 'module' })
  const { port1, port2 } = new MessageChannel()
  engine.postMessage(port1, [port1])
  reader.postMessage(port2, [port2])
  return engine
}

/**
 * A worker's end, or, in frames without an origin of their own (a sandbox), where browsers start none, one on
 * this thread.
 */
function startEngine(): { end: Worker | MessagePort; slow: boolean } {
  try {
    // Chromium and WebKit refuse at once there, Firefox by an event later, when calls may be under way
    if (window.origin !== 'null') return { end: startWorkers(), slow: false }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
  const { port1, port2 } = new MessageChannel()
  Reflect.set(globalThis, 'trackioLiteEngine', port2)
  void import(/* @vite-ignore */ engineUrl)
  return { end: port1, slow: true }
}

const { end, slow } = startEngine()
const { engine, onCrash } = connectEngine(end, slow ? undefined : startWorkers)

render(() => {
  const app = createApp(engine, {
    demo: { name: DEMO, fetch: fetchDemo },
    pages: pageRules,
    version,
    slow,
    onCrash,
    startLayout: () => new Worker(lineageUrl, { type: 'module' }),
  })
  return (
    <AppContext.Provider value={app}>
      <AppShell />
    </AppContext.Provider>
  )
}, root)

/** What the first chart would wait for otherwise. */
function prepare(): void {
  warmLines()
  // what fails is asked for again when it is needed
  fetchActs().catch(() => {})
}

// Safari has no idle callback: a second later is idle enough
if ('requestIdleCallback' in window) requestIdleCallback(prepare)
else setTimeout(prepare, 1000)
