import { Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { MenuItems } from '../../components/menu-items.tsx'
import {
  ColumnsControl,
  RangeControl,
  XControl,
  XScaleControl,
  YScaleControl,
  zoomItems,
} from './controls.tsx'
import { UnderControl } from './under-control.tsx'

export interface ToolbarMoreProps {
  /** Of the bar, and from which on a control has its place in it, CSS pixels. */
  width: number
  fits: { columns: number; range: number; y: number; x: number }
  bar(): HTMLElement | undefined
  onFold(fold: boolean): void
}

/** What has no place in the toolbar: the controls that do not fit, and what is seldom done. */
export function ToolbarMore(props: ToolbarMoreProps) {
  const { view, arrangement } = useApp()
  // the entry goes with what it did: its popover gives the focus back first
  const defaultOrder = () => {
    props.bar()?.querySelector<HTMLElement>(':popover-open')?.hidePopover()
    arrangement.resetOrder()
  }
  return (
    <>
      <div class="form">
        <Show when={props.width < props.fits.x}>
          <XControl />
        </Show>
        <XScaleControl />
        <UnderControl />
        <Show when={props.width < props.fits.y}>
          <YScaleControl />
        </Show>
        <Show when={props.width < props.fits.range}>
          <RangeControl />
        </Show>
        <Show when={props.width < props.fits.columns}>
          <ColumnsControl />
        </Show>
      </div>
      <hr class="menu-rule" style={{ border: 0 }} />
      <MenuItems
        plain
        items={[
          ...zoomItems(view),
          undefined,
          { text: 'Chart of several metrics…', dialog: true, onSelect: () => view.editSeveral('') },
          undefined,
          { text: 'Fold all sections', onSelect: () => props.onFold(true) },
          { text: 'Unfold all sections', onSelect: () => props.onFold(false) },
          ...(arrangement.isOrdered() ? [undefined, { text: 'Default order', onSelect: defaultOrder }] : []),
        ]}
      />
    </>
  )
}
