import type { Accessor } from 'solid-js'

/** `embed`: in a frame without a sidebar. */
export type Frame = 'full' | 'embed' | 'phone'

/** `over`: the open sidebar lies over the sheet, beside its rail. */
export type SidebarState = 'open' | 'rail' | 'over'

export interface Layout {
  frame: Accessor<Frame>
  sidebar: Accessor<SidebarState>
  toggleSidebar(): void
}
