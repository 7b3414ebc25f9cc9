import { nameInText } from '../../compute/visible-name.ts'
import '../styles/share.css'
import { createSignal, createUniqueId, lazy, onCleanup, onMount, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import type { OpenSource } from '../../state/sources/source-list.ts'
import { few } from '../../state/view/link-notices.ts'
import { copied } from '../common/clipboard.ts'
import { Icon } from '../components/icon.tsx'

const PublishDialog = lazy(async () => ({
  default: (await import('../common/publish-dialog.tsx')).PublishDialog,
}))

/**
 * After a link was copied of what no link can hold: what it holds, and the ways to hand the data over as
 * well. Esc and a click outside close it.
 */
export function Share(props: { onClose(): void }) {
  const { sources, library, downloads, location } = useApp()
  const [publishing, setPublishing] = createSignal(false)
  const id = createUniqueId()
  const done = copied() === 'Copied'
  const before = document.activeElement
  let panel: HTMLDivElement | undefined
  onMount(() => {
    panel?.showPopover()
    panel?.focus()
  })
  onCleanup(() => {
    // what had the focus went with the panel
    if (document.activeElement === document.body && before instanceof HTMLElement) before.focus()
  })
  const withProject = (act: (id: string, name: string) => Promise<void>) => () => {
    const project = sources.project()
    if (project) void act(project.id, project.name)
    props.onClose()
  }
  return (
    <Show when={!publishing()} fallback={<PublishDialog onClose={props.onClose} />}>
      <div
        ref={panel}
        popover="auto"
        class="popover share"
        role="dialog"
        aria-label={done ? 'Link copied' : 'Link'}
        aria-describedby={id}
        tabindex="-1"
        onToggle={(event) => {
          if (event.newState === 'closed' && !publishing()) props.onClose()
        }}
      >
        <div class="share-head">
          <h2>{done ? 'Link copied' : 'The browser did not allow copying here'}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => panel?.hidePopover()}>
            <Icon name="close" />
          </button>
        </div>
        <p id={id}>{wordsOf(sources.onlyHere())}</p>
        <Show when={!done}>
          <div class="field">
            <input
              aria-label="Link"
              readonly
              value={location.link()}
              onFocus={(event) => event.currentTarget.select()}
            />
          </div>
        </Show>
        <p class="hush">To hand the data over as well:</p>
        <button
          type="button"
          class="menu-item"
          onClick={withProject((project, name) => downloads.project(project, name, 'html'))}
        >
          Download as a page of one file
        </button>
        <button type="button" class="menu-item" aria-haspopup="dialog" onClick={() => setPublishing(true)}>
          Publish to the Hub
        </button>
        <Show when={sources.source()?.kind !== 'kept'}>
          <p class="hush">To open the link here without the file:</p>
          <button type="button" class="menu-item" onClick={withProject(library.keep)}>
            Keep a copy in this browser
          </button>
        </Show>
      </div>
    </Show>
  )
}

function wordsOf(local: readonly OpenSource[]): string {
  const files = local
    .filter(({ kind }) => kind === 'file' || kind === 'folder')
    .map(({ info }) => nameInText(info.name))
  const kept = local
    .filter(({ kind }) => kind !== 'file' && kind !== 'folder')
    .map(({ info }) => nameInText(info.name))
  const parts = ['The link holds the view.']
  if (files.length > 0) {
    const [is, that] = files.length === 1 ? ['is', 'that file'] : ['are', 'those files']
    parts.push(`${few(files)} ${is} only here: whoever opens the link is asked to drop ${that}.`)
  }
  if (kept.length > 0) parts.push(`${few(kept)} ${kept.length === 1 ? 'is' : 'are'} only in this browser.`)
  return parts.join(' ')
}
