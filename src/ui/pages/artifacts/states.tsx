import { Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)})
artifact = trackio.Artifact("my-model", type="model")
artifact.add_file("model.safetensors")
trackio.log_artifact(artifact)`

/** Nobody logged any, or what is open cannot tell. */
export function NoArtifacts() {
  const { sources } = useApp()
  const file = () => sources.project()?.file ?? ''
  const fragments = () => /(^|\/)inbox\//.test(file())
  const table = () => /\.parquet$/i.test(file())
  return (
    <div class="blank" role="status">
      <Show
        when={!fragments()}
        fallback={
          <>
            <h2>Log fragments hold no artifacts</h2>
            <p>They are in the database that trackio puts the fragments into, and in its folder artifacts.</p>
          </>
        }
      >
        <h2>No artifacts logged</h2>
        <Show when={table()}>
          <p>If its runs logged some, open the whole export: they stand in tables of their own.</p>
        </Show>
        <p>They appear here when a run logs one:</p>
        <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
      </Show>
    </div>
  )
}
