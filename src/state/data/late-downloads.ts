import type { Downloads, DownloadsOptions } from './downloads.ts'

/** What writes files; fetched while all is well, since whoever served the page may be gone by then. */
export function fetchDownloads(): Promise<typeof import('./write-downloads.ts')> {
  return import('./write-downloads.ts')
}

/** Downloads, whose code comes when one is asked for. */
export function makeLateDownloads(options: DownloadsOptions): Downloads {
  const made = async () => (await fetchDownloads()).makeDownloads(options)
  return {
    plans: async (...asked) => (await made()).plans(...asked),
    project: async (...asked) => (await made()).project(...asked),
    csv: async (...asked) => (await made()).csv(...asked),
    groupCsv: async (...asked) => (await made()).groupCsv(...asked),
  }
}
