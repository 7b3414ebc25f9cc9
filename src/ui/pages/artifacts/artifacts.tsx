import { Failed, Reading } from '../../common/page-states.tsx'
import '../../styles/artifacts.css'
import { createComputed, createEffect, createMemo, For, Match, onCleanup, Show, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { formatPlural } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { ArtifactViews } from '../../common/artifact-views.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { createArtifactsModel } from './model.ts'
import { NoArtifacts } from './states.tsx'
import { VIEWS } from './views.ts'

/** Named, versioned files of the runs: listed, looked into, checked, and held against each other. */
export function ArtifactsPage(props: PageProps) {
  const { sources, settled, data } = useApp()
  const noProject = useNoProject()
  const narrow = () => props.frame === 'phone'
  const model = createArtifactsModel(() => !narrow())
  const status = () => model.status()
  const none = () => {
    const all = model.all()
    return all !== undefined && all.artifacts.length + all.foreign.length === 0
  }
  const view = createMemo(() => VIEWS.find(({ id }) => id === (model.own().view ?? '')) ?? VIEWS[0])
  const failure = createMemo(() => {
    const now = status()
    return now.kind === 'failed' ? now.notice : undefined
  })

  createComputed(() => {
    const some = sources.project() !== undefined && data.status().kind !== 'failed'
    const waits =
      status().kind === 'loading' ||
      [model.manifest.status(), model.other.status()].some(({ kind }) => kind === 'loading') ||
      model.preview.file().state === 'loading'
    settled.setBusy('artifacts', some && waits)
  })
  onCleanup(() => settled.setBusy('artifacts', false))

  createEffect(() => {
    const all = model.all()
    if (!all) return setPageWords('')
    const versions = all.artifacts.reduce((sum, one) => sum + one.versions.length, 0)
    const now = model.manifest.status()
    const parts = [`${formatPlural(all.artifacts.length, 'artifact')}, ${formatPlural(versions, 'version')}`]
    if (all.foreign.length > 0)
      parts.push(`${formatPlural(model.foreign().length, 'version')} of other projects`)
    if (now.kind === 'ready' && model.current() && now.digest !== '')
      parts.push(now.digest === now.computed ? 'Manifest digest agrees' : 'Manifest digest differs')
    setPageWords(parts.join(', '))
  })
  onCleanup(() => setPageWords(''))

  const blank = () => failure() !== undefined || status().kind === 'loading' || none()
  const viewProps = () => ({ model, narrow: narrow(), embed: props.frame === 'embed' })
  return (
    <main class="page artifacts" classList={{ phone: narrow() }}>
      <h1 class="unseen">{`Artifacts of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={props.frame !== 'embed' && !(narrow() && model.chosenLabel())}>
        <div class="toolbar" role="toolbar" aria-label="Artifacts">
          <ArtifactViews />
          <Show when={!blank()}>
            <Dynamic component={view().tools} {...viewProps()} />
          </Show>
        </div>
      </Show>
      <SourceNotices />
      <Show when={(model.all()?.notices.length ?? 0) > 0}>
        <div class="artifact-notices">
          <For each={model.all()?.notices}>
            {({ subject, text, level }) => (
              <p class={level} role="status">
                {visibleName(`${subject}: ${text}`)}
              </p>
            )}
          </For>
        </div>
      </Show>
      <Switch>
        <Match when={noProject()}>
          <NoProject />
        </Match>
        <Match when={blank()}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Artifacts">
            <Switch fallback={<NoArtifacts />}>
              <Match when={failure()}>
                {(notice) => (
                  <Failed
                    what="the artifacts"
                    cause={`${notice().subject}: ${notice().text}`}
                    onRetry={model.retry}
                  />
                )}
              </Match>
              <Match when={status().kind === 'loading'}>
                <Show when={data.status().kind !== 'failed'}>
                  <Reading label="Artifacts" words="reading artifacts" />
                </Show>
              </Match>
            </Switch>
          </section>
        </Match>
        <Match when={true}>
          <Dynamic component={view().view} {...viewProps()} />
        </Match>
      </Switch>
    </main>
  )
}
