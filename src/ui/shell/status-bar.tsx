import { createMemo, createSignal, lazy, onCleanup, Show } from 'solid-js'
import { formatAgo, formatBytes, formatBytesOf, formatPlural } from '../../compute/format.ts'
import { formatCount } from '../../compute/number.ts'
import { nameInText, visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import { FEW } from '../../state/view/frame-query.ts'
import { copied } from '../common/clipboard.ts'
import { pageWords } from '../common/page-words.ts'
import { Sent } from '../common/sent.tsx'
import { ProgressLine } from '../components/progress-line.tsx'

// few projects have to say something there, and none at once
const Besides = lazy(async () => ({ default: (await import('../common/besides.tsx')).Besides }))

/** Progress is said only of what takes longer than this. */
const PATIENCE_MS = 150

/** What is shown, how faithful it is, how old, and how much left this machine. */
export function StatusBar() {
  const { runs, metrics, data, sources, sideCounts, needs } = useApp()
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the words belong to a landmark of the page
    <footer class="status" aria-label="Status">
      <Show
        when={data.catalogue()}
        fallback={
          <span>
            {needs() === 'nothing'
              ? pageWords()
              : data.status().kind === 'loading'
                ? 'Reading the project'
                : ''}
          </span>
        }
      >
        {/* a page that has words of its own tells what it shows; what charts show is none of it */}
        <Show when={pageWords() === '' || needs() === 'system'}>
          <span>{`${formatCount(runs.shown().length)} of ${formatPlural(runs.all().length, 'run')}`}</span>
        </Show>
        <Show when={pageWords() === '' && needs() !== 'system'}>
          <span>{formatPlural(metrics.names().length, 'metric')}</span>
          <span>{formatPlural(metrics.points(), 'point')}</span>
        </Show>
        <Fidelity />
        <Show when={metrics.others() > 0 || sideCounts().length > 0}>
          <Besides />
        </Show>
      </Show>
      <span class="unseen" role="status">
        {data.exact() ? `${nameInText(sources.project()?.name ?? '')}: all rows read` : ''}
      </span>
      <span class="gap" />
      <Happening />
      <Freshness />
      <Show when={sources.source()}>
        {(source) => (
          <>
            <Show when={!source().info.local}>
              <span>{`${formatBytes(source().received)} read from ${source().info.host}`}</span>
            </Show>
            <Show when={source().info.local || sources.sent().length > 0}>
              <Sent />
            </Show>
          </>
        )}
      </Show>
    </footer>
  )
}

/**
 * What goes on at the moment, and what a person can do about it; nothing at most times. A live source that
 * was lost stays on screen, so this only says it.
 */
export function Happening() {
  const { sources, jobs } = useApp()
  return (
    <>
      <span class="unseen" role="status">
        {copied()}
      </span>
      <Show when={copied()}>
        <span aria-hidden="true">{copied()}</span>
      </Show>
      <Show when={sources.source()?.stale}>
        {(why) => (
          <span class="stale" role="status" title={why()}>
            {`${nameInText(sources.source()?.info.name ?? '')}: ${visibleName(why())}`}
          </span>
        )}
      </Show>
      <Show when={sources.list().length > 0 && sources.opening()}>
        {(opening) => (
          <span class="progress">
            {visibleName(opening().progress?.text ?? opening().text)}
            <button type="button" onClick={() => opening().cancel()}>
              Cancel
            </button>
          </span>
        )}
      </Show>
      <Show when={jobs.job()}>
        {(job) => (
          <span class="progress">
            {job().progress && (job().progress?.totalBytes ?? 0) > 0
              ? `${visibleName(job().text)} ${formatBytesOf(job().progress?.bytes ?? 0, job().progress?.totalBytes ?? 0)}`
              : visibleName(job().text)}
            <button type="button" onClick={() => job().cancel()}>
              Cancel
            </button>
          </span>
        )}
      </Show>
      <ReadingProgress />
    </>
  )
}

/** One sentence for all charts in sight. */
function Fidelity() {
  const { view, data } = useApp()
  const text = createMemo(() => {
    const all = [...view.fidelity().values()]
    if (all.length === 0) return ''
    const previews = all.filter(({ kind }) => kind === 'preview').length
    // of a preview that nothing is added to, the next words in the bar tell
    if (previews > 0)
      return data.ended() && !data.exact() ? '' : `Preview, ${formatPlural(previews, 'chart')} still reading`
    const kept = all.every(({ rows, drawn }) => drawn >= rows)
      ? 'Every row drawn'
      : 'Lines keep the min and max of every pixel'
    // a bundle has no room for two lines a run
    const groups = view.groups()
    if (groups && groups !== 'waits' && groups.lines().length > 0)
      return `${kept}, runs aligned inside their range`
    return view.runs().length > FEW && view.smoothing().width > 0 ? `${kept}, logged extremes in grey` : kept
  })
  return <span>{pageWords() || text()}</span>
}

function ReadingProgress() {
  const { data, sources, cancelReading, resumeReading } = useApp()
  const reading = data.reading
  const active = createMemo(() => reading()?.state === 'reading')
  const patient = createDelayed(active, PATIENCE_MS)
  const share = () => {
    const now = reading()
    return now && now.totalBytes > 0 ? Math.min(100, (100 * now.bytes) / now.totalBytes) : 0
  }
  const words = () => {
    const now = reading()
    if (!now) return ''
    return now.totalBytes > 0
      ? `reading ${formatBytesOf(now.bytes, now.totalBytes)}`
      : `reading ${formatPlural(now.rows, 'row')}`
  }
  /** Why reading goes no further by itself, and what goes on with it. */
  const stopped = (): [string, string] | undefined => {
    const { state, bytes = 0, totalBytes = 0 } = reading() ?? {}
    if (state === 'held') return [`Preview from samples of ${formatBytes(totalBytes)}`, 'Read all']
    if (state === 'cancelled') return [`Reading stopped at ${formatBytesOf(bytes, totalBytes)}`, 'Read on']
    return state === 'failed' ? ['Reading failed', 'Try again'] : undefined
  }
  return (
    <>
      <Show when={sources.source()?.waiting}>{(text) => <span class="stale">{text()}</span>}</Show>
      <Show when={patient()}>
        <span class="progress">
          <ProgressLine label="Reading" share={share()} words={words()} />
          {words()}
          <button type="button" onClick={cancelReading}>
            Cancel
          </button>
        </span>
      </Show>
      <Show when={stopped()}>
        {(words) => (
          <span class="stale">
            {`${words()[0]} `}
            <button type="button" onClick={resumeReading}>
              {words()[1]}
            </button>
          </span>
        )}
      </Show>
    </>
  )
}

/** `Step 14,812, 3 s ago`: the newest row of the project. */
function Freshness() {
  const { data, preferences } = useApp()
  const [now, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), 1000)
  onCleanup(() => clearInterval(timer))
  const newest = createMemo(() => {
    let found: { step: number | null; at: number } | undefined
    for (const { lastStep, last } of data.catalogue()?.runs ?? []) {
      if (Number.isFinite(last) && (!found || last > found.at)) found = { step: lastStep, at: last }
    }
    return found
  })
  return (
    <Show when={newest()}>
      {(row) => (
        <span>
          {row().step === null ? '' : `Step ${formatCount(row().step ?? 0)}, `}
          {formatAgo(row().at, now(), preferences.value().timeZone)}
        </span>
      )}
    </Show>
  )
}

/** True only after `value` was true for a while. */
function createDelayed(value: () => boolean, ms: number): () => boolean {
  const [late, setLate] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(timer))
  return createMemo(() => {
    if (value()) timer ??= setTimeout(() => setLate(true), ms)
    else {
      clearTimeout(timer)
      timer = undefined
      setLate(false)
    }
    return value() && late()
  })
}
