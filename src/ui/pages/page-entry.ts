import type { Component } from 'solid-js'
import type { PageCount, PageRule } from '../../state/address/page-rules.ts'
import type { App } from '../../state/app.ts'
import type { Frame } from '../common/layout.ts'

export interface PageProps {
  frame: Frame
  /** Shows the list of keys. */
  onKeys(): void
  /** Opens the palette. */
  onPalette(): void
}

export interface PageEntry extends PageRule {
  label: string
  /** What comes later is a lazy one: the page is not settled until it is here. */
  view: Component<PageProps> & { preload?(): Promise<unknown> }
  /** Undefined for none, and for what is not known yet. A page without this has no number. */
  count?(app: App): PageCount | undefined
  /** Whether the project holds anything for it. A page without this is always of use. */
  holds?(app: App): boolean
  /** What it tells on every page, once there is something to tell of. */
  news?: Component
  /** Where nobody has chosen otherwise, its table has the room of the sidebar. */
  rail?: true
}
