import { DropdownMenu } from '@kobalte/core/dropdown-menu'
import { createSignal } from 'solid-js'
import { ChartIcon } from './chart-icons.tsx'
import type { ChartModel } from './chart-model.ts'
import { download, fileName, renderPng } from './export-png.ts'

export interface ChartMenuProps {
  model: ChartModel
  mount?: HTMLElement
  onLimits(): void
  onError(message: string): void
}

const RANGES = [
  ['robust', 'Robust'],
  ['full', 'Full'],
  ['zero', 'From zero'],
] as const

/** "More": what can be set or taken from this one chart. */
export function ChartMenu(props: ChartMenuProps) {
  const { model } = props
  const { view } = model
  const [open, setOpen] = createSignal(false)

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      props.onError(error instanceof Error ? error.message : String(error))
    }
  }

  async function png(): Promise<Blob> {
    const drawn = model.drawn()
    if (!drawn) throw new Error(`${model.metric()}: nothing is drawn yet`)
    return await renderPng(drawn, model.metric(), view)
  }

  function range(value: string): void {
    if (value === 'manual') props.onLimits()
    for (const [kind] of RANGES) if (kind === value) view.setRange(model.metric(), { kind })
  }

  return (
    <DropdownMenu open={open()} onOpenChange={setOpen} gutter={2} placement="bottom-end" modal={false}>
      <DropdownMenu.Trigger class="chart-tool" aria-label="More" title="More">
        <ChartIcon name="more" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal mount={props.mount}>
        <DropdownMenu.Content class="chart-menu">
          <DropdownMenu.CheckboxItem
            class="chart-menu-item"
            checked={view.yScale(model.metric()) === 'log'}
            onChange={(log: boolean) => view.setYScale(model.metric(), log ? 'log' : 'linear')}
          >
            Log y axis
          </DropdownMenu.CheckboxItem>
          <DropdownMenu.Separator class="chart-menu-rule" />
          <DropdownMenu.RadioGroup value={view.range(model.metric()).kind} onChange={range}>
            {RANGES.map(([kind, word]) => (
              <DropdownMenu.RadioItem class="chart-menu-item" value={kind}>
                {word}
              </DropdownMenu.RadioItem>
            ))}
            <DropdownMenu.RadioItem class="chart-menu-item" value="manual" onSelect={() => props.onLimits()}>
              Set limits…
            </DropdownMenu.RadioItem>
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator class="chart-menu-rule" />
          <DropdownMenu.Item class="chart-menu-item" onSelect={() => void attempt(() => view.downloadCsv(model.metric()))}>
            Download CSV, all rows
          </DropdownMenu.Item>
          <DropdownMenu.Item
            class="chart-menu-item"
            onSelect={() => void attempt(async () => download(await png(), fileName(model.metric(), 'png')))}
          >
            Download PNG
          </DropdownMenu.Item>
          <DropdownMenu.Item
            class="chart-menu-item"
            onSelect={() => void attempt(() => navigator.clipboard.write([new ClipboardItem({ 'image/png': png() })]))}
          >
            Copy image
          </DropdownMenu.Item>
          <DropdownMenu.Item class="chart-menu-item" onSelect={() => void attempt(() => navigator.clipboard.writeText(model.metric()))}>
            Copy name
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  )
}
