import type { PublishProgress } from '../../../src/model/publish.ts'
import type { Order, Outcome } from './worker.ts'

export interface PublishPage {
  publish(order: Order): Promise<{ outcome: Outcome; progress: PublishProgress[] }>
}

const page: PublishPage = {
  publish(order) {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    return new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.onmessage = ({ data }) => {
        worker.terminate()
        resolve(data)
      }
      worker.postMessage(order)
    })
  },
}
Object.assign(window, { publisher: page })
