import { directionOf } from '../../compute/metric-words.ts'
import { useApp } from '../../state/app.ts'
import { MenuItems } from '../components/menu-items.tsx'
import { Segmented } from '../components/segmented.tsx'
import { Select } from '../components/select.tsx'
import { ColorBySelect } from './color-by.tsx'

/** The number beside each run, the order of the list, and what colours mean. */
export function ValueOrder() {
  const { runs, metrics, location } = useApp()
  const sorted = () => location.view().rank !== undefined
  return (
    <>
      <div class="form">
        <span class="control">
          Value
          <Select
            label="Ranking metric"
            value={runs.rank()?.metric ?? ''}
            options={metrics.names().map((name) => ({ value: name, text: name }))}
            onChange={(metric) => location.patch({ rank: { metric, by: directionOf(metric) ?? 'last' } })}
          />
        </span>
        <Segmented
          label="Ranking value"
          value={runs.rank()?.by ?? 'min'}
          options={[
            { value: 'min', text: 'Min' },
            { value: 'max', text: 'Max' },
            { value: 'last', text: 'Last' },
          ]}
          onChange={(by) => {
            const metric = runs.rank()?.metric ?? metrics.names()[0]
            if (metric !== undefined) location.patch({ rank: { metric, by } })
          }}
        />
      </div>
      <div class="form">
        <ColorBySelect />
      </div>
      <hr class="menu-rule" style={{ border: 0 }} />
      <MenuItems
        plain
        items={[
          { text: 'Newest first', checked: !sorted(), onSelect: () => location.patch({ rank: undefined }) },
          {
            text: 'Best first',
            checked: sorted(),
            disabled: !runs.rank(),
            onSelect: () => location.patch({ rank: runs.rank() }),
          },
          undefined,
          { text: 'Spread colours over shown runs', onSelect: () => runs.spreadColors() },
          { text: 'Own colours again', onSelect: () => location.patch({ slots: {}, colorBy: undefined }) },
        ]}
      />
    </>
  )
}
