import { type Accessor, createEffect, createSignal, on, type Setter } from 'solid-js'
import { focusLost, focusWhenThere } from '../components/focus.ts'

/** Picture or table, and the keys for the one that comes: what had the focus went with the other. */
export function createTableSwitch(host: () => HTMLElement | undefined): [Accessor<boolean>, Setter<boolean>] {
  const [table, setTable] = createSignal(false)
  createEffect(
    on(
      table,
      () => {
        const within = host()
        if (within && focusLost()) focusWhenThere(within, '.chart-table, .chart-overlay')
      },
      { defer: true },
    ),
  )
  return [table, setTable]
}
