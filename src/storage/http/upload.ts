import type { Answer } from './answer.ts'

/** What can be sent as it is, as often as it takes. */
export type Body = string | Blob | Uint8Array<ArrayBuffer>

export interface UploadOptions {
  method: string
  headers: Record<string, string>
  body: Body
  signal?: AbortSignal | undefined
  /** Part of the body that is on its way, 0 to 1. */
  onSent: (part: number) => void
}

/**
 * Sends a body and says how far it is, which `fetch` cannot (XMLHttpRequest, in pages and workers). Rejects
 * with a TypeError where no answer came, as `fetch` does.
 */
export function upload(
  url: string,
  { method, headers, body, signal, onSent }: UploadOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const ask = new XMLHttpRequest()
    const giveUp = (): void => ask.abort()
    ask.open(method, url)
    ask.responseType = 'arraybuffer'
    for (const [name, value] of Object.entries(headers)) ask.setRequestHeader(name, value)
    ask.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0)
    ask.onload = () => resolve(answerOf(ask, url))
    ask.onerror = () => reject(new TypeError('no answer'))
    ask.onabort = () => reject(signal?.reason)
    ask.onloadend = () => signal?.removeEventListener('abort', giveUp)
    signal?.addEventListener('abort', giveUp, { once: true })
    ask.send(body)
  })
}

export function answerOf(ask: XMLHttpRequest, url: string): Answer {
  return {
    status: ask.status,
    url: ask.responseURL || url,
    header: (name) => ask.getResponseHeader(name) ?? undefined,
    bytes: new Uint8Array(ask.response),
  }
}
