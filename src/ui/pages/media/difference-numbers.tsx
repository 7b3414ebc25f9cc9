import { createEffect, createMemo, createSignal, For, onCleanup, Show } from 'solid-js'
import type { DifferenceNumbers } from '../../../compute/image-difference.ts'
import { formatCount, formatFixed } from '../../../compute/number.ts'
import { asUsual } from '../../../compute/number-style.ts'
import { isAbort } from '../../../model/errors.ts'
import { copyText } from '../../common/clipboard.ts'
import { type Measured, measure } from './measure.ts'
import { type PictureViews, placeOf } from './picture-view.ts'

const MINUS = '\u2212'

/** What two pictures differ in: of the whole, by channel, and of the part in view. */
export function DifferenceNumbersList(props: {
  measured: Measured | undefined
  a: ImageBitmap | undefined
  b: ImageBitmap | undefined
  views: PictureViews
}) {
  const lines = createMemo(() => (props.measured ? linesOf(props.measured.numbers) : []))
  /** Of the third pane, whose view is that of all while they are linked. */
  const part = createMemo(
    () => {
      const [one, other] = [props.a, props.b]
      const view = props.views.of(2)
      if (!one || !other || one.width !== other.width || one.height !== other.height || view.zoom <= 1.001)
        return undefined
      const pane = document.querySelector('.pane[aria-label="Difference"] .picture-pane')
      if (!pane) return undefined
      const { left, top, scale } = placeOf(view, one, { width: pane.clientWidth, height: pane.clientHeight })
      const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value))
      const [x, y] = [
        clamp(Math.floor(-left / scale), one.width - 1),
        clamp(Math.floor(-top / scale), one.height - 1),
      ]
      const right = clamp(Math.ceil((pane.clientWidth - left) / scale), one.width)
      const bottom = clamp(Math.ceil((pane.clientHeight - top) / scale), one.height)
      return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) }
    },
    undefined,
    { equals: (p, q) => JSON.stringify(p) === JSON.stringify(q) },
  )
  const [inView, setInView] = createSignal<DifferenceNumbers>()
  createEffect(() => {
    const [one, other, now] = [props.a, props.b, part()]
    if (!one || !other || !now || !props.measured) return void setInView(undefined)
    const abort = new AbortController()
    measure(one, other, { signal: abort.signal, part: now }).then(
      ({ numbers }) => !abort.signal.aborted && setInView(numbers),
      (error: unknown) => {
        if (!isAbort(error)) throw error
      },
    )
    onCleanup(() => abort.abort())
  })
  const bins = createMemo(() => {
    const counts = props.measured?.histogram
    if (!counts) return []
    const tens = Array.from({ length: 26 }, () => 0)
    counts.forEach((n, value) => {
      tens[Math.floor(value / 10)] = (tens[Math.floor(value / 10)] ?? 0) + n
    })
    const most = Math.max(...tens, 1)
    return tens.map((n) => n / most)
  })
  return (
    <aside class="difference-numbers" aria-label="Numbers">
      <div class="pane-head">
        <b>Numbers</b>
        <span class="gap" />
        <button
          type="button"
          class="text-button"
          disabled={!props.measured}
          onClick={() =>
            void copyText(
              asUsual(() => (props.measured ? linesOf(props.measured.numbers) : []))
                .map((line) => line.join('\t'))
                .join('\n'),
            )
          }
        >
          Copy
        </button>
      </div>
      <Show when={props.measured}>
        {(now) => (
          <>
            <h3>{`whole picture, ${formatCount(now().numbers.pixels)} pixels, of 255`}</h3>
            <Lines lines={lines().slice(0, 7)} />
            <h3>channels by their error, in tens</h3>
            <div
              class="error-bins"
              role="img"
              aria-label="How many channels differ by how much, in tens from 0 to 255"
            >
              <For each={bins()}>
                {(share) => <i style={{ height: `${share > 0 ? Math.max(1, 36 * share) : 0}px` }} />}
              </For>
            </div>
            <h3>by channel, mean error</h3>
            <Lines lines={lines().slice(7)} />
            <Show when={inView() && part()}>
              <h3>{`in view, ${formatCount(part()?.width ?? 0)} × ${formatCount(part()?.height ?? 0)} pixels`}</h3>
              <Lines lines={partLines(inView())} />
            </Show>
            <p class="note">Decoded as sRGB, 8 bit, over black where it is transparent</p>
          </>
        )}
      </Show>
    </aside>
  )
}

function Lines(props: { lines: readonly (readonly [string, string])[] }) {
  return (
    <dl>
      <For each={props.lines}>
        {([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        )}
      </For>
    </dl>
  )
}

const fixed = (value: number, digits = 2): string =>
  Number.isFinite(value) ? formatFixed(value, digits) : '∞'

function linesOf(numbers: DifferenceNumbers): [string, string][] {
  const { mean, rms, psnr, largest, bias, equal, over16, channels } = numbers
  return [
    ['mean error', fixed(mean)],
    ['root mean square', fixed(rms)],
    ['PSNR', psnr === Infinity ? '∞, equal' : `${fixed(psnr)} dB`],
    ['largest', String(largest)],
    [`bias, B ${MINUS} A`, fixed(bias)],
    ['equal pixels', share(equal)],
    ['pixels over 16', share(over16)],
    ['red', fixed(channels[0])],
    ['green', fixed(channels[1])],
    ['blue', fixed(channels[2])],
  ]
}

/** Never rounded to all or none. */
function share(part: number): string {
  const text = (100 * part).toFixed(1)
  if (part > 0 && text === '0.0') return `< ${formatFixed(0.1, 1)} %`
  if (part < 1 && text === '100.0') return `> ${formatFixed(99.9, 1)} %`
  return `${formatFixed(100 * part, 1)} %`
}

function partLines(numbers: DifferenceNumbers | undefined): [string, string][] {
  return numbers ? linesOf(numbers).filter(([name]) => name === 'mean error' || name === 'PSNR') : []
}
