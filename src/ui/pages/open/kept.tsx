import { createMemo, createSignal, For, onMount, Show } from 'solid-js'
import { formatAgo, formatBytes } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { canonicalProject } from '../../../model/project-name.ts'
import { useApp } from '../../../state/app.ts'
import { ChangeDialog } from '../../components/change-dialog.tsx'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Name } from '../../components/name.tsx'
import { Popover } from '../../components/popover.tsx'

/** A tracked project and a copy may have the same name, so they are told apart by this. */
type Key = `tracked ${string}` | `kept ${string}`

/** What this browser tracked itself, copies that it keeps, and the room they take. */
export function KeptList() {
  const { library, sources, preferences, changes } = useApp()
  const [changing, setChanging] = createSignal<{ key: Key }>()
  let list: HTMLUListElement | undefined
  onMount(() => void library.look())
  const ready = () => {
    const now = library.status()
    return now.kind === 'ready' && now.projects.length + now.tracked.length > 0 ? now : undefined
  }
  const refused = () => {
    const now = library.status()
    return now.kind === 'none' ? now.why.replace(/^./, (letter) => letter.toUpperCase()) : ''
  }
  // by name: a new look at the storage makes new objects, and a row that stays must not lose the focus
  const keys = createMemo((): Key[] => {
    const { tracked = [], projects = [] } = ready() ?? {}
    return [
      ...tracked.map(({ name }): Key => `tracked ${name}`),
      ...projects.map(({ name }): Key => `kept ${name}`),
    ].filter((key) => !changes.isDeleted(kindOf(key), nameOf(key)))
  })
  const details = (key: Key): string => {
    const name = nameOf(key)
    if (isTracked(key))
      return `${formatBytes(ready()?.tracked.find((one) => one.name === name)?.bytes ?? 0)}, tracked in this browser`
    const kept = ready()?.projects.find((one) => one.name === name)
    return kept
      ? `${formatBytes(kept.bytes)}, kept ${formatAgo(kept.kept, Date.now(), preferences.value().timeZone)}`
      : ''
  }
  const open = (key: Key): void =>
    void (isTracked(key) ? sources.openTracked(nameOf(key)) : sources.openKept(nameOf(key)))
  let renamed: Key | undefined

  function focusAt(index: number): void {
    const control =
      list?.querySelectorAll<HTMLElement>('.icon-button')[index] ??
      document.querySelector<HTMLElement>('.open-columns button')
    control?.focus()
  }

  /** The focus goes to the renamed one. */
  function close(done: boolean): void {
    setChanging(undefined)
    if (done && renamed) focusAt(keys().indexOf(renamed))
  }

  /** Another one takes its place, and the focus. */
  function remove(key: Key, index: number): void {
    const name = nameOf(key)
    const project = ready()?.projects.find((one) => one.name === name)?.project ?? name
    void changes
      .deleteProject({ kind: kindOf(key), name, project })
      .then(() => focusAt(Math.min(index, keys().length - 1)))
  }

  async function rename(key: Key, to: string): Promise<void> {
    const tracked = isTracked(key)
    renamed = tracked ? `tracked ${canonicalProject(to)}` : `kept ${to}`
    await library.rename(nameOf(key), to, tracked)
  }

  return (
    <>
      <Show when={ready() || refused()}>
        <h2>In this browser</h2>
      </Show>
      <Show when={refused()}>
        <p class="room">{refused()}</p>
      </Show>
      <Show when={ready()}>
        {(now) => (
          <>
            <ul class="open-list kept" ref={list}>
              <For each={keys()}>
                {(key, index) => (
                  <li>
                    <button type="button" class="entry" onClick={() => open(key)}>
                      <Icon name={isTracked(key) ? 'chart' : 'file'} />
                      <span>
                        <b title={visibleName(nameOf(key))}>
                          <Name of={nameOf(key)} />
                        </b>
                        <small>{details(key)}</small>
                      </span>
                    </button>
                    <Popover
                      label={`More about ${nameOf(key)}`}
                      class="icon-button"
                      role="menu"
                      button={<Icon name="more" />}
                    >
                      <MenuItems
                        items={[
                          { text: 'Open', onSelect: () => open(key) },
                          {
                            text: 'Rename',
                            dialog: true,
                            onSelect: () => setChanging({ key }),
                          },
                          // it can be undone, so nobody is asked
                          { text: 'Delete', onSelect: () => remove(key, index()) },
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
                  title={`Rename ${isTracked(what().key) ? 'project' : 'copy'}`}
                  name={nameOf(what().key)}
                  act={(to) => rename(what().key, to)}
                  onClose={close}
                />
              )}
            </Show>
          </>
        )}
      </Show>
    </>
  )
}

function isTracked(key: Key): boolean {
  return key.startsWith('tracked ')
}

function kindOf(key: Key): 'tracked' | 'kept' {
  return isTracked(key) ? 'tracked' : 'kept'
}

function nameOf(key: Key): string {
  return key.slice(key.indexOf(' ') + 1)
}
