import { nameInText } from '../../../compute/visible-name.ts'
import '../../styles/open.css'
import { For, lazy, onCleanup, onMount, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { canPick } from '../../../state/sources/file-handles.ts'
import { absentWords } from '../../../state/sources/file-words.ts'
import { modified } from '../../common/keys.ts'
import { useOpener } from '../../common/opener.ts'
import { PageLink } from '../../common/page-link.tsx'
import { Sent } from '../../common/sent.tsx'
import { Icon, Mark } from '../../components/icon.tsx'
import { SETTINGS } from '../ids.ts'
import type { PageProps } from '../page-entry.ts'
import { FromAddress } from './from-address.tsx'
import { Outcome } from './outcome.tsx'
import { RecentList } from './recents.tsx'

// most browsers keep nothing: not needed for the first picture
const KeptList = lazy(async () => ({ default: (await import('./kept.tsx')).KeptList }))

/** After which the page stands, and nobody has chosen anything yet. */
const WARM_MS = 300

/** The first page: what can be opened, and the ways to do it. */
export function OpenPage(props: PageProps) {
  const { sources, preferences, theme, location } = useApp()
  const opener = useOpener()
  const absent = () => (sources.list().length === 0 ? sources.absent() : [])
  onMount(() => {
    // who comes from charts has drawn some
    if (sources.list().length > 0) return
    // whoever is quicker has charts that are as quick as without it
    const timer = setTimeout(
      () => void import('./warm-up.tsx').then(({ warmUp }) => warmUp(theme())).catch(() => undefined),
      WARM_MS,
    )
    onCleanup(() => clearTimeout(timer))
  })
  return (
    <div class="open-page">
      <div class="open-inner">
        <header class="open-head">
          <Mark />
          <b>Trackio Lite</b>
          <span class="gap" />
          <Show when={sources.list().length > 0}>
            <PageLink
              page={location.pages.home}
            >{`Back to ${nameInText(sources.project()?.name ?? '')}`}</PageLink>
          </Show>
          <PageLink page={SETTINGS}>Settings</PageLink>
        </header>
        <main id="charts">
          <h1>Open a trackio project</h1>
          <p class="lead">
            Trackio Lite reads trackio databases inside this page. Files are not uploaded; large ones are read
            in place, a few pages at a time.
          </p>
          <Show when={absent().length > 0}>
            <p class="lead wanted" role="status">
              <b>{absentWords(absent())[0]}</b> {absentWords(absent())[1]}
            </p>
          </Show>
          <div class="open-columns">
            <div>
              <section class="drop-zone" aria-label="Drop zone">
                <EmptyChart />
                <strong>
                  {absent().length === 0
                    ? 'Drop a .db file or a trackio folder'
                    : `Drop ${absent().length === 1 ? absent()[0]?.name : 'the files'} here`}
                </strong>
                <p>Add the -wal file beside it to see rows still being written</p>
                <div class="buttons">
                  <button type="button" class="button primary" onClick={() => opener.chooseFiles()}>
                    Choose files
                  </button>
                  <button type="button" class="button" onClick={() => void sources.openDemo()}>
                    Open the demo
                  </button>
                  <button type="button" class="button" onClick={() => opener.chooseFolder()}>
                    Choose folder
                  </button>
                </div>
                <Show when={canPick()}>
                  <p class="follow">
                    or follow{' '}
                    <button type="button" class="link-button" onClick={() => void opener.follow('file')}>
                      a file
                    </button>{' '}
                    or{' '}
                    <button type="button" class="link-button" onClick={() => void opener.follow('folder')}>
                      a folder
                    </button>{' '}
                    as it is written
                  </p>
                </Show>
              </section>
              <FromAddress />
              <Outcome />
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
              {/* last: it takes a moment to look, and nothing may move then */}
              <KeptList />
            </div>
          </div>
        </main>
        <span class="gap" />
        {/** biome-ignore lint/a11y/useAriaPropsSupportedByRole: the words belong to a landmark of the page */}
        <footer class="open-foot" aria-label="Status">
          <Sent />
          <span>Runs in this page alone, without a server</span>
          <span class="gap" />
          <button type="button" class="keys-hint" onClick={() => props.onPalette()}>
            <kbd class="key">{modified('⌘K')}</kbd> commands
          </button>
          <button type="button" class="keys-hint" onClick={() => props.onKeys()}>
            <kbd class="key">?</kbd> all keys
          </button>
        </footer>
      </div>
    </div>
  )
}

/** The drop zone is drawn as a chart without lines. */
function EmptyChart() {
  return (
    <svg aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 600 234">
      <g stroke="var(--grid)" vector-effect="non-scaling-stroke">
        <For each={[18.5, 56.5, 94.5, 132.5, 170.5]}>
          {(y) => <path d={`M24 ${y}H576`} vector-effect="non-scaling-stroke" />}
        </For>
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
    <svg
      class="spark"
      viewBox="0 0 84 26"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="1.25"
      stroke-linejoin="round"
    >
      <path d="M1 2C4 14 8 18 16 19l4 .6 2-5 2 5.4 14 .6 2-7 2 7.4 14 .4 2-4 2 4.2 24 .4" />
    </svg>
  )
}
