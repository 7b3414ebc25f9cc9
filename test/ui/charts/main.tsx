import { createEffect, createSignal, For, onCleanup } from 'solid-js'
import { render } from 'solid-js/web'
import { ChartCard } from '../../../src/ui/charts/chart-card.tsx'
import { ChartFullscreen } from '../../../src/ui/charts/chart-fullscreen.tsx'
import { makeFakeView } from './fake-view.ts'
import './main.css'

// Looked at by eye and by test/bench: ?runs=6&columns=3&metrics=a,b&theme=dark&smoothing=10
const asked = new URLSearchParams(location.search)
const metrics = (
  asked.get('metrics') ??
  'train/loss_nan,train/grad_inf,train/lr,train/tokens_per_s,log/z_loss,log/zero,diff,eval/acc,final/score,empty,broken,waiting'
).split(',')
const fake = makeFakeView({
  runs: Number(asked.get('runs') ?? 6),
  delay: Number(asked.get('delay') ?? 0),
  smoothing: Number(asked.get('smoothing') ?? 10),
  theme: asked.get('theme') === 'dark' ? 'dark' : 'light',
})
Object.assign(window, { fake })

const columns = Number(asked.get('columns') ?? 3)

function Page() {
  const [room, setRoom] = createSignal(document.documentElement.clientWidth)
  const resized = () => setRoom(document.documentElement.clientWidth)
  window.addEventListener('resize', resized)
  onCleanup(() => window.removeEventListener('resize', resized))
  createEffect(() => {
    document.documentElement.dataset.theme = fake.view.theme()
  })
  return (
    <>
      <div class="grid" style={{ '--columns': String(columns) }}>
        <For each={metrics}>
          {(metric) => (
            <ChartCard
              metric={metric}
              title={metric.split('/').at(-1) ?? metric}
              view={fake.view}
              width={Math.floor(room() / columns) - 1}
              height={242}
            />
          )}
        </For>
      </div>
      <ChartFullscreen view={fake.view} onLost={() => {}} metrics={metrics} />
    </>
  )
}

const root = document.getElementById('charts')
if (root) render(Page, root)
