import { createEffect, createMemo, For, on, onCleanup, onMount, Show } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { useApp } from '../../state/app.ts'
import { copied, copyLink } from '../common/clipboard.ts'
import { modified } from '../common/keys.ts'
import { PageLink } from '../common/page-link.tsx'
import { Icon } from '../components/icon.tsx'
import type { PageEntry } from '../pages/page-entry.ts'
import { pages, settingsPage } from '../pages/registry.ts'

/** Links to the pages there are; where they do not all fit, with the one on screen in sight. */
export function Nav(props: { class?: string | undefined }) {
  const { page } = useApp()
  let nav: HTMLElement | undefined
  // by hand, since the page was turned to: then it stays as it is
  let moved = false
  const byHand = () => {
    moved = true
  }
  // scrollIntoView would move the page around a frame too
  function seek(centred: boolean): void {
    const current = nav?.querySelector('[aria-current]')?.getBoundingClientRect()
    if (moved || !nav || !current || nav.scrollWidth <= nav.clientWidth) return
    const { left, right, width } = nav.getBoundingClientRect()
    if (centred || current.left < left - 1 || current.right > right + 1)
      nav.scrollLeft += current.left + current.width / 2 - left - width / 2
  }
  // a frame later: numbers beside the names are there
  createEffect(
    on(page, () => {
      moved = false
      const frame = requestAnimationFrame(() => seek(true))
      onCleanup(() => cancelAnimationFrame(frame))
    }),
  )
  // numbers that come later, and a window that is made narrower, push the name out of sight
  onMount(() => {
    const sized = new ResizeObserver(() => seek(false))
    for (const element of nav ? [nav, ...nav.children] : []) sized.observe(element)
    onCleanup(() => sized.disconnect())
  })
  return (
    <nav
      aria-label="Pages"
      class={props.class}
      ref={nav}
      onWheel={byHand}
      onPointerDown={byHand}
      onFocusIn={byHand}
    >
      <For each={pages}>{(entry) => <Entry entry={entry} />}</For>
    </nav>
  )
}

function Entry(props: { entry: PageEntry }) {
  const app = useApp()
  const { id, label, count, holds = () => true } = props.entry
  const counted = createMemo(() => count?.(app))
  const name = () => `${label}${counted() ? ` ${formatCount(counted()?.value ?? 0)}` : ''}`
  return (
    // without data a page can still say what would fill it
    <PageLink
      page={id}
      class={(count && !counted()) || !holds(app) ? 'hush' : undefined}
      label={name()}
      title={counted()?.words}
    >
      {label}{' '}
      <Show when={counted()}>{(now) => <small class={now().tone}>{formatCount(now().value)}</small>}</Show>
    </PageLink>
  )
}

export function Header(props: { onJump(): void }) {
  const app = useApp()
  const { location, sources, data } = app
  const done = () => {
    const reading = data.reading()
    return reading?.state === 'reading' && reading.totalBytes > 0
      ? reading.bytes / reading.totalBytes
      : undefined
  }
  return (
    <header class="header">
      <Show when={location.view().navbar}>
        <Nav />
      </Show>
      <span class="gap" />
      <div class="actions">
        <button
          type="button"
          class="jump"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => props.onJump()}
        >
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
        <PageLink
          page={settingsPage.id}
          class="icon-button"
          label={settingsPage.label}
          title={settingsPage.label}
        >
          <Icon name="gear" />
        </PageLink>
      </div>
      <Show when={sources.opening() || done() !== undefined}>
        <i class="source-progress" style={{ width: `${Math.round((done() ?? 0.02) * 100)}%` }} />
      </Show>
    </header>
  )
}
