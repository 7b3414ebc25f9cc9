import { For, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { Icon } from '../components/icon.tsx'
import { createFlash } from '../components/popover.tsx'
import { pages } from '../pages/registry.ts'

/** Links to the pages there are. */
export function Nav(props: { class?: string }) {
  const { page, location } = useApp()
  return (
    <nav aria-label="Pages" class={props.class}>
      <For each={pages}>
        {(entry) => (
          <a
            href={`#/${entry.id}`}
            aria-label={entry.label}
            aria-current={page() === entry.id ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault() // the view's state goes along
              location.patch({ page: entry.id })
            }}
          >
            {entry.label}
          </a>
        )}
      </For>
    </nav>
  )
}

export function SettingsLink() {
  const { location, page } = useApp()
  return (
    <a
      href="#/settings"
      class="icon-button"
      aria-label="Settings"
      title="Settings"
      aria-current={page() === 'settings' ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault()
        location.patch({ page: 'settings' })
      }}
    >
      <Icon name="gear" />
    </a>
  )
}

export function Header(props: { onJump(): void }) {
  const { location, sources, data } = useApp()
  const [copied, setCopied] = createFlash()
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
        <button type="button" class="jump" aria-label="Jump to" onClick={() => props.onJump()}>
          Jump to <kbd aria-hidden="true">⌘K</kbd>
        </button>
        <span class="unseen" role="status">
          {copied()}
        </span>
        <button
          type="button"
          class="icon-button"
          aria-label="Copy link"
          title={copied() || 'Copy link to this view'}
          onClick={() => void copyLink(location.link(), setCopied)}
        >
          <Icon name={copied() ? 'check' : 'link'} />
        </button>
        <SettingsLink />
      </div>
      <Show when={sources.opening() || done() !== undefined}>
        <i class="source-progress" style={{ width: `${Math.round((done() ?? 0.02) * 100)}%` }} />
      </Show>
    </header>
  )
}

export async function copyLink(link: string, say: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(link)
    say('Link copied')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    say('The browser did not allow copying; the link is in the address bar') // an iframe without the permission
  }
}
