import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { formatCount, formatTicks } from '../../../compute/number.ts'
import { criticalPath, visibleSpans } from '../../../compute/trace-spans.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { Icon } from '../../components/icon.tsx'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { FlameStrip } from './flame-strip.tsx'
import { Marked } from './marks.tsx'
import type { TracesModel } from './model.ts'
import { SpanDetail } from './span-detail.tsx'
import { costWords, durationWords } from './words.ts'

const ROW = 28
/** Levels that are set in; deeper ones are told by their number. */
const DEEPEST = 10

/** Spans of a trace as a tree beside their times; only the lines in sight are in the page. */
export function Spans(props: { model: TracesModel }) {
  const { model } = props
  const tree = () => model.tree()
  const [folded, setFolded] = createSignal<ReadonlySet<number>>(new Set())
  const [chosen, setChosen] = createSignal(0)
  const [scroller, setScroller] = createSignal<HTMLElement>()
  let control: LongRowsControl | undefined
  createEffect(
    on(
      tree,
      () => {
        setFolded(new Set<number>())
        setChosen(0)
      },
      { defer: true },
    ),
  )
  const rows = createMemo(() => visibleSpans(tree(), folded()))
  const path = createMemo(() => criticalPath(tree()))
  const failed = createMemo(() => indicesOf(tree().failed, (one) => one === 1))
  const longest = createMemo(() => {
    let most = 0
    for (let row = 0; row < tree().spans.length; row++)
      if (tree().parent[row] !== -1) most = Math.max(most, tree().duration[row] || 0)
    return most
  })
  const slow = createMemo(() =>
    indicesOf(tree().duration, (one, row) => tree().parent[row] !== -1 && one > 0 && one >= 0.7 * longest()),
  )
  const style = createMemo(() => {
    const [list, at] = [model.list(), model.trace()?.at ?? -1]
    return model.styleOf(list?.run[at] ?? -1)
  })

  // a hit in a span is gone to
  createEffect(
    on(model.hit, (hit) => {
      if (hit && hit.span >= 0) show(hit.span)
    }),
  )

  /** Chooses a span, and unfolds what it is in. */
  function show(row: number): void {
    const open = new Set(folded())
    for (let up = tree().parent[row] ?? -1; up >= 0; up = tree().parent[up] ?? -1) open.delete(up)
    if (open.size !== folded().size) setFolded(open)
    setChosen(row)
    control?.scrollTo(placeOf(row), 'nearest')
  }

  function placeOf(row: number): number {
    const all = rows()
    let [low, high] = [0, all.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((all[middle] as number) <= row) low = middle
      else high = middle - 1
    }
    return low
  }

  function fold(row: number, on: boolean): void {
    const next = new Set(folded())
    if (on) next.add(row)
    else next.delete(row)
    setFolded(next)
  }

  function next(wanted: readonly number[]): void {
    const after = wanted.find((row) => row > chosen()) ?? wanted[0]
    if (after !== undefined) show(after)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = placeOf(chosen())
    const all = rows()
    const row = chosen()
    const has = (tree().size[row] ?? 1) > 1
    const to = (place: number): void => {
      const found = all[Math.max(0, Math.min(all.length - 1, place))]
      if (found !== undefined) show(found)
    }
    if (event.key === 'ArrowDown') to(at + 1)
    else if (event.key === 'ArrowUp') to(at - 1)
    else if (event.key === 'PageDown') to(at + 10)
    else if (event.key === 'PageUp') to(at - 10)
    else if (event.key === 'Home') to(0)
    else if (event.key === 'End') to(all.length - 1)
    else if (event.key === 'ArrowRight' && has && folded().has(row)) fold(row, false)
    else if (event.key === 'ArrowRight' && has) to(at + 1)
    else if (event.key === 'ArrowLeft' && has && !folded().has(row)) fold(row, true)
    else if (event.key === 'ArrowLeft') show(Math.max(0, tree().parent[row] ?? 0))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const whole = () => tree().to - tree().from
  const ticks = createMemo(() => {
    const seconds = whole() / 1000
    if (!(seconds > 0)) return []
    const rough = seconds / 6
    const unit = 10 ** Math.floor(Math.log10(rough))
    const step = [1, 2, 5, 10].map((n) => n * unit).find((one) => one >= rough) ?? rough
    const at = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step)
    return formatTicks(at, step).map((text, i) => ({
      text: `${text} s`,
      left: (100 * (at[i] as number)) / seconds,
    }))
  })

  return (
    <Show
      when={tree().spans.length > 0}
      fallback={
        <div class="blank">
          <h3>No spans were logged with this trace</h3>
          <Show when={model.facts().calls > 0}>
            <p>{`Its ${formatCount(model.facts().calls)} tool calls stand in the conversation, without times.`}</p>
          </Show>
        </div>
      }
    >
      <div class="spans">
        <div class="span-sums">
          <span>
            <b>{formatCount(tree().spans.length)}</b>
            {` spans, depth ${formatCount(tree().deepest + 1)}`}
          </span>
          <Show when={!Number.isNaN(whole())}>
            <span>
              over <b>{durationWords(whole())}</b>
            </span>
          </Show>
          <span class="gap" />
          <Jump text="Critical path" rows={[...path()].sort((a, b) => a - b)} onNext={next} />
          <Jump text="Errors" rows={failed()} onNext={next} />
          <Jump
            text="Slow"
            rows={slow()}
            onNext={next}
            title="As long as 70 % of the longest span, or longer"
          />
        </div>
        <Show when={whole() > 0}>
          <FlameStrip
            tree={tree()}
            path={path()}
            color={style()?.color ?? 'currentColor'}
            chosen={chosen()}
            onChoose={show}
          />
        </Show>
        <div class="span-head" aria-hidden="true">
          <span>Span</span>
          <span class="number">duration</span>
          <span class="number">self</span>
          <span class="axis">
            <For each={ticks()}>{({ text, left }) => <i style={{ left: `${left}%` }}>{text}</i>}</For>
          </span>
        </div>
        <div
          class="span-tree"
          role="tree"
          aria-label="Spans"
          tabIndex={0}
          ref={setScroller}
          aria-activedescendant={`span-${chosen()}`}
          onKeyDown={onKeyDown}
        >
          <LongRows
            count={rows().length}
            rowHeight={ROW}
            scroller={scroller()}
            role="presentation"
            control={(given) => {
              control = given
            }}
          >
            {(place) => {
              const row = () => rows()[place()] ?? 0
              const depth = () => tree().depth[row()] ?? 0
              const has = () => (tree().size[row()] ?? 1) > 1
              const isFailed = () => tree().failed[row()] === 1
              const span = () => tree().spans[row()] ?? {}
              const note = () => {
                const tokens = tree().tokens[row()] ?? Number.NaN
                return [
                  typeof span().model === 'string' ? (span().model as string) : '',
                  isFailed() && typeof span().error === 'string' ? (span().error as string).slice(0, 80) : '',
                  Number.isNaN(tokens) ? '' : `${formatCount(tokens)} tok`,
                  costWords(tree().cost[row()] ?? Number.NaN),
                ]
                  .filter(Boolean)
                  .join(', ')
              }
              const left = () => (100 * ((tree().start[row()] ?? 0) - tree().from)) / whole()
              const share = () => (100 * (tree().duration[row()] ?? 0)) / whole()
              return (
                // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
                // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
                <div
                  role="treeitem"
                  id={`span-${row()}`}
                  class="span-row"
                  classList={{ failed: isFailed() }}
                  aria-level={depth() + 1}
                  aria-expanded={has() ? !folded().has(row()) : undefined}
                  aria-selected={chosen() === row()}
                  onClick={() => setChosen(row())}
                >
                  <span class="span-name" style={{ 'padding-left': `${Math.min(depth(), DEEPEST) * 16}px` }}>
                    <Show when={has()} fallback={<i class="twist" />}>
                      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys */}
                      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same */}
                      <i
                        class="twist"
                        classList={{ open: !folded().has(row()) }}
                        onClick={(event) => {
                          event.stopPropagation()
                          fold(row(), !folded().has(row()))
                        }}
                      >
                        <Icon name="right" />
                      </i>
                    </Show>
                    <Show when={depth() > DEEPEST}>
                      <small title={`level ${depth() + 1}`}>{formatCount(depth() + 1)}</small>
                    </Show>
                    <span class="name">
                      <Marked text={visibleName(tree().names[row()] ?? '')} wanted={model.text()} />
                    </span>
                    <span class="hush">{visibleName(note())}</span>
                  </span>
                  <span class="number">{durationWords(tree().duration[row()] ?? Number.NaN)}</span>
                  <span class="number hush">{durationWords(tree().self[row()] ?? Number.NaN)}</span>
                  <span class="bars">
                    <Show when={Number.isFinite(left()) && Number.isFinite(share())}>
                      <i
                        class={`bar ${tree().kinds[row()] === 'generation' ? 'generation' : ''}`}
                        style={{ left: `${left()}%`, width: `max(2px, ${share()}%)` }}
                      >
                        <Show when={path().has(row())}>
                          <i class="critical" style={{ background: style()?.color }} />
                        </Show>
                      </i>
                    </Show>
                  </span>
                </div>
              )
            }}
          </LongRows>
        </div>
        <SpanDetail model={model} row={chosen()} critical={path().has(chosen())} />
      </div>
    </Show>
  )
}

/** Goes from one such span to the next. */
function Jump(props: {
  text: string
  rows: readonly number[]
  title?: string
  onNext(rows: readonly number[]): void
}) {
  return (
    <Show when={props.rows.length > 0}>
      <button
        type="button"
        class="pill"
        title={props.title ? `${props.title}. To the next one` : 'To the next one'}
        onClick={() => props.onNext(props.rows)}
      >
        {`${props.text} ${formatCount(props.rows.length)}`}
      </button>
    </Show>
  )
}

function indicesOf(values: ArrayLike<number>, wanted: (value: number, row: number) => boolean): number[] {
  const found: number[] = []
  for (let row = 0; row < values.length; row++) if (wanted(values[row] as number, row)) found.push(row)
  return found
}
