import { Show } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import type { Notice } from '../../../model/source.ts'
import { useApp } from '../../../state/app.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import type { FilesModel } from './model.ts'

const SNIPPET = (project: string) => `import trackio
trackio.save("configs/*.yaml", project=${JSON.stringify(project)})`

export function FilesWait() {
  return (
    <section class="sheet" id="charts" tabIndex={-1} aria-label="Files">
      <div class="tables-wait patient">
        <ProgressLine label="Files" share={undefined} words="listing files" />
        <p class="data-note">listing files</p>
      </div>
    </section>
  )
}

export function FilesFailed(props: { notice: Notice; onRetry(): void }) {
  return (
    <section class="sheet" id="charts" tabIndex={-1} aria-label="Files">
      <div class="blank" role="alert">
        <h2>Could not list the files</h2>
        <pre>{visibleName(`${props.notice.subject}: ${props.notice.text}`)}</pre>
        <Show when={props.notice.action}>
          <p>{props.notice.action}</p>
        </Show>
        <button type="button" class="button" onClick={() => props.onRetry()}>
          Retry
        </button>
      </div>
    </section>
  )
}

export function NoFiles(props: { model: FilesModel }) {
  return (
    <section class="sheet" id="charts" tabIndex={-1} aria-label="Files">
      <div class="blank" role="status">
        <h2>No files</h2>
        <Why model={props.model} />
      </div>
    </section>
  )
}

/** Beside the tree, while none is chosen. */
export function ChooseFile(props: { model: FilesModel }) {
  return (
    <div class="blank" role="status">
      <Show
        when={props.model.saved().length > 0}
        fallback={
          <>
            <h2>No saved files</h2>
            <Why model={props.model} />
          </>
        }
      >
        <h2>Choose a file</h2>
        <p>It is read only as far as you look at it.</p>
      </Show>
    </div>
  )
}

function Why(props: { model: FilesModel }) {
  const { sources } = useApp()
  return (
    <Show
      when={props.model.list()?.listed}
      fallback={
        <p>{`What was saved is not known: ${visibleName(props.model.list()?.why ?? '')}. Open trackio’s folder to see all of it.`}</p>
      }
    >
      <p>They appear here when a script saves some:</p>
      <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
    </Show>
  )
}

export function LostFile(props: { name: string; onBack(): void }) {
  return (
    <div class="blank" role="alert">
      <h2>No such file</h2>
      <pre>{visibleName(props.name)}</pre>
      <p>The link names a file that this project does not have, or does not list.</p>
      <button type="button" class="link-button" onClick={() => props.onBack()}>
        Show the list
      </button>
    </div>
  )
}
