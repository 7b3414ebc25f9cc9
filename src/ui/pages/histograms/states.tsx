import { Match, Show, Switch } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { HiddenHave } from '../../common/hidden-have.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { NoneShown } from '../metrics/none-shown.tsx'
import type { HistogramsModel } from './model.ts'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)})
trackio.log({"grads/layer3": trackio.Histogram(layer.weight.grad)})`

/** In place of cards: what is waited for, what failed, or why there are none. */
export function HistogramsBlank(props: { model: HistogramsModel }) {
  const { model } = props
  const { runs, data, sources } = useApp()
  const hidden = () => model.hiddenWith()
  return (
    <Switch>
      <Match when={model.index.error()}>
        {(cause) => (
          <div class="blank" role="alert">
            <h2>Could not find the histograms</h2>
            <pre>{cause()}</pre>
            <button type="button" class="button" onClick={model.index.retry}>
              Retry
            </button>
          </div>
        )}
      </Match>
      <Match when={!model.index.answer() && data.status().kind !== 'failed'}>
        <div class="system-wait patient">
          <ProgressLine label="Histograms" share={undefined} words="looking for histograms" />
        </div>
      </Match>
      <Match when={model.index.answer() && model.keys().length === 0}>
        <div class="blank" role="status">
          <h2>No histograms logged</h2>
          <p>
            {model.index.answer()?.complete
              ? 'They appear here when a run logs some:'
              : 'None in the rows read so far. They appear here when a run logs some:'}
          </p>
          <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
        </div>
      </Match>
      <Match when={runs.noneDrawn() || model.shown().length === 0}>
        <div class="system-none">
          <NoneShown />
        </div>
      </Match>
      <Match when={model.index.answer() && model.searched().length === 0}>
        <div class="blank" role="status">
          <Show
            when={(model.own().q ?? '') === ''}
            fallback={
              <>
                <h2>No histogram matches</h2>
                <button type="button" class="link-button" onClick={() => model.set({ q: '' })}>
                  Clear search
                </button>
              </>
            }
          >
            <h2>No histogram in the shown runs</h2>
            <HiddenHave runs={hidden()} what="some" />
          </Show>
        </div>
      </Match>
    </Switch>
  )
}
