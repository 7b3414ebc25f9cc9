import { Match, Show, Switch } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import { ForeignView } from './foreign.tsx'
import { ArtifactTree } from './tree.tsx'
import { VersionView } from './version.tsx'
import type { ViewProps } from './view-props.ts'

/** The list of versions, and one of them beside it; in a narrow window one or the other. */
export function Versions(props: ViewProps) {
  const { model } = props
  const isChosen = () => model.chosenLabel() !== undefined || model.lost() !== undefined
  return (
    <div class="artifact-panes">
      <Show when={!props.narrow || !isChosen()}>
        <ArtifactTree model={model} touch={props.narrow} />
      </Show>
      <Show when={!props.narrow || isChosen()}>
        <div class="artifact-pane">
          <Switch
            fallback={
              <div class="blank" role="status">
                <h2>No version</h2>
                <p>Choose another artifact of the list.</p>
              </div>
            }
          >
            <Match when={model.chosen()}>
              {(one) => <VersionView model={model} of={one()} narrow={props.narrow} />}
            </Match>
            <Match when={model.chosenForeign()}>
              {(one) => <ForeignView model={model} of={one()} narrow={props.narrow} />}
            </Match>
            <Match when={model.lost()}>
              {(label) => (
                <div class="blank" role="status">
                  <h2>{`No version ${visibleName(label())}`}</h2>
                  <p>It may have been overwritten or deleted, or it is of a project that is not open.</p>
                  <button type="button" class="link-button" onClick={() => model.close()}>
                    All artifacts
                  </button>
                </div>
              )}
            </Match>
          </Switch>
        </div>
      </Show>
    </div>
  )
}
