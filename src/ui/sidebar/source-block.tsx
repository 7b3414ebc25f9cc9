import { createSignal, For, lazy, Show } from 'solid-js'
import { formatBytes } from '../../compute/format.ts'
import type { ProjectInfo } from '../../model/source.ts'
import { useApp } from '../../state/app.ts'
import type { OpenSource, Sources } from '../../state/sources.ts'
import { Icon } from '../components/icon.tsx'
import { MenuItems, Popover } from '../components/popover.tsx'
import { Select } from '../components/select.tsx'
import { useOpener } from '../shell/opener.ts'

// opened seldom
const PublishDialog = lazy(async () => ({ default: (await import('../open/publish.tsx')).PublishDialog }))

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
  const options = () => sources.projects().map((project) => ({ value: project.id, text: wordsFor(sources, project) }))
  return <Select label="Project" value={sources.project()?.id ?? ''} options={options()} onChange={(id) => sources.select(id)} />
}

function wordsFor(sources: Sources, { id, name, source, file }: ProjectInfo): string {
  const twin = sources.projects().some((other) => other.id !== id && other.name === name)
  const from = sources.list().find(({ info }) => info.id === source)?.info.name ?? file
  return twin ? `${name} (${from})` : name
}

/** The words are beside the button, which lies over them: its name is what it opens. */
function SourceButton(props: { source: OpenSource }) {
  const { sources, location, preferences, library } = useApp()
  const opener = useOpener()
  const again = () =>
    preferences
      .value()
      .recents.filter(({ kind, name }) => kind === 'address' && !sources.list().some(({ info }) => info.name === name))
      .slice(0, 4)
  const [publishing, setPublishing] = createSignal(false)
  // a server gives out rows, not files
  const copyable = () => sources.source()?.info.writable === false && sources.source()?.info.link?.as !== 'server'
  const withProject = (act: (id: string, name: string) => Promise<void>): void => {
    const project = sources.project()
    if (project) void act(project.id, project.name)
  }
  const comparable = () =>
    sources
      .projects()
      .filter(({ id }) => id !== sources.project()?.id)
      .map((project) => ({ id: project.id, text: wordsFor(sources, project) }))
  return (
    <div class="source-line" title={props.source.info.name}>
      <Icon name={props.source.kind === 'folder' ? 'folder' : props.source.info.local ? 'file' : 'cloud'} />
      <span class="name">{props.source.info.name}</span>
      <Show when={props.source.info.bytes > 0}>
        <span class="size">{formatBytes(props.source.info.bytes)}</span>
      </Show>
      <SourceState source={props.source} />
      <Show when={publishing()}>
        <PublishDialog onClose={() => setPublishing(false)} />
      </Show>
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
        <Show when={comparable().length > 0}>
          <div class="menu-head">Compare with</div>
          <MenuItems
            items={comparable().map(({ id, text }) => {
              const on = sources.beside().some((one) => one.id === id)
              return { text, checked: on, onSelect: () => sources.setBeside(id, !on) }
            })}
          />
        </Show>
        <Show when={again().length > 0}>
          <div class="menu-head">Recent</div>
          <MenuItems items={again().map((recent) => ({ text: recent.name, onSelect: () => void sources.openRecent(recent) }))} />
        </Show>
        <hr class="menu-rule" style={{ border: 0 }} />
        <MenuItems items={[{ text: 'Download as CSV', onSelect: () => withProject((id, name) => library.download(id, name, 'csv')) }]} />
        <MenuItems
          items={
            copyable()
              ? [
                  { text: 'Keep a copy in this browser', onSelect: () => withProject((id, name) => library.keep(id, name)) },
                  { text: 'Download as .db', onSelect: () => withProject((id, name) => library.download(id, name, 'db')) },
                  { text: 'Download as a page of one file', onSelect: () => withProject((id, name) => library.download(id, name, 'html')) },
                  { text: 'Publish to the Hub', onSelect: () => setPublishing(true) },
                  { text: 'Download as Parquet', onSelect: () => withProject((id, name) => library.download(id, name, 'parquet')) },
                  undefined,
                ]
              : []
          }
        />
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
