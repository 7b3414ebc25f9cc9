import { nameInText } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'

const SNIPPET = (project: string) => `import trackio
run = trackio.init(project=${JSON.stringify(project)})
run.log_artifact("model.safetensors", name="model", type="model")`

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
