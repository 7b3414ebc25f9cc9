import { Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'

/** Over the sheet when there are runs and none is drawn: why, and the way back. */
export function NoneShown() {
  const { runs, location } = useApp()
  return (
    <Show
      when={runs.noneDrawn()}
      fallback={
        <div class="blank over">
          <h2>No runs shown</h2>
          <button type="button" class="link-button" onClick={() => runs.showNewest()}>
            {runs.all().length > 50
              ? 'Show newest 50'
              : `Show ${runs.all().length === 1 ? 'it' : `all ${runs.all().length}`}`}
          </button>
        </div>
      }
    >
      <div class="blank over">
        <Show when={runs.listed().length > 0} fallback={<h2>No run matches</h2>}>
          <h2>No run that matches is shown</h2>
          <p>
            <button type="button" class="link-button" onClick={() => runs.set(runs.listed(), true)}>
              {runs.listed().length === 1
                ? 'Show it'
                : `Show the ${formatCount(runs.listed().length)} that match`}
            </button>
          </p>
        </Show>
        <button type="button" class="link-button" onClick={() => location.patch({ filter: '' })}>
          Clear filter
        </button>
      </div>
    </Show>
  )
}
