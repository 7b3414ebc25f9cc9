import { createSignal, lazy, onCleanup, onMount, Show, Suspense } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { MenuItems, Popover } from '../../components/popover.tsx'
import {
  ColumnsControl,
  MetricSearch,
  RangeControl,
  SmoothingControl,
  XControl,
  XScaleControl,
  YScaleControl,
} from './controls.tsx'

// few projects have one, and it stands in a menu
const UnderControl = lazy(async () => ({ default: (await import('./under-control.tsx')).UnderControl }))

/** Bar widths below which a control moves into "More"; Search, Smoothing and X always stay. */
const FITS = { columns: 940, range: 760, y: 590, x: 470 }
const TIGHT = 1120

/** Controls of the Metrics page, in one row. */
export function Toolbar(props: { onFold(fold: boolean): void }) {
  const { view, location, arrangement } = useApp()
  const zoom = location.field('zoom')
  const [width, setWidth] = createSignal(2000)
  // the entry goes with what it did: its popover gives the focus back first
  const defaultOrder = () => {
    bar?.querySelector<HTMLElement>(':popover-open')?.hidePopover()
    arrangement.resetOrder()
  }
  let bar: HTMLDivElement | undefined
  onMount(() => {
    if (!bar) return
    const sized = new ResizeObserver(() => setWidth(bar?.clientWidth ?? 0))
    sized.observe(bar)
    onCleanup(() => sized.disconnect())
  })
  return (
    <div class="toolbar" classList={{ tight: width() < TIGHT }} role="toolbar" aria-label="Metrics" ref={bar}>
      <MetricSearch />
      <SmoothingControl />
      <Show when={width() >= FITS.x}>
        <XControl />
      </Show>
      <Show when={width() >= FITS.y}>
        <YScaleControl />
      </Show>
      <Show when={width() >= FITS.range}>
        <RangeControl />
      </Show>
      <Show when={width() >= FITS.columns}>
        <ColumnsControl />
      </Show>
      <span class="gap" />
      <Show when={zoom()}>
        <Show
          when={width() >= TIGHT + 100}
          fallback={
            <button
              type="button"
              class="icon-button"
              aria-label="Reset zoom"
              title="Reset zoom (0)"
              onClick={() => view.setZoom(undefined)}
            >
              <Icon name="reset" />
            </button>
          }
        >
          <button
            type="button"
            class="text-button"
            title="Reset zoom (0)"
            onClick={() => view.setZoom(undefined)}
          >
            Reset zoom
          </button>
        </Show>
      </Show>
      <Popover label="More controls" class="icon-button" title="More" button={<Icon name="more" />}>
        <div class="form">
          <Show when={width() < FITS.x}>
            <XControl />
          </Show>
          <XScaleControl />
          <Suspense>
            <UnderControl />
          </Suspense>
          <Show when={width() < FITS.y}>
            <YScaleControl />
          </Show>
          <Show when={width() < FITS.range}>
            <RangeControl />
          </Show>
          <Show when={width() < FITS.columns}>
            <ColumnsControl />
          </Show>
        </div>
        <hr class="menu-rule" style={{ border: 0 }} />
        <MenuItems
          plain
          items={[
            { text: 'Zoom back', note: '[', onSelect: view.zoomBack },
            { text: 'Zoom forward', note: ']', onSelect: view.zoomForward },
            undefined,
            { text: 'Fold all sections', onSelect: () => props.onFold(true) },
            { text: 'Unfold all sections', onSelect: () => props.onFold(false) },
            ...(arrangement.isOrdered()
              ? [undefined, { text: 'Default order', onSelect: defaultOrder }]
              : []),
          ]}
        />
      </Popover>
    </div>
  )
}
