import { nameInText } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { ProgressLine } from '../../components/progress-line.tsx'

const SNIPPET = (project: string) => `import trackio
run = trackio.init(project=${JSON.stringify(project)})
run.log_artifact("model.safetensors", name="model", type="model")`

export function Reading(props: { words: string }) {
  return (
    <div class="trace-wait patient lineage-wait">
      <ProgressLine label="Lineage" share={undefined} words={props.words || 'reading artifacts'} />
      <p>{props.words || 'reading artifacts'}</p>
    </div>
  )
}

export function Failed(props: { title: string; cause: string; onRetry(): void }) {
  return (
    <div class="blank" role="alert">
      <h2>{props.title}</h2>
      <pre>{props.cause}</pre>
      <button type="button" class="button" onClick={() => props.onRetry()}>
        Retry
      </button>
    </div>
  )
}

/** No version, and no run that used or made one. */
export function NoLineage() {
  const { sources } = useApp()
  const project = () => sources.project()?.name ?? ''
  return (
    <div class="blank" role="status">
      <h2>{`No artifacts in ${nameInText(project())}`}</h2>
      <p>Lineage shows which runs made and used the versions of artifacts. A run logs one like this:</p>
      <pre>{SNIPPET(project())}</pre>
    </div>
  )
}
