import { Failed } from '../../common/page-states.tsx'
import '../../styles/words.css'
import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { parseLoose } from '../../../compute/loose-json.ts'
import { formatCount } from '../../../compute/number.ts'
import { alignParts, partsOf, type TracePair, type TracePart } from '../../../compute/trace-align.ts'
import { metadataText, scoresOf, traceFacts } from '../../../compute/trace-facts.ts'
import { messagesOf } from '../../../compute/trace-messages.ts'
import { spanTree } from '../../../compute/trace-spans.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { diffWords, type Piece } from '../../../compute/word-diff.ts'
import { useApp } from '../../../state/app.ts'
import { createTrace } from '../../../state/pages/traces.ts'
import { Segmented } from '../../components/segmented.tsx'
import { LineSample } from '../../components/swatch.tsx'
import { makeNewest, type TracesModel } from './model.ts'
import { PromptStrip } from './prompt-strip.tsx'
import { samePrompt } from './same-prompt.ts'
import { durationWords } from './words.ts'

type By = 'run' | 'runs' | 'all'

/** The trace (B) beside another one of the same prompt (A): message by message, word by word. */
export function Compare(props: { model: TracesModel }) {
  const { model } = props
  const { ask, runs } = useApp()
  const [changed, setChanged] = createSignal(true)
  const at = () => model.trace()?.at ?? -1
  const by = (): By => (model.own().by as By) || 'run'
  const rows = createMemo(() => {
    const list = model.list()
    return list && at() >= 0 ? samePrompt(list, at(), by()) : []
  })
  const others = createMemo(() => rows().filter((one) => one !== at()))
  // where nothing was chosen: the first one there is
  const [first, setFirst] = createSignal<string>()
  createEffect(
    on([others, model.project], async ([all]) => {
      const one = all[0]
      setFirst(undefined)
      if (one === undefined) return
      const id = await model.idAt(one)
      if (others()[0] === one) setFirst(id)
    }),
  )
  const wanted = () => model.own().with || first()
  const other = createTrace(ask, model.project, wanted, model.list)
  const trace = createMemo(() => {
    const now = other.status()
    return now.kind === 'ready' && wanted() !== undefined ? now.trace : undefined
  })
  const failure = () => {
    const now = other.status()
    return now.kind === 'failed' ? now.notice : undefined
  }
  const json = (text: string | undefined) => (text ? (parseLoose(text) ?? text) : undefined)
  const messages = createMemo(() => messagesOf(json(trace()?.messages)))
  const metadata = createMemo(() => json(trace()?.metadata))
  const facts = createMemo(() => traceFacts(messages(), metadata(), spanTree(json(trace()?.spans))))
  const aligned = createMemo(() => alignParts(partsOf(messages()), partsOf(model.messages())))
  const shown = createMemo(() => foldSame(aligned().pairs, changed()))
  const scores = createMemo(() => {
    const [a, b] = [new Map(scoresOf(metadata())), new Map(model.scores())]
    return [...new Set([...a.keys(), ...b.keys()])].map((name) => ({ name, a: a.get(name), b: b.get(name) }))
  })
  const about = createMemo(() => ({ a: metadataText(metadata()), b: metadataText(model.metadata()) }))

  const newest = makeNewest()
  async function choose(next: number): Promise<void> {
    if (next === at()) return
    const id = await newest(() => model.idAt(next))
    if (id !== undefined) model.setWithin({ with: id })
  }

  const head = (place: number, letter: string, of: ReturnType<typeof facts>) => {
    const list = model.list()
    const run = list?.runs[list.run[place] ?? -1]
    const step = list?.step[place] ?? Number.NaN
    const style = run?.key === undefined ? undefined : runs.styled(run.key)?.style
    const words = [
      `${formatCount(of.turns)} ${of.turns === 1 ? 'turn' : 'turns'}`,
      Number.isNaN(of.tokens) ? '' : `${formatCount(of.tokens)} tokens`,
      durationWords(of.duration),
      of.calls > 0 ? formatPlural(of.calls, 'tool call') : '',
      of.failed > 0 ? `${formatCount(of.failed)} failed` : '',
    ]
    return (
      <div class="side-head">
        <kbd>{letter}</kbd>
        <b>{Number.isNaN(step) ? 'no step' : `Step ${formatCount(step)}`}</b>
        <Show when={style}>{(found) => <LineSample color={found().color} dash={found().dash} />}</Show>
        <span>{visibleName(run?.name ?? '')}</span>
        <p>{words.filter(Boolean).join(', ')}</p>
      </div>
    )
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, with the keys too
    <section class="trace-compare" tabIndex={0} aria-label="Comparison of two traces">
      <div class="compare-bar">
        <span class="control">
          By
          <Segmented
            label="Same prompt by"
            value={by()}
            options={[
              { value: 'run' as By, text: 'Steps', title: 'Of this run' },
              { value: 'runs' as By, text: 'Runs', title: 'Of this step' },
              { value: 'all' as By, text: 'All' },
            ]}
            onChange={(next) => model.setWithin({ by: next === 'run' ? '' : next, with: '' })}
          />
        </span>
        <span class="control">
          Show
          <Segmented
            label="Show messages"
            value={changed() ? 'changed' : 'all'}
            options={[
              { value: 'all', text: 'All' },
              { value: 'changed', text: 'Changed' },
            ]}
            onChange={(next) => setChanged(next === 'changed')}
          />
        </span>
      </div>
      <Show when={rows().length > 1}>
        <PromptStrip
          model={model}
          rows={rows()}
          marks={[...(trace() ? [{ at: trace()?.at ?? -1, label: 'A' }] : []), { at: at(), label: 'B' }]}
          title="Same prompt"
          onChoose={(next) => void choose(next)}
        />
      </Show>
      <Show when={failure()}>
        {(notice) => (
          <Failed
            what="the other trace"
            cause={`${notice().subject}: ${notice().text}`}
            onRetry={other.retry}
          />
        )}
      </Show>
      <Show
        when={trace()}
        fallback={
          <Show when={!failure() && others().length === 0}>
            <div class="blank">
              <h3>No other trace of this prompt</h3>
              <p>
                {by() === 'all'
                  ? 'No trace begins with the same messages before its first answer.'
                  : `None of this ${by() === 'run' ? 'run' : 'step'} begins with the same messages. `}
              </p>
              <Show when={by() !== 'all'}>
                <button
                  type="button"
                  class="link-button"
                  onClick={() => model.setWithin({ by: 'all', with: '' })}
                >
                  Look in all runs and steps
                </button>
              </Show>
            </div>
          </Show>
        }
      >
        {(a) => (
          <div class="pairs">
            <div class="pair">
              <div class="pair-name">
                <b>{`${formatCount(aligned().pairs.length)} pieces`}</b>
                <span>{`${formatCount(aligned().pairs.filter(({ same }) => !same).length)} changed`}</span>
                <Show when={!aligned().whole}>
                  <span>side by side by their order: too many to align</span>
                </Show>
              </div>
              {head(a().at, 'A', facts())}
              {head(at(), 'B', model.facts())}
            </div>
            <For each={shown()}>
              {(row) => (
                <Show
                  when={row.pair}
                  fallback={
                    <div class="pair">
                      <div class="pair-name">
                        <b>same</b>
                      </div>
                      <div class="hush">{`${formatCount(row.folded)} pieces, the same words`}</div>
                      <div class="hush" />
                    </div>
                  }
                >
                  {(pair) => <Pair pair={pair()} />}
                </Show>
              )}
            </For>
            <Show when={scores().length > 0}>
              <div class="pair">
                <div class="pair-name">
                  <b>numbers</b>
                  <span>of the metadata</span>
                </div>
                <dl>
                  <For each={scores()}>
                    {({ name, a }) => (
                      <>
                        <dt>{visibleName(name)}</dt>
                        <dd>{a === undefined ? 'not logged' : String(a)}</dd>
                      </>
                    )}
                  </For>
                </dl>
                <dl>
                  <For each={scores()}>
                    {({ name, a, b }) => (
                      <>
                        <dt>{visibleName(name)}</dt>
                        <dd>
                          {b === undefined ? 'not logged' : String(b)}
                          <Show when={a !== undefined && b !== undefined && a !== b}>
                            <span class="hush">{` ${signed((b as number) - (a as number))}`}</span>
                          </Show>
                        </dd>
                      </>
                    )}
                  </For>
                </dl>
              </div>
            </Show>
            <Show when={about().a !== '' || about().b !== ''}>
              <Pair
                pair={{
                  a: { role: 'metadata', kind: 'data', label: '', text: about().a, failed: false },
                  b: { role: 'metadata', kind: 'data', label: '', text: about().b, failed: false },
                  same: about().a === about().b,
                }}
              />
            </Show>
          </div>
        )}
      </Show>
    </section>
  )
}

function Pair(props: { pair: TracePair }) {
  const one = () => (props.pair.b ?? props.pair.a) as TracePart
  const diff = createMemo(() => {
    const { a, b, same } = props.pair
    return a && b && !same ? diffWords(a.text, b.text) : undefined
  })
  const side = (part: TracePart | undefined, kind: 'del' | 'ins') => (
    <div class={`piece ${part?.kind ?? ''}`} classList={{ failed: part?.failed ?? false }}>
      <Show
        when={part}
        fallback={<span class="hush">{`no such ${one().kind === 'call' ? 'call' : 'piece'}`}</span>}
      >
        {(known) => (
          <>
            <Show when={known().kind === 'call'}>
              <div class="call-head">
                <b>{visibleName(known().label)}</b>
                <Show when={known().failed}>
                  <span class="error-word">failed</span>
                </Show>
              </div>
            </Show>
            <div class="words" dir="auto">
              <Show
                when={diff()}
                fallback={
                  props.pair.same && kind === 'ins' ? <span class="hush">the same</span> : known().text
                }
              >
                {(found) => <Pieces pieces={found().pieces} kind={kind} />}
              </Show>
            </div>
          </>
        )}
      </Show>
    </div>
  )
  return (
    <div class="pair">
      <div class="pair-name">
        <b>{one().kind === 'call' ? 'tool call' : visibleName(one().role)}</b>
        <span>
          {[
            one().kind === 'call' ? visibleName(one().label) : one().kind === 'text' ? '' : one().kind,
            props.pair.a ? (props.pair.b ? '' : 'only in A') : 'only in B',
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
        <Show when={diff() && !diff()?.whole}>
          <span>too many changes: what lies between is given as replaced</span>
        </Show>
      </div>
      {side(props.pair.a, 'del')}
      {side(props.pair.b, 'ins')}
    </div>
  )
}

function Pieces(props: { pieces: readonly Piece[]; kind: 'del' | 'ins' }) {
  return (
    <For each={props.pieces.filter(({ kind }) => kind === 'same' || kind === props.kind)}>
      {({ kind, text }) => (kind === 'same' ? text : kind === 'del' ? <del>{text}</del> : <ins>{text}</ins>)}
    </For>
  )
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${formatCount(Number(value.toPrecision(4)), 10)}`
}

/** Same ones that follow each other as one line, where only changes are shown. */
function foldSame(
  pairs: readonly TracePair[],
  fold: boolean,
): { pair: TracePair | undefined; folded: number }[] {
  const out: { pair: TracePair | undefined; folded: number }[] = []
  for (const pair of pairs) {
    if (!fold || !pair.same) out.push({ pair, folded: 0 })
    else {
      const last = out.at(-1)
      if (last && !last.pair) last.folded++
      else out.push({ pair: undefined, folded: 1 })
    }
  }
  return out
}
