import type { Component } from 'solid-js'
import type { Frame } from '../shell/layout.ts'
import { metricsPage } from './metrics.tsx'

export interface PageEntry {
  /** In the address: `#/metrics`. */
  id: string
  label: string
  /** After `g`. */
  key: string
  view: Component<{ frame: Frame }>
}

/** Pages in the order of the nav; the first one is shown when nothing else is asked for. A page is a file and a line here. */
export const pages: readonly PageEntry[] = [metricsPage]
