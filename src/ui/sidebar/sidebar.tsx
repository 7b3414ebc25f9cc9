import { createSignal, For, Show } from 'solid-js'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import type { Layout } from '../common/layout.ts'
import { Icon, Mark } from '../components/icon.tsx'
import { Swatch } from '../components/swatch.tsx'
import { ChartSettings } from './chart-settings.tsx'
import { RunsPanel } from './runs-panel.tsx'
import { SourceBlock } from './source-block.tsx'

/** Project, source, runs and chart settings; or the rail that stands for them. */
export function Sidebar(props: { layout: Layout }) {
  // each of the two buttons goes when it is pressed: the other one takes the focus
  const toggle = () => {
    props.layout.toggleSidebar()
    document
      .querySelector<HTMLElement>(props.layout.sidebar() === 'rail' ? '.rail-bar button' : '.brand button')
      ?.focus()
  }
  return (
    <aside aria-label="Runs and source" style={{ display: 'contents' }}>
      <Show when={props.layout.sidebar() !== 'open'}>
        <Rail onOpen={toggle} />
      </Show>
      <Show when={props.layout.sidebar() !== 'rail'}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Esc only closes what lies over the sheet */}
        <div
          class="side"
          classList={{ over: props.layout.sidebar() === 'over' }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && props.layout.sidebar() === 'over' && !event.defaultPrevented)
              toggle()
          }}
        >
          <div class="brand">
            <Mark />
            <b>Trackio Lite</b>
            <span class="gap" />
            <button
              type="button"
              class="icon-button"
              aria-label="Collapse sidebar"
              title="Collapse sidebar (\)"
              onClick={toggle}
            >
              <Icon name="side" />
            </button>
          </div>
          <SourceBlock />
          <RunsPanel />
          <ChartSettings />
          <Resizer />
        </div>
      </Show>
    </aside>
  )
}

const RAIL_RUNS = 16

function Rail(props: { onOpen(): void }) {
  const { runs } = useApp()
  return (
    <div class="rail-bar">
      <button
        type="button"
        class="icon-button"
        aria-label="Open sidebar"
        title="Open sidebar (\)"
        onClick={() => props.onOpen()}
      >
        <Icon name="side" />
      </button>
      <For each={runs.shown().slice(-RAIL_RUNS).reverse()}>
        {(run) => (
          <span title={visibleName(run.name)}>
            <Swatch color={run.style.color} dash={run.style.dash} on={true} />
          </span>
        )}
      </For>
    </div>
  )
}

/** The right edge, dragged from 220 to 420. */
function Resizer() {
  const { preferences } = useApp()
  const [from, setFrom] = createSignal<number>()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a convenience of the mouse; every name is also in its title
    <div
      class="resizer"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setFrom(event.clientX - preferences.value().sidebarWidth)
      }}
      onPointerMove={(event) => {
        const start = from()
        if (start !== undefined)
          preferences.set({ sidebarWidth: Math.round(Math.min(420, Math.max(220, event.clientX - start))) })
      }}
      onPointerUp={() => setFrom(undefined)}
      onDblClick={() => preferences.set({ sidebarWidth: 264 })}
    />
  )
}
