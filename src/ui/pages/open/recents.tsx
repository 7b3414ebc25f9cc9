import { createSignal, For, Show } from 'solid-js'
import { formatAgo } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { Recent } from '../../../state/address/preferences.ts'
import { useApp } from '../../../state/app.ts'
import { useOpener } from '../../common/opener.ts'
import { focusBeside } from '../../components/focus.ts'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'

const KIND_ICONS: Record<Recent['kind'], IconName> = {
  file: 'file',
  folder: 'folder',
  address: 'cloud',
  demo: 'chart',
}

/**
 * Names of what was open before. Addresses open again by themselves, files where the browser kept a handle of
 * them.
 */
export function RecentList() {
  const { preferences, sources, handles } = useApp()
  const opener = useOpener()
  const [hint, setHint] = createSignal<Recent>()

  async function reopen(recent: Recent): Promise<void> {
    if (await sources.openRecent(recent)) return
    setHint(recent)
    if (recent.kind === 'folder') opener.chooseFolder()
    else opener.chooseFiles()
  }

  const when = (recent: Recent) => formatAgo(recent.at, Date.now(), preferences.value().timeZone)
  return (
    <ul class="open-list">
      <For each={preferences.value().recents}>
        {(recent) => (
          <li>
            <button type="button" class="entry" onClick={() => void reopen(recent)}>
              <Icon name={KIND_ICONS[recent.kind]} />
              <span>
                <b title={visibleName(recent.name)}>
                  <Name of={recent.name} />
                </b>
                <small>
                  <Show
                    when={hint() !== recent}
                    fallback="Drop it again, or choose it: the page keeps names, not files"
                  >
                    <span title={visibleName(recent.detail)}>
                      <Name of={recent.detail} />
                    </span>
                    {`, ${when(recent)}`}
                  </Show>
                </small>
              </span>
            </button>
            <button
              type="button"
              class="icon-button forget"
              aria-label={`Forget ${recent.name}`}
              title="Forget"
              onClick={(event) => {
                focusBeside(event.currentTarget.closest('li'), '.forget')
                preferences.forget(recent)
                void handles.forget(recent.name, recent.kind)
              }}
            >
              <Icon name="close" />
            </button>
          </li>
        )}
      </For>
    </ul>
  )
}
