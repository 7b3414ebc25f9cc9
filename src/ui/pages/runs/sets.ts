import { type Accessor, createMemo } from 'solid-js'
import { type ColumnSpec, formatColumns } from '../../../compute/run-columns.ts'
import type { Own } from '../../../state/address/link.ts'

/** A saved choice of columns, as the link has them. */
export interface ColumnSet {
  name: string
  cols: string
}

/** `name=columns;name=columns`; names have neither sign, columns spell a semicolon `%3B`. */
export function formatSets(sets: readonly ColumnSet[]): string {
  return sets.map(({ name, cols }) => `${name}=${cols.replaceAll(';', '%3B')}`).join(';')
}

/** What is no set is left out. */
export function parseSets(text: string): ColumnSet[] {
  return text.split(';').flatMap((part) => {
    const at = part.indexOf('=')
    const [name, cols] = [part.slice(0, at), part.slice(at + 1).replaceAll('%3B', ';')]
    return at > 0 && cols !== '' ? [{ name, cols }] : []
  })
}

/** The saved sets of columns. */
export function createSets(
  own: Accessor<Own>,
  set: (change: Own) => void,
  specs: Accessor<readonly ColumnSpec[]>,
) {
  const all = createMemo(() => parseSets(own().sets ?? ''))
  const cols = () => formatColumns(specs())
  return {
    names: createMemo(() => all().map(({ name }) => name)),
    current: () => all().find((one) => one.cols === own().cols)?.name,
    choose(name: string) {
      const found = all().find((one) => one.name === name)
      if (found) set({ cols: found.cols })
    },
    /** In the place of one that has the name. */
    save(text: string) {
      const name = text.trim().replace(/[=;]/g, ' ')
      const saved = { name, cols: cols() }
      const known = all().some((one) => one.name === name)
      const next = known ? all().map((one) => (one.name === name ? saved : one)) : [...all(), saved]
      set({ sets: formatSets(next), cols: saved.cols })
    },
    forget: (name: string) => set({ sets: formatSets(all().filter((one) => one.name !== name)) }),
  }
}
