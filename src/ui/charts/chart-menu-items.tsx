import { batch, createMemo } from 'solid-js'
import { save } from '../../state/base/save.ts'
import type { ChartGroups } from '../../state/view/chart-context.ts'
import { groupsOf } from '../../state/view/frame-query.ts'
import { type MenuEntry, MenuItems } from '../components/menu-items.tsx'
import type { ChartModel } from './chart-model.ts'

export interface ChartMenuProps {
  model: ChartModel
  onLimits(): void
  onError(message: string): void
}

const RANGES = [
  ['robust', 'Robust range'],
  ['full', 'Full range'],
  ['zero', 'Range from zero'],
] as const

/** What can be set or taken from this one chart. */
export function ChartMenuItems(props: ChartMenuProps & { onFigure(): void }) {
  const { model } = props
  const { view } = model

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      props.onError(error instanceof Error ? error.message : String(error))
    }
  }

  async function png(): Promise<Blob> {
    const { quickPng } = await import('./figure/figure.ts')
    return await quickPng(view, model.metric())
  }

  async function savePng(): Promise<void> {
    const { figureName } = await import('./figure/figure.ts')
    save(await png(), figureName(view, model.metric(), 'png'))
  }

  const items = createMemo((): (MenuEntry | undefined)[] => {
    const metric = model.metric()
    const log = view.yScale(metric) === 'log'
    const range = view.range(metric).kind
    return [
      { text: 'Log y axis', checked: log, onSelect: () => view.setYScale(metric, log ? 'linear' : 'log') },
      undefined,
      ...RANGES.map(([kind, text]) => ({
        text,
        checked: range === kind,
        onSelect: () => view.setRange(metric, { kind }),
      })),
      { text: 'Set limits…', checked: range === 'manual', onSelect: () => props.onLimits() },
      ...(view.hasOwnAxis(metric)
        ? [
            {
              text: 'As the other charts',
              onSelect: () =>
                batch(() => {
                  view.setYScale(metric, undefined)
                  view.setRange(metric, undefined)
                }),
            },
          ]
        : []),
      ...differenceItems(),
      undefined,
      ...(view.isSeveral(metric)
        ? [
            { text: 'Change metrics…', dialog: true, onSelect: () => view.editSeveral(metric) },
            { text: 'Remove chart', onSelect: () => view.removeSeveral(metric) },
          ]
        : [
            {
              text: 'With other metrics…',
              note: 'new chart',
              dialog: true,
              onSelect: () => view.editSeveral(metric),
            },
          ]),
      undefined,
      ...(view.alerts().length > 0
        ? [
            {
              text: 'Alert marks',
              note: 'all charts',
              checked: view.alertMarks(),
              many: true,
              onSelect: () => view.setAlertMarks(!view.alertMarks()),
            },
            undefined,
          ]
        : []),
      {
        text: 'Download CSV',
        note: 'all rows',
        onSelect: () => void attempt(() => view.downloadCsv(metric)),
      },
      ...(grouped() && model.scene()?.query.groups
        ? [
            {
              text: 'Download groups as CSV',
              note: 'with band and n',
              onSelect: () => void attempt(async () => grouped()?.downloadCsv(metric)),
            },
          ]
        : []),
      { text: 'Save figure…', note: 'PNG, SVG', dialog: true, onSelect: () => props.onFigure() },
      { text: 'Download PNG', onSelect: () => void attempt(savePng) },
      {
        text: 'Copy image',
        onSelect: () =>
          void attempt(() => navigator.clipboard.write([new ClipboardItem({ 'image/png': png() })])),
      },
      { text: 'Copy name', onSelect: () => void attempt(() => navigator.clipboard.writeText(metric)) },
    ]
  })

  function grouped(): ChartGroups | undefined {
    const groups = groupsOf(view, model.metric())
    return groups === 'waits' ? undefined : groups
  }

  /** Only where a baseline was chosen. */
  function differenceItems(): (MenuEntry | undefined)[] {
    const groups = grouped()
    if (!groups || groups.baseName() === '') return []
    const on = groups.isDifference(model.metric())
    return [
      undefined,
      {
        text: 'Difference to the baseline',
        checked: on,
        many: true,
        onSelect: () => groups.setDifference(model.metric(), !on),
      },
      ...(on
        ? []
        : [{ text: 'Differences in all charts', onSelect: () => groups.setDifference(undefined, true) }]),
    ]
  }

  return <MenuItems items={items()} />
}
