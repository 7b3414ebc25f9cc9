import { createMemo, createSignal } from 'solid-js'
import {
  type AlertFilter,
  type AlertOrder,
  type AlertRow,
  countLevels,
  filterAlerts,
  foldAlerts,
  sortAlerts,
  stepsAround,
} from '../../../compute/alert-list.ts'
import { quote } from '../../../compute/csv-cells.ts'
import { fileName } from '../../../compute/file-name.ts'
import { ALERT_LEVELS } from '../../../model/alert.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { ALERTS } from '../ids.ts'

export type AlertList = ReturnType<typeof createAlertList>

/** What is listed: by the page's own parameters of the address, and by which runs are shown. */
export function createAlertList() {
  const { location, alerts, runs, view, sources } = useApp()
  const own = createMemo((): Own => location.view().own[ALERTS] ?? {})
  const [selected, setSelected] = createSignal<string>()
  const all = createMemo(() => alerts()?.all() ?? [])
  const filter = createMemo(
    (): AlertFilter => ({
      text: own().q ?? '',
      level: ALERT_LEVELS.find((level) => level === own().level),
      run: own().run || undefined,
      shown: own().only === 'shown',
    }),
  )
  const folded = () => own().fold !== 'off'
  const order = createMemo((): { by: AlertOrder; descending: boolean } => {
    const text = own().sort || '-time'
    const by = ORDERS.find((name) => text.endsWith(name)) ?? 'time'
    return { by, descending: text.startsWith('-') }
  })
  const ofAnyLevel = createMemo(() => filterAlerts(all(), { ...filter(), level: undefined }, runs.isShown))
  const listed = createMemo(() => {
    const { level } = filter()
    return level === undefined ? ofAnyLevel() : ofAnyLevel().filter((alert) => alert.level === level)
  })
  const rows = createMemo(() => sortAlerts(foldAlerts(listed(), folded()), order().by, order().descending))
  const byId = createMemo(() => new Map(rows().map((row) => [row.id, row])))

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [ALERTS]: { ...before[ALERTS], ...change } } })
  }

  /** Where the charts show it; undefined for what has no step, and for runs that are not listed. */
  function steps(row: AlertRow | undefined): [number, number] | undefined {
    const run = row?.alert.run === undefined ? undefined : runs.byKey().get(row.alert.run)
    return row && run && row.first !== null && row.last !== null
      ? stepsAround(row.first, row.last, run)
      : undefined
  }

  return {
    all,
    filter,
    folded,
    order,
    ofAnyLevel,
    listed,
    rows,
    byId,
    counts: createMemo(() => countLevels(ofAnyLevel())),
    isFiltered: () => listed().length < all().length,
    set,
    clear: () => set({ q: '', level: '', run: '', only: '' }),
    /** By a head that was clicked: the other way round the second time. */
    sort(by: AlertOrder) {
      const now = order()
      const descending = now.by === by ? !now.descending : by === 'time' || by === 'level'
      set({ sort: by === 'time' && descending ? '' : `${descending ? '-' : ''}${by}` })
    },
    selected: createMemo(() => byId().get(selected() ?? '')),
    select: setSelected,
    steps,
    /** Goes to the charts, at these steps; its run is drawn then, whatever was hidden. */
    showOnCharts(row: AlertRow | undefined) {
      const around = steps(row)
      if (!row || !around) return
      const { run = '' } = row.alert
      if (!runs.isShown(run)) runs.set([run], true)
      if (!runs.shown().some(({ key }) => key === run)) location.patch({ follow: false })
      // a logarithmic axis has no place for 0
      const min = view.xScale() === 'log' && around[0] <= 0 ? undefined : around[0]
      view.setZoom({ min, max: around[1] })
      location.patch({ x: { kind: 'step' }, fullscreen: undefined, page: location.pages.home })
    },
    /** Every alert that passes the filter, repeats too, in the order of the list. */
    download() {
      const lines = sortAlerts(foldAlerts(listed(), false), order().by, order().descending).map(
        ({ alert }) => {
          const id = alert.run === undefined ? '' : (runs.byKey().get(alert.run)?.id ?? '')
          const cells = [
            alert.stored,
            alert.timestamp,
            alert.runName,
            id,
            alert.step === null ? '' : String(alert.step),
            alert.title,
          ]
          return [...cells, alert.text ?? ''].map(quote).join(',')
        },
      )
      const text = `level,timestamp,run,run_id,step,title,text\n${lines.map((line) => `${line}\n`).join('')}`
      save(new Blob([text], { type: 'text/csv' }), fileName([sources.project()?.name ?? '', 'alerts'], 'csv'))
    },
  }
}

const ORDERS = ['time', 'step', 'level', 'run'] as const
