import { createMemo, createSignal, For, onMount, Show } from 'solid-js'
import { formatAgo, formatBytes } from '../../compute/format.ts'
import { useApp } from '../../state/app.ts'
import { ChangeDialog } from '../components/change-dialog.tsx'
import { Icon } from '../components/icon.tsx'
import { MenuItems, Popover } from '../components/popover.tsx'

/** Copies that this browser keeps, what it tracked itself, and the room they take. */
export function KeptList() {
  const { library, sources, preferences } = useApp()
  const [changing, setChanging] = createSignal<{ name: string; index: number; renames: boolean }>()
  let list: HTMLUListElement | undefined
  onMount(() => void library.look())
  const ready = () => {
    const now = library.status()
    return now.kind === 'ready' && now.projects.length + now.tracked.length > 0 ? now : undefined
  }
  // by name: a new look at the storage makes new objects, and a row that stays must not lose the focus
  const names = createMemo(() => ready()?.projects.map(({ name }) => name) ?? [])
  const details = (name: string): string => {
    const kept = ready()?.projects.find((one) => one.name === name)
    return kept ? `${formatBytes(kept.bytes)}, kept ${formatAgo(kept.kept, Date.now(), preferences.value().timeZone)}` : ''
  }
  let renamed = ''

  /** The focus goes to the renamed copy, or to the one that took a deleted one's place. */
  function close(done: boolean): void {
    const was = changing()
    setChanging(undefined)
    if (!done || !was) return
    const index = was.renames ? names().indexOf(renamed) : Math.min(was.index, names().length - 1)
    const control =
      list?.querySelectorAll<HTMLElement>('.icon-button')[index] ?? document.querySelector<HTMLElement>('.open-columns button')
    control?.focus()
  }

  return (
    <Show when={ready()}>
      {(now) => (
        <>
          <h2>In this browser</h2>
          <ul class="open-list kept" ref={list}>
            <For each={now().tracked}>
              {(name) => (
                <li>
                  <button type="button" class="entry" onClick={() => void sources.openTracked(name)}>
                    <Icon name="chart" />
                    <span>
                      <b title={name}>{name}</b>
                      <small>tracked in this browser</small>
                    </span>
                  </button>
                </li>
              )}
            </For>
            <For each={names()}>
              {(name, index) => (
                <li>
                  <button type="button" class="entry" onClick={() => void sources.openKept(name)}>
                    <Icon name="file" />
                    <span>
                      <b title={name}>{name}</b>
                      <small>{details(name)}</small>
                    </span>
                  </button>
                  <Popover label={`More about ${name}`} class="icon-button" role="menu" button={<Icon name="more" />}>
                    <MenuItems
                      items={[
                        { text: 'Open', onSelect: () => void sources.openKept(name) },
                        { text: 'Rename', dialog: true, onSelect: () => setChanging({ name, index: index(), renames: true }) },
                        { text: 'Delete', dialog: true, onSelect: () => setChanging({ name, index: index(), renames: false }) },
                      ]}
                    />
                  </Popover>
                </li>
              )}
            </For>
          </ul>
          <p class="room">
            {`${formatBytes(now().room.used)} used, ${formatBytes(now().room.free)} free as far as the browser says`}
            {now().room.persisted ? '' : '; it may clear this when the disk gets full'}
          </p>
          <Show when={changing()}>
            {(what) => (
              <ChangeDialog
                title={what().renames ? 'Rename copy' : 'Delete copy'}
                name={what().renames ? what().name : undefined}
                question={
                  <>
                    Delete the copy of <b>{what().name}</b> from this browser? What it was copied from stays.
                  </>
                }
                act={(to) => {
                  renamed = to
                  return what().renames ? library.rename(what().name, to) : library.remove(what().name)
                }}
                onClose={close}
              />
            )}
          </Show>
        </>
      )}
    </Show>
  )
}
