import { Show } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import type { ArtifactRun } from '../../../model/artifact.ts'
import { useApp } from '../../../state/app.ts'
import { RunLink } from '../../common/run-link.tsx'
import { LineSample } from '../../components/swatch.tsx'

/** A run that made or used something: a link where it is listed, else its name and why it is none. */
export function RunLabel(props: { of: ArtifactRun }) {
  const { runs } = useApp()
  const style = () => (props.of.run === undefined ? undefined : runs.styled(props.of.run)?.style)
  const name = () => visibleName(props.of.name || props.of.id || 'a run without a name')
  return (
    <span class="artifact-run">
      <Show
        when={props.of.run}
        fallback={
          <span title={props.of.project === undefined ? 'No run of this id or name is listed' : undefined}>
            <bdi>{name()}</bdi>
            <em>{props.of.project === undefined ? ' not listed' : ` of ${visibleName(props.of.project)}`}</em>
          </span>
        }
      >
        {(run) => (
          <RunLink run={run()}>
            <Show when={style()}>{(now) => <LineSample color={now().color} dash={now().dash} />}</Show>
            <bdi>{name()}</bdi>
          </RunLink>
        )}
      </Show>
    </span>
  )
}
