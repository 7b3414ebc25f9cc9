import { createSignal, For, onMount, Show } from 'solid-js'
import { formatAgo, formatBytes } from '../../compute/format.ts'
import type { KeptProject } from '../../model/library.ts'
import { useApp } from '../../state/app.ts'
import { Dialog } from '../components/dialog.tsx'
import { Icon } from '../components/icon.tsx'
import { MenuItems, Popover } from '../components/popover.tsx'

/** Copies that this browser keeps, and the room they take. */
export function KeptList() {
  const { library, sources } = useApp()
  onMount(() => void library.look())
  const ready = () => {
    const now = library.status()
    return now.kind === 'ready' && now.projects.length + now.tracked.length > 0 ? now : undefined
  }
  return (
    <Show when={ready()}>
      {(now) => (
        <>
          <h2>In this browser</h2>
          <ul class="open-list kept">
            <For each={now().tracked}>
              {(name) => (
                <li>
                  <button type="button" class="entry" onClick={() => void sources.openTracked(name)}>
                    <Icon name="chart" />
                    <span>
                      <b>{name}</b>
                      <small>tracked in this browser</small>
                    </span>
                  </button>
                </li>
              )}
            </For>
            <For each={now().projects}>{(kept) => <KeptRow kept={kept} />}</For>
          </ul>
          <p class="room">
            {`${formatBytes(now().room.used)} used, ${formatBytes(now().room.free)} free as far as the browser says`}
            {now().room.persisted ? '' : '; it may clear this when the disk gets full'}
          </p>
        </>
      )}
    </Show>
  )
}

function KeptRow(props: { kept: KeptProject }) {
  const { sources, preferences } = useApp()
  const [changing, setChanging] = createSignal<'rename' | 'remove'>()
  const when = () => formatAgo(props.kept.kept, Date.now(), preferences.value().timeZone)
  return (
    <li>
      <button type="button" class="entry" onClick={() => void sources.openKept(props.kept.name)}>
        <Icon name="file" />
        <span>
          <b>{props.kept.name}</b>
          <small>{`${formatBytes(props.kept.bytes)}, kept ${when()}`}</small>
        </span>
      </button>
      <Popover label={`More about ${props.kept.name}`} class="icon-button" role="menu" button={<Icon name="more" />}>
        <MenuItems
          items={[
            { text: 'Open', onSelect: () => void sources.openKept(props.kept.name) },
            { text: 'Rename', onSelect: () => setChanging('rename') },
            { text: 'Delete', onSelect: () => setChanging('remove') },
          ]}
        />
      </Popover>
      <Show when={changing()}>{(what) => <ChangeKept what={what()} name={props.kept.name} onClose={() => setChanging(undefined)} />}</Show>
    </li>
  )
}

function ChangeKept(props: { what: 'rename' | 'remove'; name: string; onClose(): void }) {
  const { library } = useApp()
  const [name, setName] = createSignal(props.name)
  const [failure, setFailure] = createSignal('')
  const renames = () => props.what === 'rename'
  const title = () => (renames() ? 'Rename copy' : 'Delete copy')

  async function act(event: Event): Promise<void> {
    event.preventDefault()
    try {
      if (renames()) await library.rename(props.name, name().trim())
      else await library.remove(props.name)
      props.onClose()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <Dialog label={title()} title={title()} class="dialog" onClose={props.onClose}>
      <form class="dialog-body change-run" onSubmit={(event) => void act(event)}>
        <Show
          when={renames()}
          fallback={
            <p>
              Delete the copy of <b>{props.name}</b> from this browser? What it was copied from stays.
            </p>
          }
        >
          <label>
            New name
            <div class="field">
              <input value={name()} autocomplete="off" spellcheck={false} onInput={(event) => setName(event.currentTarget.value)} />
            </div>
          </label>
        </Show>
        <Show when={failure()}>
          <p class="failure" role="alert">
            {failure()}
          </p>
        </Show>
        <div class="buttons">
          <button type="button" class="button" onClick={() => props.onClose()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={renames() && (name().trim() === '' || name() === props.name)}>
            {renames() ? 'Rename' : 'Delete'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
