import type { OpenSource } from '../sources/source-list.ts'

/** What decides whether another page may hear of a source. */
export interface Listener {
  /** Of the page that would hear of it; `*` for whoever listens. */
  origin: string
  /** Of this page. */
  own: string
  /** Hosts that this page has a token for. */
  tokens: readonly string[]
}

/**
 * Whether another page may be told what is shown of a source. It hears of what it handed over, and of what it
 * could read by itself; not of what a person opened, nor of what only this machine, its network or this
 * person's token can read: whoever embeds this page also writes its address.
 */
export function isTold(
  { kind, info }: Pick<OpenSource, 'kind' | 'info'>,
  { origin, own, tokens }: Listener,
): boolean {
  if (kind === 'host' || kind === 'demo') return true
  if (kind !== 'address' && kind !== 'beside') return false
  if (origin === own && own !== 'null') return true
  if (tokens.includes(info.host)) return false
  return isNear(hostOf(origin)) || !(info.local || isNear(nameOf(info.host)))
}

/** A host that other machines see differently, or not at all. */
function isNear(name: string): boolean {
  return (
    /^(localhost|127(\.\d+){3}|\[.*\]|10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|169\.254(\.\d+){2})$/.test(
      name,
    ) ||
    /\.(localhost|local|lan|internal|home\.arpa)$/.test(name) ||
    (name !== '' && !name.includes('.'))
  )
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

/** `127.0.0.1:7860` → `127.0.0.1` */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '')
}
