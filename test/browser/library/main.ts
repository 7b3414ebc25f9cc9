import { openStore } from '../../../src/storage/opfs/opfs-store.ts'

/** Calls of the worker by name; answers and errors come back as JSON. */
export interface LibraryPage {
  call(method: string, ...args: unknown[]): Promise<unknown>
  /** What this thread is told when it asks for the storage itself. */
  refusal(): Promise<unknown>
}

const waiting = new Map<number, (answer: unknown) => void>()
let worker: Worker | undefined
let asked = 0

function start(): Worker {
  const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  made.onmessage = ({ data }: MessageEvent<{ id: number; answer: unknown }>) =>
    waiting.get(data.id)?.(data.answer)
  return made
}

const library: LibraryPage = {
  call(method, ...args) {
    worker ??= start()
    const id = ++asked
    const answer = new Promise<unknown>((resolve) => waiting.set(id, resolve))
    worker.postMessage({ id, method, args })
    return answer
  },
  refusal: () =>
    openStore('library').then(
      () => null,
      (cause: Error) => ({ ...cause, name: cause.name, message: cause.message }),
    ),
}
Object.assign(window, { library })
