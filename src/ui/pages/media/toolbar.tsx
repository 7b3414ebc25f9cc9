import { Show } from 'solid-js'
import { MEDIA_WORDS } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import type { MediaModel } from './model.ts'
import { columnOptions, rowOptions } from './sides.ts'

/** Controls of the Media page, in one row. */
export function MediaToolbar(props: { model: MediaModel }) {
  const { runs } = useApp()
  const { model } = props
  return (
    <div class="toolbar own" role="toolbar" aria-label="Media">
      <SearchField
        label="Search keys and captions"
        placeholder="Search keys, captions"
        hint="/"
        value={model.own().q ?? ''}
        onInput={(q) => model.set({ q })}
      >
        <Show when={model.searched()}>
          <span class="found">{formatCount(model.found().length)}</span>
        </Show>
      </SearchField>
      <span class="control media-choice">
        <span class="word">Rows</span>
        <Select
          label="Rows"
          value={model.own().rows || 'run'}
          options={rowOptions(runs.configKeys())}
          onChange={(rows) => model.set({ rows: rows === 'run' ? '' : rows })}
        />
      </span>
      <span class="control media-choice">
        <span class="word">Columns</span>
        <Select
          label="Columns"
          value={model.own().cols || 'step'}
          options={columnOptions(runs.configKeys())}
          onChange={(cols) => model.set({ cols: cols === 'step' ? '' : cols })}
        />
      </span>
      <span class="control">
        <span class="word">Show</span>
        <Select
          label="Show"
          value={model.show() ?? ''}
          options={[
            { value: '', text: 'All' },
            ...model.kinds().map((kind) => ({ value: kind, text: MEDIA_WORDS[kind][2] })),
          ]}
          onChange={(show) => model.set({ show })}
        />
      </span>
      <span class="control media-choice">
        <span class="word">Size</span>
        <Segmented
          label="Size"
          value={model.own().size || 'm'}
          options={[
            { value: 's', text: 'S', name: 'S, small' },
            { value: 'm', text: 'M', name: 'M, medium' },
            { value: 'l', text: 'L', name: 'L, large' },
          ]}
          onChange={(size) => model.set({ size: size === 'm' ? '' : size })}
        />
      </span>
      <span class="gap" />
      <Show when={model.chosen().length > 0}>
        <button type="button" class="text-button" onClick={model.clearChosen}>
          Clear
        </button>
      </Show>
      <button
        type="button"
        class="button primary"
        disabled={model.chosen().length === 0}
        title="Choose values by their corner, or by Space"
        onClick={() => model.open(model.chosen())}
      >
        {model.chosen().length === 0 ? 'Compare' : `Compare ${formatCount(model.chosen().length)}`}
      </button>
    </div>
  )
}
