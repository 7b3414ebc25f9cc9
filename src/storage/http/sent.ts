const sent = new Map<string, number>()
let tell: (host: string, bytes: number) => void = () => {}
const encoder = new TextEncoder()

/** Called with the host and all bytes that this thread has sent to it, whenever that grows. One listener. */
export function onSent(listener: (host: string, bytes: number) => void): void {
  tell = listener
  for (const [host, bytes] of sent) tell(host, bytes)
}

/**
 * Counts the body of a request that is being sent: all that leaves this thread besides addresses and headers.
 * Every try counts, answered or not. The client alone calls it (client.ts).
 */
export function countSent(url: string, body: BodyInit | null | undefined): void {
  const bytes = sizeOf(body)
  if (bytes === 0) return
  const { host } = new URL(url)
  const all = (sent.get(host) ?? 0) + bytes
  sent.set(host, all)
  tell(host, all)
}

function sizeOf(body: BodyInit | null | undefined): number {
  if (body === null || body === undefined) return 0
  if (typeof body === 'string') return encoder.encode(body).length
  if (body instanceof Blob) return body.size
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return body.byteLength
  throw new Error('sent: a body whose size is not known')
}
