import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { TraceBlock, TraceMessage } from '../../../compute/trace-messages.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { Markdown } from '../../common/markdown.tsx'
import { Icon } from '../../components/icon.tsx'
import { Marked } from './marks.tsx'
import type { TracesModel } from './model.ts'
import { Picture } from './picture.tsx'
import { durationWords } from './words.ts'

/** Letters of a piece that are shown before somebody asks for the rest. */
const AT_ONCE = 6000

/** One message: who speaks, and its pieces. */
export function Message(props: { model: TracesModel; message: TraceMessage; index: number }) {
  const label = () => {
    const { blocks } = props.message
    const answer = blocks.find(({ kind }) => kind === 'result')
    return [
      props.message.name,
      answer && answer.label !== props.message.name ? answer.label : '',
      answer?.id ?? '',
      Number.isNaN(props.message.tokens) ? '' : `${formatCount(props.message.tokens)} tokens`,
      durationWords(props.message.duration),
    ]
      .filter(Boolean)
      .map(visibleName)
      .join(', ')
  }
  return (
    <section class="message" aria-label={`${visibleName(props.message.role)}, message ${props.index + 1}`}>
      <div class="who">
        <b>{visibleName(props.message.role)}</b>
        <span>{label()}</span>
      </div>
      <div class="said">
        <For each={props.message.blocks}>
          {(block, i) => <Piece model={props.model} block={block} message={props.index} index={i()} />}
        </For>
        <Show when={props.message.blocks.length === 0}>
          <span class="hush">empty</span>
        </Show>
      </div>
    </section>
  )
}

function Piece(props: { model: TracesModel; block: TraceBlock; message: number; index: number }) {
  const { model } = props
  const current = createMemo(() => {
    const hit = model.hit()
    return hit && hit.message === props.message && hit.block === props.index ? hit.from : undefined
  })
  const counted = createMemo(
    () =>
      model.inTrace().filter(({ message, block }) => message === props.message && block === props.index)
        .length,
  )
  const words = (folded?: boolean) => (
    <Words
      text={props.block.text}
      wanted={model.text()}
      current={current()}
      markdown={!folded && props.block.kind === 'text' && model.own().as === 'markdown'}
    />
  )
  const pictures = () => <For each={props.block.media}>{(media) => <Picture media={media} />}</For>
  const kind = () => props.block.kind
  return (
    <div class={`piece ${kind()}`} classList={{ failed: props.block.failed }}>
      <Show when={kind() === 'call'}>
        <div class="call-head">
          <b>{visibleName(props.block.label)}</b>
          <span class="hush">{visibleName(props.block.id)}</span>
          <Show when={props.block.failed}>
            <span class="error-word">failed</span>
          </Show>
        </div>
      </Show>
      <Show when={kind() === 'result' && props.block.failed}>
        <span class="error-word">failed</span>
      </Show>
      <Show
        when={kind() === 'reasoning' || kind() === 'data'}
        fallback={
          <>
            {words()}
            {pictures()}
          </>
        }
      >
        <Fold
          label={foldLabel(props.block, counted())}
          open={current() !== undefined || (counted() > 0 && kind() === 'reasoning')}
        >
          {words(true)}
          {pictures()}
        </Fold>
      </Show>
    </div>
  )
}

function foldLabel({ kind, label, text }: TraceBlock, hits: number): string {
  const size = `${formatCount(text.length)} letters`
  const found = hits > 0 ? `, ${formatCount(hits)} ${hits === 1 ? 'hit' : 'hits'}` : ''
  return `${kind === 'reasoning' ? 'Reasoning' : visibleName(label)}, ${size}${found}`
}

/** What is folded until somebody, or a hit in it, opens it. */
export function Fold(props: { label: string; open: boolean; children: unknown }) {
  const [open, setOpen] = createSignal(false)
  createEffect(
    on(
      () => props.open,
      (now) => now && setOpen(true),
    ),
  )
  return (
    <div class="fold">
      <button type="button" aria-expanded={open()} onClick={() => setOpen(!open())}>
        <Icon name="right" />
        {props.label}
      </button>
      <Show when={open()}>
        <div class="folded">{props.children as never}</div>
      </Show>
    </div>
  )
}

/** A text, of a long one its beginning until the rest is asked for or a hit is in it. */
export function Words(props: {
  text: string
  wanted: string
  current?: number | undefined
  markdown?: boolean | undefined
}) {
  const [all, setAll] = createSignal(false)
  createEffect(
    on(
      () => props.text,
      () => setAll(false),
      { defer: true },
    ),
  )
  const whole = () => all() || props.text.length <= AT_ONCE * 1.2 || (props.current ?? 0) > AT_ONCE
  const shown = () => (whole() ? props.text : props.text.slice(0, AT_ONCE))
  return (
    <Show when={props.text !== ''}>
      {/* marks stand in what is written */}
      <Show
        when={!props.markdown || props.wanted !== ''}
        fallback={<Markdown text={props.text} class="words" />}
      >
        <div class="words" dir="auto">
          <Marked text={shown()} wanted={props.wanted} current={props.current} />
        </div>
        <Show when={!whole()}>
          <button type="button" class="link-button" onClick={() => setAll(true)}>
            {`Show all ${formatCount(props.text.length)} letters, ${formatCount(props.text.length - AT_ONCE)} more`}
          </button>
        </Show>
      </Show>
    </Show>
  )
}
