import { createEffect, createSignal, lazy, on, Show, Suspense } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { Icon } from '../components/icon.tsx'

const Form = lazy(async () => ({ default: (await import('./chart-settings-form.tsx')).ChartSettingsForm }))

/** The foot of the sidebar and the panel that opens upward from it. */
export function ChartSettings() {
  const { settled } = useApp()
  const [open, setOpen] = createSignal(false)
  // there before it is opened, also where whoever served the page has gone
  createEffect(on(settled.ready, (ready) => ready && void Form.preload()))
  let foot: HTMLButtonElement | undefined
  return (
    <>
      <Show when={open()}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Esc only closes what the button opened */}
        <div
          class="settings-panel"
          id="chart-settings"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            setOpen(false)
            foot?.focus()
            event.stopPropagation()
          }}
        >
          <Suspense>
            <Form />
          </Suspense>
        </div>
      </Show>
      <button
        type="button"
        ref={foot}
        class="side-foot"
        aria-expanded={open()}
        aria-controls="chart-settings"
        onClick={() => setOpen(!open())}
      >
        <Icon name="sliders" />
        Chart settings
        <span class="gap" />
        <Icon name={open() ? 'down' : 'right'} />
      </button>
    </>
  )
}
