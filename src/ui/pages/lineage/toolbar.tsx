import { createMemo, createSignal, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { Lineage } from '../../../model/lineage.ts'
import { ArtifactViews } from '../../common/artifact-views.tsx'
import { Icon } from '../../components/icon.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { type GraphControl, ZOOM_STEP } from './graph-view.tsx'
import { FOLDS, type LineageModel } from './model.ts'

export interface FindControl {
  at: number | undefined
  walk(by: 1 | -1): void
}

export function LineageToolbar(props: {
  model: LineageModel
  graph: GraphControl | undefined
  find: FindControl
  embed: boolean
  onField(field: HTMLInputElement): void
}) {
  const { model } = props
  // thousands of options are made when somebody looks for one of them
  const [opened, setOpened] = createSignal<Lineage>()
  const groups = createMemo(() => {
    const now = model.lineage()
    return now && opened() === now ? model.choices(now.nodes.keys()) : []
  })
  const folds = () => [
    ...[...new Set([...FOLDS, ...(model.least() > 0 ? [model.least()] : [])])]
      .sort((a, b) => a - b)
      .map((least) => ({ value: String(least), text: `siblings from ${least}` })),
    { value: 'off', text: 'nothing' },
  ]
  const hits = () => model.found()?.length
  const found = () => {
    const count = hits()
    if (count === undefined) return ''
    return props.find.at === undefined || count === 0
      ? formatCount(count)
      : `${formatCount(props.find.at + 1)} of ${formatCount(count)}`
  }
  return (
    <div class="toolbar own">
      <Show when={!props.embed}>
        <ArtifactViews />
      </Show>
      <Show when={model.around() !== undefined}>
        <span class="control around">
          <span class="word">Around</span>
          <Select
            label="Around"
            value={model.node(model.around())?.key ?? ''}
            options={groups().length > 0 ? [] : model.choice(model.around())}
            groups={groups()}
            onOpen={() => setOpened(model.lineage())}
            onChange={(around) => model.set({ around, node: '' })}
          />
        </span>
        <span class="control show">
          <span class="word">Show</span>
          <Segmented
            label="Show"
            options={[
              { value: 'all', text: 'All' },
              { value: 'from', text: 'Made from' },
              { value: 'of', text: 'Made of it' },
            ]}
            value={model.show()}
            onChange={(show) => model.set({ show: show === 'all' ? '' : show })}
          />
        </span>
        <span class="control fold">
          <span class="word">Fold</span>
          <Select
            label="Fold"
            value={model.least() === 0 ? 'off' : String(model.least())}
            options={folds()}
            onChange={(fold) => model.set({ fold: fold === '5' ? '' : fold, open: '' })}
          />
        </span>
        <span class="control as">
          <span class="word">As</span>
          <Segmented
            label="As"
            options={[
              { value: 'graph', text: 'Graph' },
              { value: 'list', text: 'List' },
            ]}
            value={model.isList() ? 'list' : 'graph'}
            onChange={(as) => model.set({ as: as === 'list' ? as : '' })}
          />
        </span>
        <SearchField
          label="Find a version or run"
          placeholder="Find"
          hint="f"
          ref={(field) => props.onField(field)}
          value={model.param.find() ?? ''}
          onInput={(find) => model.set({ find })}
        >
          <span class="found" role="status">
            {found()}
          </span>
        </SearchField>
        <span class="gap" />
        <Show when={!model.isList() && props.graph}>
          {(graph) => (
            <span class="zoom">
              <button
                type="button"
                class="icon-button"
                aria-label="Zoom out"
                title="−"
                onClick={() => graph().zoom(1 / ZOOM_STEP)}
              >
                <Icon name="minus" />
              </button>
              <span class="scale">{`${Math.round(graph().scale() * 100)} %`}</span>
              <button
                type="button"
                class="icon-button"
                aria-label="Zoom in"
                title="+"
                onClick={() => graph().zoom(ZOOM_STEP)}
              >
                <Icon name="plus" />
              </button>
              <button type="button" class="button slim" title="0" onClick={() => graph().fit()}>
                Fit
              </button>
            </span>
          )}
        </Show>
      </Show>
    </div>
  )
}
