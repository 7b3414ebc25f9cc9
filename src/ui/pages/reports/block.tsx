import { createEffect, createMemo, createSignal, createUniqueId, onCleanup, Show } from 'solid-js'
import { formatMoment } from '../../../compute/alert-list.ts'
import { type ChartBlock, parseChartBlock } from '../../../compute/chart-block.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { RunKey } from '../../../model/run.ts'
import { formatX } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { Words } from '../../common/words.tsx'
import { Icon } from '../../components/icon.tsx'
import { createWidth } from '../../components/width.ts'
import { type BlockView, createBlockView } from './block-view.ts'
import { fileWords, hashFiles, hashing } from './file-hash.ts'
import { metricsHash } from './links.ts'
import type { ReportsModel } from './model.ts'
import { printing } from './printing.ts'

type Zone = 'local' | 'utc'

interface BlockProps {
  model: ReportsModel
  text: string
  /** What stood there in the report that it is compared with. */
  before: string | undefined
  mark: 'new' | 'gone' | undefined
  run: RunKey
  phone: boolean
}

/** A chart that the text asks for; what cannot be understood stays text, with why. */
export function BlockPart(props: BlockProps) {
  const parsed = parseChartBlock(props.text)
  // a chart that is no part of the report any more is not drawn
  if (props.mark === 'gone')
    return (
      <div class="report-block-text diff-gone">
        <pre>
          <del class="diff">{props.text}</del>
        </pre>
      </div>
    )
  if ('why' in parsed) return <BlockText {...props} why={parsed.why} />
  return <LiveChart {...props} block={parsed.block} />
}

function BlockText(props: BlockProps & { why: string }) {
  return (
    <div class="report-block-text" classList={{ 'diff-new': props.mark === 'new' }}>
      <pre>
        <Show when={props.before !== undefined} fallback={props.text}>
          <Words before={props.before ?? ''} after={props.text} plain />
        </Show>
      </pre>
      <p class="note" role="note">{`Not drawn as a chart: ${visibleName(props.why)}.`}</p>
    </div>
  )
}

function LiveChart(props: BlockProps & { block: ChartBlock }) {
  const { model, block } = props
  const own = createBlockView(block, () => props.run)
  const id = createUniqueId()
  const [width, takeWidth] = createWidth()
  const [open, setOpen] = createSignal(false)
  const { location, preferences } = useApp()
  const zone = () => preferences.value().timeZone
  let figure: HTMLDivElement | undefined
  const drawn = createMemo(() => own.problem() === undefined && own.chart() !== '')
  const changed = () => props.before !== undefined && props.before !== props.text
  const hash = () => metricsHash(block, own)
  const note = createMemo(() =>
    [stretchWords(block, zone()), wasWords(block, props.before, zone())].filter(Boolean).join(', '),
  )
  const view = { ...own.view, note }
  createEffect(() => model.setChart(id, drawn()))
  onCleanup(() => model.setChart(id, false))
  return (
    <Show when={drawn()} fallback={<BlockText {...props} why={own.problem() ?? 'it names no metric'} />}>
      <div
        class="report-block"
        classList={{ 'diff-new': props.mark === 'new' }}
        ref={(element) => {
          figure = element
          takeWidth(element)
        }}
      >
        <Show when={width() > 0}>
          <ChartCard
            metric={own.chart()}
            title={block.title || own.chart()}
            view={view}
            width={width()}
            height={block.height}
            always={printing()}
            legend={props.phone || printing()}
            tools={
              <a
                class="chart-tool"
                href={hash()}
                aria-label="Open in Metrics"
                title="Open in Metrics"
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return
                  event.preventDefault()
                  location.follow(hash())
                }}
              >
                <Icon name="open" />
              </a>
            }
          />
        </Show>
        <BlockFoot
          block={own}
          open={open() || changed()}
          onOpen={changed() ? undefined : () => setOpen(!open())}
        />
        <Show when={open() || changed()}>
          <pre class="report-block-source">
            <Show when={changed()} fallback={props.text}>
              <Words before={props.before ?? ''} after={props.text} plain />
            </Show>
          </pre>
        </Show>
      </div>
      <ChartFullscreen
        view={view}
        metrics={[own.chart()]}
        onLost={() => figure?.querySelector('canvas')?.focus()}
      />
    </Show>
  )
}

/** What the chart is of: runs, rows, the file and when it was read. */
function BlockFoot(props: { block: BlockView; open: boolean; onOpen: (() => void) | undefined }) {
  const app = useApp()
  const { block } = props
  const rows = createMemo(() => {
    const frame = block.frame()
    if (!frame) return ''
    const { rows: all, drawn, kind } = frame.fidelity
    const kept = Math.min(all, drawn + frame.nonFinite + frame.nonPositive)
    const how =
      kind === 'preview' ? 'read so far' : kept === all ? 'every row drawn' : `${formatCount(kept)} drawn`
    return `${formatPlural(all, 'row')}, ${how}`
  })
  const words = () =>
    [formatPlural(block.runs().length, 'run'), rows(), visibleName(block.missing())]
      .filter(Boolean)
      .join(', ')
  return (
    <div class="report-block-foot">
      <span>Live chart</span>
      <span class="of" title={words()}>
        {words()}
      </span>
      <span class="gap" />
      <span class="file" title={fileWords(app).title}>
        {fileWords(app).text}
      </span>
      <Show when={fileWords(app).hashable}>
        <button
          type="button"
          class="link-button no-print"
          title={`Read all of it again for its SHA-256`}
          disabled={hashing()}
          onClick={() => hashFiles(app)}
        >
          sha256
        </button>
      </Show>
      <Show when={props.onOpen}>
        {(toggle) => (
          <button
            type="button"
            class="link-button no-print"
            aria-expanded={props.open}
            onClick={() => toggle()()}
          >
            Block text
          </button>
        )}
      </Show>
    </div>
  )
}

/** `step 0 to 1,200`; '' for all of it. */
function stretchWords({ x, from, to }: ChartBlock, zone: Zone): string {
  if (from === undefined && to === undefined) return ''
  const name = x.kind === 'relative' ? 'seconds' : x.kind === 'wall' ? 'time' : formatX(x)
  const place = (at: number): string => (x.kind === 'wall' ? formatMoment(at, zone) : formatCount(at, 6))
  if (from === undefined) return `${name} up to ${place(to ?? 0)}`
  return to === undefined ? `${name} from ${place(from)}` : `${name} ${place(from)} to ${place(to)}`
}

/** What stretch the chart had before. */
function wasWords(block: ChartBlock, before: string | undefined, zone: Zone): string {
  const old = before === undefined ? undefined : parseChartBlock(before)
  if (!old || 'why' in old || (old.block.from === block.from && old.block.to === block.to)) return ''
  return `was ${stretchWords(old.block, zone) || 'all of it'}`
}
