import { createSignal, For, Show } from 'solid-js'
import { formatAgo, formatBytesOf } from '../../compute/format.ts'
import { useApp } from '../../state/app.ts'
import type { Recent } from '../../state/preferences.ts'
import { Icon, type IconName, Mark } from '../components/icon.tsx'
import { Notices } from '../components/notices.tsx'
import { useOpener } from '../shell/opener.ts'
import { PageLink } from '../shell/page-link.tsx'

const KIND_ICONS: Record<Recent['kind'], IconName> = { file: 'file', folder: 'folder', url: 'cloud', demo: 'chart' }

/** The first page: what can be opened, and the ways to do it. */
export function OpenPage(props: { onKeys(): void; onPalette(): void }) {
  const app = useApp()
  const { sources, preferences } = app
  const opener = useOpener()
  return (
    <div class="open-page">
      <div class="open-inner">
        <header class="open-head">
          <Mark />
          <b>Trackio Lite</b>
          <span class="gap" />
          <Show when={sources.list().length > 0}>
            <PageLink page="metrics">{`Back to ${sources.project()?.name}`}</PageLink>
          </Show>
          <PageLink page="settings">Settings</PageLink>
        </header>
        <main id="charts">
          <h1>Open a trackio project</h1>
          <p class="lead">
            Trackio Lite reads trackio databases inside this page. Files are not uploaded; large ones are read in place, a few pages at a
            time.
          </p>
          <Notices notices={sources.list().length > 0 ? sources.failures() : app.notices()} onDismiss={app.dismissNotice} />
          <div class="open-columns">
            <div>
              <section class="drop-zone" aria-label="Drop zone">
                <EmptyChart />
                <strong>Drop a .db file or a trackio folder</strong>
                <p>Add the -wal file beside it to see rows still being written</p>
                <div class="buttons">
                  <button type="button" class="button primary" onClick={() => opener.chooseFiles()}>
                    Choose files
                  </button>
                  <button type="button" class="button" onClick={() => opener.chooseFolder()}>
                    Choose folder
                  </button>
                </div>
              </section>
              <OpeningProgress />
              <FromAddress />
            </div>
            <div>
              <Show when={preferences.value().recents.length > 0}>
                <h2>Recent</h2>
                <RecentList />
              </Show>
              <h2>Examples</h2>
              <ul class="open-list">
                <li>
                  <button type="button" class="entry" onClick={() => void sources.openDemo()}>
                    <Icon name="chart" />
                    <span>
                      <b>Optimizers on GPT-2 124M</b>
                      <small>Groups, spikes, a divergence, a resumed run</small>
                    </span>
                  </button>
                  <DemoSpark />
                </li>
              </ul>
            </div>
          </div>
        </main>
        <span class="gap" />
        {/** biome-ignore lint/a11y/useAriaPropsSupportedByRole: the words belong to a landmark of the page */}
        <footer class="open-foot" aria-label="Status">
          <span>0 bytes sent</span>
          <span>Runs in this page alone, without a server</span>
          <span class="gap" />
          <button type="button" class="keys-hint" onClick={() => props.onPalette()}>
            <kbd class="key">⌘K</kbd> commands
          </button>
          <button type="button" class="keys-hint" onClick={() => props.onKeys()}>
            <kbd class="key">?</kbd> all keys
          </button>
        </footer>
      </div>
    </div>
  )
}

function OpeningProgress() {
  const { sources } = useApp()
  const share = () => {
    const progress = sources.opening()?.progress
    return progress && progress.totalBytes > 0 ? Math.min(100, (100 * progress.bytes) / progress.totalBytes) : 0
  }
  const words = () => {
    const opening = sources.opening()
    if (!opening) return ''
    const { progress } = opening
    if (!progress) return `opening ${opening.name}`
    return progress.totalBytes > 0 ? `${progress.text} ${formatBytesOf(progress.bytes, progress.totalBytes)}` : progress.text
  }
  return (
    <Show when={sources.opening()}>
      {(opening) => (
        <div class="open-progress">
          {words()}
          <i
            role="progressbar"
            aria-label="Opening"
            aria-valuenow={Math.round(share())}
            aria-valuetext={words()}
            style={{ '--at': `${share()}%` }}
          />
          <button type="button" class="link-button" onClick={() => opening().cancel()}>
            Cancel
          </button>
        </div>
      )}
    </Show>
  )
}

function FromAddress() {
  const { sources } = useApp()
  const [address, setAddress] = createSignal('')
  return (
    <div class="open-from">
      <h2>From somewhere else</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (address().trim() !== '') void sources.openUrl(address())
        }}
      >
        <div class="field">
          <input
            aria-label="URL"
            inputmode="url"
            autocomplete="off"
            spellcheck={false}
            placeholder="Address of a .db file"
            value={address()}
            onInput={(event) => setAddress(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button">
          Open
        </button>
      </form>
      <p>Only the parts a chart needs are read. The host must allow other pages to read it (CORS).</p>
    </div>
  )
}

/** Names of what was open before. Files cannot be opened again without the person: the page may not keep them. */
function RecentList() {
  const { preferences, sources } = useApp()
  const opener = useOpener()
  const [hint, setHint] = createSignal<Recent>()

  function reopen(recent: Recent): void {
    if (recent.kind === 'demo') void sources.openDemo()
    else if (recent.url !== undefined) void sources.openUrl(recent.url)
    else {
      setHint(recent)
      if (recent.kind === 'folder') opener.chooseFolder()
      else opener.chooseFiles()
    }
  }

  const when = (recent: Recent) => formatAgo(recent.at, Date.now(), preferences.value().timeZone)
  return (
    <ul class="open-list">
      <For each={preferences.value().recents}>
        {(recent) => (
          <li>
            <button type="button" class="entry" onClick={() => reopen(recent)}>
              <Icon name={KIND_ICONS[recent.kind]} />
              <span>
                <b>{recent.name}</b>
                <small>
                  {hint() === recent ? 'Drop it again, or choose it: the page keeps names, not files' : `${recent.detail}, ${when(recent)}`}
                </small>
              </span>
            </button>
            <button
              type="button"
              class="icon-button forget"
              aria-label={`Forget ${recent.name}`}
              title="Forget"
              onClick={() => preferences.forget(recent)}
            >
              <Icon name="close" />
            </button>
          </li>
        )}
      </For>
    </ul>
  )
}

/** The drop zone is drawn as a chart without lines. */
function EmptyChart() {
  return (
    <svg aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 600 234">
      <g stroke="var(--grid)" vector-effect="non-scaling-stroke">
        <For each={[18.5, 56.5, 94.5, 132.5, 170.5]}>{(y) => <path d={`M24 ${y}H576`} vector-effect="non-scaling-stroke" />}</For>
      </g>
      <path
        d={`M24 208.5H576${[0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => `M${24 + i * 69} 208.5v5`).join('')}`}
        stroke="var(--axis)"
        vector-effect="non-scaling-stroke"
      />
    </svg>
  )
}

function DemoSpark() {
  return (
    <svg class="spark" viewBox="0 0 84 26" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.25" stroke-linejoin="round">
      <path d="M1 2C4 14 8 18 16 19l4 .6 2-5 2 5.4 14 .6 2-7 2 7.4 14 .4 2-4 2 4.2 24 .4" />
    </svg>
  )
}
