import { createSignal, For, onMount } from 'solid-js'
import { formatBytes } from '../../../compute/format.ts'
import { useApp } from '../../../state/app.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Switch } from '../../components/switch.tsx'
import '../../styles/settings.css'

export function SettingsPage() {
  const { preferences, setTheme, version, hub, tokens, handles } = useApp()
  const stored = preferences.value
  const [cleared, setCleared] = createSignal(false)
  const [cache, setCache] = createSignal<number>()
  const [origins, setOrigins] = createSignal(tokens.origins())
  const measure = () => hub.cacheSize().then(setCache)
  onMount(() => void measure())
  return (
    <div class="page">
      <SourceNotices />
      <main class="settings" id="charts" aria-label="Settings">
        <h1>Settings</h1>
        <div class="row">
          <span>
            Theme
            <small>Auto follows the system.</small>
          </span>
          <Segmented
            label="Theme"
            value={stored().theme}
            options={[
              { value: 'auto', text: 'Auto' },
              { value: 'light', text: 'Light' },
              { value: 'dark', text: 'Dark' },
            ]}
            onChange={setTheme}
          />
        </div>
        <div class="row">
          <span>
            Times
            <small>On axes, in tooltips and lists.</small>
          </span>
          <Segmented
            label="Times"
            value={stored().timeZone}
            options={[
              { value: 'local', text: 'Local' },
              { value: 'utc', text: 'UTC' },
            ]}
            onChange={(timeZone) => preferences.set({ timeZone })}
          />
        </div>
        <div class="row">
          <span>
            Keys
            <small>Single letters as commands; ? lists them.</small>
          </span>
          <Switch
            label="Single-key shortcuts"
            value={stored().singleKeys}
            onChange={(singleKeys) => preferences.set({ singleKeys })}
          />
        </div>
        <div class="row">
          <span>
            Kept in this browser
            <small>
              {preferences.available
                ? 'These settings, recent names, colours by run, folded sections. No data.'
                : 'Nothing: this browser keeps no storage for this page.'}
            </small>
          </span>
          <span role="status">{cleared() ? 'Cleared' : ''}</span>
          <button
            type="button"
            class="button"
            disabled={!preferences.available}
            onClick={() => {
              preferences.clear()
              void handles.clear()
              setCleared(true)
            }}
          >
            Clear
          </button>
        </div>
        <div class="row">
          <span>
            Read from the Hub
            <small>
              {`${cache() ? `${formatBytes(cache() ?? 0)} kept` : 'What is read is kept'}, so that it opens faster, and without a network; the oldest goes at 1 GB.`}
            </small>
          </span>
          <button
            type="button"
            class="button"
            disabled={!cache()}
            onClick={() => void hub.forgetCache().then(measure)}
          >
            Forget
          </button>
        </div>
        <For each={origins()}>
          {(origin) => (
            <div class="row">
              <span>
                {`Token for ${new URL(origin).host}`}
                <small>Kept for this tab, and sent there alone.</small>
              </span>
              <button
                type="button"
                class="button"
                onClick={() => void tokens.set(origin, undefined).then(() => setOrigins(tokens.origins()))}
              >
                Forget
              </button>
            </div>
          )}
        </For>
        <div class="row">
          <span>Version</span>
          <span>{version}</span>
        </div>
      </main>
    </div>
  )
}
