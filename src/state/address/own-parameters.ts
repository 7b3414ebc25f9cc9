import type { Own, Problem } from './link.ts'
import { encode } from './link-values.ts'
import type { PageRule } from './page-rules.ts'

/**
 * Takes a page's own parameters out of those of the address; values that are not as they should be are named.
 */
export function takeOwn(
  params: URLSearchParams,
  own: PageRule['own'] = {},
): { own: Own; problems: Problem[] } {
  const found: Record<string, string> = {}
  const problems: Problem[] = []
  for (const [name, form] of Object.entries(own)) {
    const value = params.get(name)
    params.delete(name)
    if (!value) continue
    if (form.test(value)) found[name] = value
    else problems.push({ name, value })
  }
  return { own: found, problems }
}

export function formatOwn(own: Own = {}): string {
  return Object.entries(own)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')
}
