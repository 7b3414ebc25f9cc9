import { For, Show } from 'solid-js'
import { formatBytes } from '../../compute/format.ts'
import { useApp } from '../../state/app.ts'
import type { OpenSource } from '../../state/sources.ts'
import { Icon } from '../components/icon.tsx'
import { MenuItems, Popover } from '../components/popover.tsx'
import { Select } from '../components/select.tsx'
import { useOpener } from '../shell/opener.ts'

/** Which project is on screen, and where it comes from. */
export function SourceBlock() {
  const { sources } = useApp()
  return (
    <div class="source-block">
      <ProjectSelect />
      <Show when={sources.source()}>{(source) => <SourceButton source={source()} />}</Show>
    </div>
  )
}

/** All projects of all open sources; two of one name are told apart by their source. */
export function ProjectSelect() {
  const { sources } = useApp()
  const options = () => {
    const all = sources.projects()
    return all.map(({ id, name, source, file }) => {
      const twin = all.some((other) => other.id !== id && other.name === name)
      const from = sources.list().find(({ info }) => info.id === source)?.info.name ?? file
      return { value: id, text: twin ? `${name} (${from})` : name }
    })
  }
  return <Select label="Project" value={sources.project()?.id ?? ''} options={options()} onChange={(id) => sources.select(id)} />
}

/** The words are beside the button, which lies over them: its name is what it opens. */
function SourceButton(props: { source: OpenSource }) {
  const { sources, location, preferences } = useApp()
  const opener = useOpener()
  return (
    <div class="source-line" title={props.source.info.name}>
      <Icon name={props.source.kind === 'folder' ? 'folder' : props.source.info.local ? 'file' : 'cloud'} />
      <span class="name">{props.source.info.name}</span>
      <Show when={props.source.info.bytes > 0}>
        <span class="size">{formatBytes(props.source.info.bytes)}</span>
      </Show>
      <SourceState source={props.source} />
      <Popover label="Source" class="source-button" role="menu" button="">
        <div class="menu-head">Open</div>
        <For each={sources.list()}>
          {(source) => (
            <MenuItems
              items={[
                {
                  text: source.info.name,
                  checked: source.info.id === props.source.info.id,
                  onSelect: () => {
                    const first = source.info.projects[0]
                    if (first) sources.select(first.id)
                  },
                },
              ]}
            />
          )}
        </For>
        <Show when={preferences.value().recents.some(({ kind }) => kind === 'url')}>
          <div class="menu-head">Recent</div>
          <MenuItems
            items={preferences
              .value()
              .recents.filter(({ kind }) => kind === 'url')
              .slice(0, 4)
              .map((recent) => ({ text: recent.name, onSelect: () => void sources.openUrl(recent.url ?? '') }))}
          />
        </Show>
        <hr class="menu-rule" style={{ border: 0 }} />
        <MenuItems
          items={[
            { text: 'Open files', onSelect: () => opener.chooseFiles() },
            { text: 'Open another', note: '⌘O', onSelect: () => location.patch({ page: 'open' }) },
            { text: `Close ${props.source.info.name}`, onSelect: () => void sources.close(props.source.info.id) },
          ]}
        />
      </Popover>
    </div>
  )
}

/** `live`: changes on disk are followed; `stale`: following failed; `snapshot`: as it was when it was opened. */
export function SourceState(props: { source: OpenSource }) {
  const words = () => (props.source.stale !== undefined || props.source.changed ? 'stale' : props.source.info.live ? 'live' : 'snapshot')
  return (
    <span class={`state ${words()}`} title={props.source.stale ?? props.source.changed?.text}>
      {words()}
    </span>
  )
}
