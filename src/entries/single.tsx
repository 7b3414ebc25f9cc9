import { createEffect } from 'solid-js'
import { render } from 'solid-js/web'
import { version } from '../../package.json'
import { connectEngine } from '../bridge/connect.ts'
import { AppContext } from '../state/app.ts'
import { createApp } from '../state/create-app.ts'
import { DEMO, fetchDemo } from '../storage/files/demo.ts'
import { DATA_ELEMENTS, readInside } from '../storage/files/embedded-data.ts'
import { pageRules } from '../ui/pages/registry.ts'
import { AppShell } from '../ui/shell/app-shell.tsx'
import '../ui/styles/index.css'

/*
 * The page of one file that somebody downloaded: the data stand in it (bridge/inside.ts), and so do the
 * engine and everything else. It opens from disk, where a page has no origin: no files beside it, no modules,
 * no storage. Without data it stands in for index.html in frames where that one's files cannot be loaded.
 */

const NO_DEMO = { name: '', fetch: () => Promise.reject(new Error('the demo is not in this file')) }

const root = document.getElementById('app')
if (!root) throw new Error('single: no element #app')
void open(root)

async function open(root: HTMLElement): Promise<void> {
  const [{ end, slow, restart }, inside] = await Promise.all([
    startEngine(),
    readInside(document.querySelectorAll<HTMLElement>(DATA_ELEMENTS)),
  ])
  const { engine, onCrash } = connectEngine(end, restart)
  // until the data are open there is nothing to see but an invitation to open some
  root.style.visibility = 'hidden'
  render(() => {
    // one that a host sent, to a frame where the page of many files cannot run, has the demo beside it
    const demo = inside || location.protocol === 'file:' ? NO_DEMO : { name: DEMO, fetch: fetchDemo }
    const app = createApp(engine, { demo, pages: pageRules, version, slow, onCrash })
    const { sources } = app
    const opened = inside
      ? sources.openFiles({ name: inside.project, kind: 'host', files: inside.files })
      : Promise.resolve()
    void opened.finally(() => root.style.removeProperty('visibility'))
    createEffect(() => {
      if (sources.list().length > 0) root.style.removeProperty('visibility')
    })
    return (
      <AppContext.Provider value={app}>
        <AppShell />
      </AppContext.Provider>
    )
  }, root)
}

/**
 * A worker out of the text in the page; on this thread where the browser starts none from a file (some do
 * not, in a frame without an origin).
 */
async function startEngine(): Promise<{ end: Worker | MessagePort; slow: boolean; restart?: () => Worker }> {
  const code = document.getElementById('engine')?.textContent ?? ''
  const worker = await startWorker(code)
  if (worker) return { end: worker, slow: false, restart: () => workerOf([code]) }
  const { port1, port2 } = new MessageChannel()
  Reflect.set(globalThis, 'trackioLiteEngine', port2)
  const script = document.createElement('script')
  script.src = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  document.head.append(script)
  return { end: port1, slow: true }
}

/**
 * Undefined where there is none to be had. It says a word when it is there: a refusal may also come later, as
 * an event.
 */
function startWorker(code: string): Promise<Worker | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = workerOf(['postMessage("here");', code])
      const settle = (found: Worker | undefined) => (event: Event) => {
        event.stopImmediatePropagation()
        worker.onmessage = null
        worker.onerror = null
        resolve(found)
      }
      worker.onmessage = settle(worker)
      worker.onerror = settle(undefined)
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      resolve(undefined)
    }
  })
}

function workerOf(parts: string[]): Worker {
  return new Worker(URL.createObjectURL(new Blob(parts, { type: 'text/javascript' })))
}
