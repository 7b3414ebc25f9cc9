import { createEffect, createSignal, lazy, on, Show } from 'solid-js'
import { formatBytes } from '../../compute/format.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { isRegistryName } from '../../model/registry.ts'
import type { ProjectInfo } from '../../model/source.ts'
import { useApp } from '../../state/app.ts'
import type { OpenSource } from '../../state/sources/source-list.ts'
import { REGISTRIES } from '../common/artifact-pages.ts'
import { useMarkWords, wordsFor } from '../common/source-words.ts'
import { Icon } from '../components/icon.tsx'
import { Name } from '../components/name.tsx'
import { Popover } from '../components/popover.tsx'
import { Select } from '../components/select.tsx'

// opened seldom
const PublishDialog = lazy(async () => ({
  default: (await import('../common/publish-dialog.tsx')).PublishDialog,
}))
const DownloadDialog = lazy(async () => ({
  default: (await import('../common/download-dialog.tsx')).DownloadDialog,
}))
const SourceMenu = lazy(async () => ({ default: (await import('./source-menu.tsx')).SourceMenu }))

const Besides = lazy(async () => ({ default: (await import('../common/besides.tsx')).Besides }))

/**
 * Which project is on screen, and where it comes from. `plain`: with what can be done about it as a list, for
 * the phone's sheet, which `onDone` closes.
 */
export function SourceBlock(props: { plain?: boolean | undefined; onDone?(): void }) {
  const { sources, settled } = useApp()
  // once the charts stand: whoever closes the server behind the page can still close a source
  createEffect(on(settled.ready, (ready) => ready && void SourceMenu.preload()))
  const [publishing, setPublishing] = createSignal(false)
  const publish = () => setPublishing(true)
  const [downloading, setDownloading] = createSignal(false)
  const download = () => setDownloading(true)
  return (
    <div class="source-block">
      <ProjectSelect />
      <Show when={sources.source()}>
        {(source) => (
          <>
            <SourceLine source={source()} plain={props.plain} onPublish={publish} onDownload={download} />
            <Show when={props.plain}>
              <Besides />
              <SourceMenu plain onPublish={publish} onDownload={download} onDone={props.onDone} />
            </Show>
          </>
        )}
      </Show>
      <Show when={publishing()}>
        <PublishDialog onClose={() => setPublishing(false)} />
      </Show>
      <Show when={downloading()}>
        <DownloadDialog onClose={() => setDownloading(false)} />
      </Show>
    </div>
  )
}

/** All projects of all open sources; two of one name are told apart by their source. */
export function ProjectSelect() {
  const { sources, location } = useApp()
  const optionOf = (project: ProjectInfo) => ({ value: project.id, text: wordsFor(sources, project) })
  const isRegistry = ({ name }: ProjectInfo): boolean => isRegistryName(name)
  const options = () => {
    const all = sources
      .projects()
      .filter((project) => !isRegistry(project))
      .map(optionOf)
    return sources.project() || sources.projects().length === 0
      ? all
      : [{ value: '', text: 'No project' }, ...all]
  }
  const groups = () => {
    const all = sources.projects().filter(isRegistry).map(optionOf)
    return all.length > 0 ? [{ label: 'Registries', options: all }] : []
  }
  return (
    <Select
      label="Project"
      value={sources.project()?.id ?? ''}
      options={options()}
      groups={groups()}
      onChange={(id) => {
        sources.select(id)
        const shown = sources.project()
        // it has no charts; its page says so where it has runs all the same
        if (shown && isRegistry(shown)) location.patch({ page: REGISTRIES })
      }}
    />
  )
}

/** The words are beside the button, which lies over them: its name is what it opens. */
function SourceLine(props: {
  source: OpenSource
  plain?: boolean | undefined
  onPublish(): void
  onDownload(): void
}) {
  const words = useMarkWords()
  return (
    <div
      class="source-line"
      title={[visibleName(props.source.info.name), words()].filter(Boolean).join('\n')}
    >
      <Icon
        name={
          props.source.kind === 'folder' || props.source.info.link?.as === 'folder'
            ? 'folder'
            : props.source.info.local
              ? 'file'
              : 'cloud'
        }
      />
      <span class="name">
        <Name of={props.source.info.name} />
      </span>
      <Show when={props.source.info.bytes > 0}>
        <span class="size">{`, ${formatBytes(props.source.info.bytes)}`}</span>
      </Show>
      <Show when={words()}>
        {/* a log's page, dashed: there may be one elsewhere */}
        <svg class="icon log-mark" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4 1.8h5l3 3v9.4H4z" stroke-dasharray="2 1.6" />
          <path d="M8 6.4v2.8M8 11.3v.1" />
        </svg>
      </Show>
      <SourceState source={props.source} />
      <Show when={!props.plain}>
        <Popover label="Source" class="source-button" role="menu" button="" description={words()}>
          <SourceMenu onPublish={props.onPublish} onDownload={props.onDownload} />
        </Popover>
      </Show>
    </div>
  )
}

/**
 * `live`: changes on disk are followed; `stale`: following failed; `snapshot`: as it was when it was opened.
 */
export function SourceState(props: { source: OpenSource }) {
  const words = () =>
    props.source.stale !== undefined || props.source.changed
      ? 'stale'
      : props.source.info.live
        ? 'live'
        : 'snapshot'
  return (
    <span class={`state ${words()}`} title={props.source.stale ?? props.source.changed?.text}>
      {words()}
    </span>
  )
}
