import { wrap } from 'comlink'
import type { Reader } from './reader.worker.ts'

// what is tested runs where the engine does, in a worker; the test asks it through this page
Object.assign(window, {
  reader: wrap<Reader>(new Worker(new URL('./reader.worker.ts', import.meta.url), { type: 'module' })),
})
