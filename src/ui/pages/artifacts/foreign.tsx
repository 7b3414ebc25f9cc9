import { For, Show } from 'solid-js'
import type { ForeignVersion } from '../../../compute/artifact-list.ts'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { canonicalProject } from '../../../model/project-name.ts'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import type { ArtifactsModel } from './model.ts'
import { RunLabel } from './run-label.tsx'

/** A version of a project that is not on screen: what the runs that used it say of it. */
export function ForeignView(props: { model: ArtifactsModel; of: ForeignVersion; narrow: boolean }) {
  const { sources } = useApp()
  const open = () => sources.projects().filter(({ name }) => canonicalProject(name) === props.of.source)
  const users = () => props.of.links.filter(({ direction }) => direction === 'input')
  return (
    <>
      <header class="artifact-head">
        <Show when={props.narrow}>
          <button
            type="button"
            class="icon-button"
            aria-label="All artifacts"
            onClick={() => props.model.close()}
          >
            <Icon name="left" />
          </button>
        </Show>
        <h2>
          <bdi>{visibleName(`${props.of.source}/${props.of.artifact}`)}</bdi>
          <i>:</i>
          {`v${props.of.version}`}
        </h2>
        <span class="type">{visibleName(props.of.type)}</span>
      </header>
      <div class="artifact-scroll artifact-foreign">
        <p>
          {`${formatBytes(props.of.bytes)}, used by ${formatPlural(users().length, 'run')} of this project:`}
        </p>
        <ul>
          <For each={users()}>
            {(link) => (
              <li>
                <RunLabel of={link} />
                <Show when={link.run}>
                  {(run) => (
                    <button type="button" class="link-button" onClick={() => props.model.showCurves(run())}>
                      Curves
                    </button>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show
          when={open().length > 0}
          fallback={
            <p>{`Its files and the run that made it are in the project ${visibleName(props.of.source)}, which is not open.`}</p>
          }
        >
          <p>
            {`Its files and the run that made it are in the project ${visibleName(props.of.source)}. `}
            <For each={open()}>
              {({ id }) => (
                <button type="button" class="link-button" onClick={() => sources.setBeside(id, true)}>
                  Put it beside this one
                </button>
              )}
            </For>
          </p>
        </Show>
      </div>
    </>
  )
}
