import { visibleName } from '../../../compute/visible-name.ts'
import type { Json } from '../../../model/run.ts'
import { exact } from '../runs/cells.ts'

/** Letters of a long text that a cell may show. */
const FIRST = 200

/** A value of a config as it was set; texts that look like other values stand in quotes. */
export function configText(value: Json | undefined): string {
  if (value === undefined) return 'not set'
  if (typeof value === 'number') return exact(value)
  if (typeof value !== 'string') return JSON.stringify(value)
  if (value === '' || /^(-?[\d.]+(e[-+]?\d+)?|true|false|null|not set|\[\]|\{\})$/i.test(value))
    return JSON.stringify(value)
  return visibleName(value.length > FIRST ? `${value.slice(0, FIRST)}…` : value)
}
