import { Show } from 'solid-js'
import { nameInText } from '../../../compute/visible-name.ts'
import { isRegistryName } from '../../../model/registry.ts'
import { useApp } from '../../../state/app.ts'

const SNIPPET = `import trackio
trackio.Api().create_registry("models")
run.link_artifact(artifact, "registry-models/my-model", aliases=["production"])`

/** What is open holds none, or cannot hold any. */
export function NoRegistries() {
  const { sources } = useApp()
  const name = () => nameInText(sources.source()?.info.name ?? '')
  const file = () => sources.project()?.file ?? ''
  const exported = () => /\.parquet$/i.test(file())
  const alone = () => !isRegistryName(sources.project()?.name ?? '') && sources.projects().length === 1
  return (
    <div class="blank" role="status">
      <h2>{`No registry in ${name()}`}</h2>
      <Show
        when={!exported()}
        fallback={
          <p>Parquet exports hold one project and no registries: they lie in databases and in buckets.</p>
        }
      >
        <p>
          A registry links versions of artifacts under names that a team agrees on. It is a database of its
          own beside the projects{' '}
          <Show when={alone()} fallback={'(registry-models.db), or a folder of a bucket.'}>
            (registry-models.db), or a folder of a bucket: open trackio's whole folder to see it.
          </Show>
        </p>
        <pre>{SNIPPET}</pre>
      </Show>
    </div>
  )
}

/** The address names one that there is not. */
export function Unknown(props: {
  what: string
  name: string
  others: readonly string[]
  onChoose(name: string): void
}) {
  return (
    <div class="blank" role="status">
      <h2>{`No ${props.what} is called ${nameInText(props.name)}`}</h2>
      <Show when={props.others.length > 0} fallback={<p>There is none here.</p>}>
        <p>{props.others.length === 1 ? 'There is one here:' : 'There are here:'}</p>
        <ul class="blank-list">
          {props.others.map((one) => (
            <li>
              <button type="button" class="link-button" onClick={() => props.onChoose(one)}>
                {nameInText(one)}
              </button>
            </li>
          ))}
        </ul>
      </Show>
    </div>
  )
}
