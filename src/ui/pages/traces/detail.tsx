import { createMemo, Match, Show, Switch } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { copied, copyLink } from '../../common/clipboard.ts'
import { pagePart } from '../../common/page-part.tsx'
import { Failed } from '../../common/page-states.tsx'
import { RunLink } from '../../common/run-link.tsx'
import { Icon } from '../../components/icon.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { LineSample } from '../../components/swatch.tsx'
import { Conversation } from './conversation.tsx'
import type { Tab, TracesModel } from './model.ts'
import { Prompts } from './prompts.tsx'
import { Reading } from './states.tsx'
import { costWords, durationWords, plainWords } from './words.ts'

const Spans = pagePart(async () => (await import('./spans.tsx')).Spans)
const Compare = pagePart(async () => (await import('./compare.tsx')).Compare)
const Stored = pagePart(async () => (await import('./stored.tsx')).Stored)

/** One trace: what it is of, its numbers, and its views. */
export function Detail(props: { model: TracesModel; onBack: (() => void) | undefined }) {
  const { model } = props
  const app = useApp()
  const at = () => model.trace()?.at ?? -1
  const list = () => model.list()
  const run = () => list()?.runs[list()?.run[at()] ?? -1]
  const style = createMemo(() => model.styleOf(list()?.run[at()] ?? -1))
  const title = () => {
    const [key, index] = [list()?.keys[list()?.key[at()] ?? -1] ?? '', list()?.index[at()] ?? -1]
    return index < 0 ? key : `${key}/${index}`
  }
  const place = () => {
    const now = list()
    if (!now || at() < 0) return ''
    const step = now.step[at()] ?? Number.NaN
    const index = now.index[at()] ?? -1
    return [
      Number.isNaN(step) ? '' : `step ${formatCount(step)}`,
      index < 0 ? '' : `index ${formatCount(index)}`,
      formatWhen(now.time[at()] ?? Number.NaN, Date.now(), app.preferences.value().timeZone),
    ]
      .filter(Boolean)
      .join(', ')
  }
  const spans = () => model.facts().spans
  const tabs = () => [
    { value: 'conversation' as Tab, text: 'Conversation' },
    { value: 'spans' as Tab, text: spans() > 0 ? `Spans ${formatCount(spans())}` : 'Spans' },
    { value: 'compare' as Tab, text: 'Compare' },
    { value: 'json' as Tab, text: 'JSON' },
  ]
  const failed = () => {
    const now = model.status()
    return now.kind === 'failed' ? now.notice : undefined
  }
  return (
    <section class="trace-detail" aria-label="Trace">
      <Switch>
        <Match when={failed()}>
          {(notice) => (
            <Failed
              what="this trace"
              cause={`${notice().subject}: ${notice().text}`}
              onRetry={model.retryTrace}
            />
          )}
        </Match>
        <Match when={model.status().kind === 'loading'}>
          <Reading count={0} />
        </Match>
        <Match when={model.trace()}>
          <header class="detail-head">
            <Show when={props.onBack}>
              {(back) => (
                <button
                  type="button"
                  class="icon-button back"
                  aria-label="Back to the list"
                  onClick={() => back()()}
                >
                  <Icon name="right" />
                </button>
              )}
            </Show>
            <h2 title={model.trace()?.id}>{visibleName(title())}</h2>
            <span class="of">
              <Show when={style()} fallback={<i class="none" />}>
                {(found) => <LineSample color={found().color} dash={found().dash} />}
              </Show>
              <Show when={run()?.key} fallback={<span>{visibleName(run()?.name ?? '')}</span>}>
                {(key) => <RunLink run={key()}>{visibleName(run()?.name ?? '')}</RunLink>}
              </Show>
            </span>
            <span class="place">{place()}</span>
            <span class="gap" />
            <Segmented
              label="View of the trace"
              value={tabs().some(({ value }) => value === model.tab()) ? model.tab() : 'conversation'}
              options={tabs()}
              onChange={model.setTab}
            />
            <button
              type="button"
              class="icon-button"
              aria-label="Copy link to this trace"
              title={copied() || 'Copy link to this trace'}
              onClick={() => {
                model.setWithin({})
                void copyLink(app)
              }}
            >
              <Icon name={copied() === 'Copied' ? 'check' : 'link'} />
            </button>
          </header>
          <Totals model={model} />
          <Switch fallback={<Conversation model={model} />}>
            <Match when={model.tab() === 'spans'}>
              <Spans model={model} />
            </Match>
            <Match when={model.tab() === 'compare'}>
              <Compare model={model} />
            </Match>
            <Match when={model.tab() === 'json'}>
              <Stored model={model} />
            </Match>
          </Switch>
          <Show when={model.tab() === 'conversation'}>
            <Prompts model={model} />
          </Show>
        </Match>
        <Match when={true}>
          <div class="blank hush">
            <p>Choose a trace: its messages, spans and numbers stand here.</p>
          </div>
        </Match>
      </Switch>
    </section>
  )
}

/** They stand before as tokens, duration and cost. */
const TOLD = new Set(['duration_ms', 'latency_ms', 'cost_usd', 'total_tokens'])

/** Numbers of the trace, and the way over the hits. */
function Totals(props: { model: TracesModel }) {
  const { model } = props
  const facts = () => model.facts()
  const tokens = () => {
    const { tokens, input, output } = facts()
    const parts = [
      Number.isNaN(input) ? '' : `${formatCount(input)} in`,
      Number.isNaN(output) ? '' : `${formatCount(output)} out`,
    ].filter(Boolean)
    return Number.isNaN(tokens) ? undefined : { sum: formatCount(tokens), parts: parts.join(', ') }
  }
  return (
    <div class="trace-totals">
      <span>
        <b>{formatCount(facts().turns)}</b> {facts().turns === 1 ? 'turn' : 'turns'}
      </span>
      <Show when={facts().calls > 0}>
        <span>
          <b>{formatCount(facts().calls)}</b> {facts().calls === 1 ? 'tool call' : 'tool calls'}
          <Show when={facts().failed > 0}>
            , <b class="error-word">{`${formatCount(facts().failed)} failed`}</b>
          </Show>
        </span>
      </Show>
      <Show when={tokens()}>
        {(found) => (
          <span>
            <b>{found().sum}</b> tokens{found().parts === '' ? '' : `, ${found().parts}`}
          </span>
        )}
      </Show>
      <Show when={!Number.isNaN(facts().duration)}>
        <b>{durationWords(facts().duration)}</b>
      </Show>
      <Show when={!Number.isNaN(facts().cost)}>
        <b>{costWords(facts().cost)}</b>
      </Show>
      <span class="scores">
        {model
          .scores()
          .filter(([name]) => !TOLD.has(name))
          .slice(0, 4)
          .map(([name, value]) => `${visibleName(name)} ${plainWords(value)}`)
          .join('   ')}
      </span>
      <span class="gap" />
      <Show when={model.text() !== ''}>
        <span class="hit-number" role="status">
          <Show when={model.inTrace().length > 0} fallback="no hit in this trace">
            Hit <b>{`${formatCount(model.hitAt() + 1)} of ${formatCount(model.inTrace().length)}`}</b>
          </Show>
        </span>
      </Show>
      <Show when={model.tab() === 'conversation' && model.text() === ''}>
        <button
          type="button"
          class="text-button"
          aria-pressed={model.own().as === 'markdown'}
          title="Lay out what messages say as Markdown"
          onClick={() => model.setWithin({ as: model.own().as === 'markdown' ? '' : 'markdown' })}
        >
          Markdown
        </button>
      </Show>
      <Show when={model.text() !== ''}>
        <button
          type="button"
          class="key-button"
          title="Next hit (n)"
          aria-label="Next hit"
          onClick={() => void model.go(1)}
        >
          n
        </button>
        <button
          type="button"
          class="key-button"
          title="Hit before (p)"
          aria-label="Hit before"
          onClick={() => void model.go(-1)}
        >
          p
        </button>
      </Show>
      <span class="unseen">{formatPlural(facts().messages, 'message')}</span>
    </div>
  )
}
