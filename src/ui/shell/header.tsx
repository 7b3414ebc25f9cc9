import { For, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { Icon } from '../components/icon.tsx'
import { pages } from '../pages/registry.ts'
import { copied, copyLink } from './clipboard.ts'
import { modified } from './keys.ts'
import { PageLink } from './page-link.tsx'

/** Links to the pages there are. */
export function Nav(props: { class?: string }) {
  return (
    <nav aria-label="Pages" class={props.class}>
      <For each={pages}>
        {(entry) => (
          <PageLink page={entry.id} label={entry.label}>
            {entry.label}
          </PageLink>
        )}
      </For>
    </nav>
  )
}

export function Header(props: { onJump(): void }) {
  const app = useApp()
  const { location, sources, data } = app
  const done = () => {
    const reading = data.reading()
    return reading?.state === 'reading' && reading.totalBytes > 0 ? reading.bytes / reading.totalBytes : undefined
  }
  return (
    <header class="header">
      <Show when={location.view().navbar}>
        <Nav />
      </Show>
      <span class="gap" />
      <div class="actions">
        <button type="button" class="jump" aria-keyshortcuts="Control+K Meta+K" onClick={() => props.onJump()}>
          Jump to <kbd>{modified('⌘K')}</kbd>
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Copy link"
          title={copied() || 'Copy link to this view'}
          onClick={() => void copyLink(app)}
        >
          <Icon name={copied() === 'Copied' ? 'check' : 'link'} />
        </button>
        <PageLink page="settings" class="icon-button" label="Settings" title="Settings">
          <Icon name="gear" />
        </PageLink>
      </div>
      <Show when={sources.opening() || done() !== undefined}>
        <i class="source-progress" style={{ width: `${Math.round((done() ?? 0.02) * 100)}%` }} />
      </Show>
    </header>
  )
}
