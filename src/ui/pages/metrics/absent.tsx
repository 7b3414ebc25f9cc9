import { nameInText } from '../../../compute/visible-name.ts'
import '../../styles/open.css'
import { For, Match, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { isRegistryName } from '../../../model/registry.ts'
import type { Notice } from '../../../model/source.ts'
import { useApp } from '../../../state/app.ts'
import { absentWords } from '../../../state/sources/file-words.ts'
import { few } from '../../../state/view/link-notices.ts'
import { REGISTRIES } from '../../common/artifact-pages.ts'
import { useOpener } from '../../common/opener.ts'
import { PageLink } from '../../common/page-link.tsx'
import { wordsFor } from '../../common/source-words.ts'
import { Access } from '../open/access.tsx'

/** What there is not: a project to show, rows in it, or a metric of the name. */
export type Lack = 'project' | 'rows' | 'metric'

const SNIPPET = (project: string) => `import trackio
run = trackio.init(project=${JSON.stringify(project)})
run.log({"loss": 0.5})`

/** Why nothing is drawn, then what next. */
export function Absent(props: { lack: Lack }) {
  return (
    <Switch fallback={<NoProject />}>
      <Match when={props.lack === 'rows'}>
        <NoRows />
      </Match>
      <Match when={props.lack === 'metric'}>
        <NoMetric />
      </Match>
    </Switch>
  )
}

function NoRows() {
  const { runs, data, sources } = useApp()
  const project = () => nameInText(sources.project()?.name ?? '')
  const damage = () => data.catalogue()?.notices.find(({ level }) => level !== 'info')
  if (isRegistryName(sources.project()?.name ?? '')) return <IsRegistry />
  return (
    <Show
      when={damage()}
      fallback={
        <div class="blank">
          <h2>{`${project()} has no ${runs.all().length > 0 ? 'metrics' : 'rows'} yet`}</h2>
          <p>Rows appear here when a run logs numbers:</p>
          <pre>{SNIPPET(project())}</pre>
          <p>
            {sources.source()?.info.live
              ? 'Watching the file for new rows.'
              : 'Drop the folder that holds the file to watch it.'}
          </p>
        </div>
      }
    >
      {(notice) => (
        <div class="blank">
          <h2>{`No rows of ${project()} could be read`}</h2>
          <p>{`${notice().subject}: ${notice().text}`}</p>
        </div>
      )}
    </Show>
  )
}

/** trackio lists registries among the projects. */
function IsRegistry() {
  const { sources } = useApp()
  return (
    <div class="blank" role="status">
      <h2>{`${nameInText(sources.project()?.name ?? '')} is a registry`}</h2>
      <p>It names versions of artifacts that runs of other projects made, and has no runs of its own.</p>
      <PageLink page={REGISTRIES} class="link-button">
        Show what it names
      </PageLink>
    </div>
  )
}

function NoMetric() {
  const { metrics, sources, location } = useApp()
  return (
    <div class="blank" role="status">
      <h2>
        {metrics.missing().length > 0 ? `No metric is called ${few(metrics.missing())}` : 'No metric matches'}
      </h2>
      <p>{`${formatPlural(metrics.names().length, 'metric')} in ${nameInText(sources.project()?.name ?? '')}: ${few(metrics.names().map(nameInText))}.`}</p>
      <button
        type="button"
        class="link-button"
        onClick={() => location.patch({ search: { text: '', regex: false }, metrics: undefined })}
      >
        Show all
      </button>
    </div>
  )
}

/**
 * Of a frame, which has no page to open something else; and where no open source has the project of the
 * address.
 */
function NoProject() {
  const { sources } = useApp()
  const errors = () => sources.failures().filter(({ level }) => level === 'error')
  return (
    <Switch fallback={<Nothing />}>
      <Match when={sources.list().length > 0}>
        <UnknownProject />
      </Match>
      <Match when={errors().length > 0}>
        <For each={errors()}>{(notice) => <Failure notice={notice} />}</For>
        <div class="blank">
          <Access />
        </div>
      </Match>
      <Match when={sources.absent().length > 0}>
        <FilesElsewhere />
      </Match>
    </Switch>
  )
}

function UnknownProject() {
  const { sources, location } = useApp()
  const where = () => {
    const [only, ...others] = sources.list()
    return only && others.length === 0 ? nameInText(only.info.name) : 'what is open'
  }
  return (
    <div class="blank" role="status">
      <h2>{`No project is called ${location.view().project ?? ''}`}</h2>
      <p>{`In ${where()} ${sources.projects().length === 1 ? 'there is one' : 'there are'}:`}</p>
      <ul class="blank-list">
        <For each={sources.projects()}>
          {(project) => (
            <li>
              <button type="button" class="link-button" onClick={() => sources.select(project.id)}>
                {wordsFor(sources, project)}
              </button>
            </li>
          )}
        </For>
      </ul>
    </div>
  )
}

function Failure(props: { notice: Notice }) {
  return (
    <div class="blank" role="alert">
      <h2>{`${props.notice.subject} could not be opened`}</h2>
      <p>
        {props.notice.text.replace(/^./, (letter) => letter.toUpperCase())}
        {/[.!?]$/.test(props.notice.text) ? ' ' : '. '}
        {props.notice.action}
      </p>
    </div>
  )
}

function FilesElsewhere() {
  const { sources } = useApp()
  const words = () => absentWords(sources.absent())
  return (
    <div class="blank" role="status">
      <h2>{words()[0]}</h2>
      <p>{words()[1]}</p>
      <ChooseFiles />
    </div>
  )
}

function Nothing() {
  const { probing } = useApp()
  return (
    <Show when={!probing()}>
      <div class="blank" role="status">
        <h2>Nothing is open here</h2>
        <p>
          The address names no data, such as ?dataset=user/name or ?db=https://…/project.db, and none was
          handed over. Drop a .db file to see it.
        </p>
        <ChooseFiles />
      </div>
    </Show>
  )
}

/** For those who cannot drop: fingers and keys. */
function ChooseFiles() {
  const opener = useOpener()
  return (
    <button type="button" class="button" onClick={() => opener.chooseFiles()}>
      Choose files
    </button>
  )
}
