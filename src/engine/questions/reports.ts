import { nextTurn } from '../../bridge/turn.ts'
import { findText } from '../../compute/find-text.ts'
import { mediaPayload } from '../../compute/media-payload.ts'
import { countWords, reportTitle } from '../../compute/report-text.ts'
import { diffWords } from '../../compute/word-diff.ts'
import type { ReportChange, ReportHead, ReportHits, ReportPair } from '../../model/report.ts'
import type { ValuePlace } from '../../model/typed-values.ts'
import type { Project } from '../projects/project.ts'
import { valuesOf } from '../projects/typed-values.ts'

/** Texts that are in memory at once: some may have a megabyte each. */
const AT_ONCE = 20
/** Questions that wait are answered after so long. */
const SLICE_MS = 12
const TELL_MS = 100

/** What a list shows of reports, which are read for it; of those that are gone, that they are. */
export async function headsOf(
  project: Project,
  at: readonly ValuePlace[],
  signal: AbortSignal | undefined,
): Promise<ReportHead[]> {
  const heads: ReportHead[] = []
  for await (const payload of payloadsOf(project, at, signal)) {
    const { text = '', odd } = payload
    heads.push({ title: reportTitle(text), letters: text.length, words: countWords(text), odd })
  }
  return heads
}

/** How many words differ, of each pair. */
export async function changesOf(
  project: Project,
  pairs: readonly ReportPair[],
  signal: AbortSignal | undefined,
): Promise<ReportChange[]> {
  const changes: ReportChange[] = []
  for (const pair of pairs) {
    const [before = '', after = ''] = (await readTexts(project, pair, signal)).map(({ text }) => text)
    const { pieces, whole } = diffWords(before, after)
    const count = (kind: 'ins' | 'del'): number =>
      pieces.reduce((sum, piece) => sum + (piece.kind === kind ? countWords(piece.text) : 0), 0)
    changes.push({ added: count('ins'), removed: count('del'), replaced: !whole })
    await nextTurn()
    signal?.throwIfAborted()
  }
  return changes
}

/** How often each of some reports says a text, without case; told on the way. */
export async function searchReports(
  project: Project,
  at: readonly ValuePlace[],
  text: string,
  tell: ((hits: ReportHits) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<ReportHits> {
  const begun = performance.now()
  const hits = new Int32Array(at.length)
  let [searched, letters, told] = [0, 0, begun]
  const answer = (): ReportHits => ({
    ...{ hits: hits.slice(), searched, letters },
    ms: performance.now() - begun,
  })
  for await (const payload of payloadsOf(project, at, signal)) {
    hits[searched++] = findText(payload.text ?? '', text).length
    letters += payload.text?.length ?? 0
    const now = performance.now()
    if (!tell || now - told < TELL_MS) continue
    told = now
    tell(answer())
  }
  return answer()
}

async function* payloadsOf(
  project: Project,
  at: readonly ValuePlace[],
  signal: AbortSignal | undefined,
): AsyncGenerator<ReturnType<typeof mediaPayload>> {
  let ends = performance.now() + SLICE_MS
  for (let from = 0; from < at.length; from += AT_ONCE) {
    for (const payload of await readTexts(project, at.slice(from, from + AT_ONCE), signal)) {
      yield payload
      if (performance.now() < ends) continue
      await nextTurn()
      signal?.throwIfAborted()
      ends = performance.now() + SLICE_MS
    }
  }
}

async function readTexts(
  project: Project,
  at: readonly ValuePlace[],
  signal: AbortSignal | undefined,
): Promise<ReturnType<typeof mediaPayload>[]> {
  signal?.throwIfAborted()
  return (await valuesOf(project, at, signal)).map(mediaPayload)
}
