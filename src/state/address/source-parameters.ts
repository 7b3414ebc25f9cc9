import { ADDRESS_KINDS, type SourceLink } from '../../model/source.ts'
import type { WantedFile } from './link.ts'
import { encode } from './link-values.ts'

const LINK_KINDS = [...ADDRESS_KINDS.filter((kind) => kind !== 'auto'), 'tracked' as const]
/** Parameters of the page's address that name what to open. */
export const LINK_PARAMETERS: readonly string[] = [...LINK_KINDS, 'hub']

/**
 * What the parameters ask to open. Databases and Parquet files belong together, several of any other sort are
 * sources of their own.
 */
export function parseLinks(params: URLSearchParams): SourceLink[] {
  const hub = params.get('hub') || undefined
  return LINK_KINDS.flatMap((as): SourceLink[] => {
    const texts = params.getAll(as).filter((text) => text.trim() !== '' || as === 'tracked')
    if (texts.length === 0) return []
    const link = (some: string[]): SourceLink => ({
      as,
      texts: some,
      ...(hub !== undefined && ON_HUB.includes(as) && { hub }),
    })
    return as === 'db' || as === 'parquet' ? [link(texts)] : texts.map((text) => link([text]))
  })
}

const ON_HUB: readonly string[] = ['dataset', 'bucket', 'space']

export function formatLinks(links: readonly SourceLink[]): [string, string][] {
  const hub = links.find((link) => link.hub !== undefined)?.hub
  const named = links.flatMap(({ as, texts }) => texts.map((text): [string, string] => [as, text]))
  return hub === undefined ? named : [...named, ['hub', hub]]
}

/** What a link of files names, `file=name~bytes` for each; others that call themselves so are passed over. */
export function parseFiles(params: URLSearchParams): WantedFile[] {
  return params.getAll('file').flatMap((text): WantedFile[] => {
    const match = /^(.+)~(\d{1,15})$/s.exec(text)
    return match ? [{ name: baseName(match[1] ?? ''), bytes: Number(match[2]) }] : []
  })
}

export function formatFiles(files: readonly WantedFile[]): string {
  return files.map(({ name, bytes }) => `file=${encode(`${baseName(name)}~${bytes}`)}`).join('&')
}

/** Where a file lies is nobody's business but of whoever has it. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
