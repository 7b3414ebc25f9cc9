import '../../styles/markdown.css'
import '../../styles/words.css'
import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  type JSX,
  Match,
  on,
  onCleanup,
  Show,
  Switch,
  untrack,
} from 'solid-js'
import { insert } from 'solid-js/web'
import { slugOf } from '../../../compute/report-text.ts'
import type { RunKey } from '../../../model/run.ts'
import { useApp } from '../../../state/app.ts'
import type { MarkdownOptions } from '../../common/markdown-html.ts'
import { LineSample } from '../../components/swatch.tsx'
import { BlockPart } from './block.tsx'
import { slugIn, viewOf } from './links.ts'
import type { ReportsModel } from './model.ts'
import { type LaidOut, nodesOfPart, type ReportPart } from './parts.ts'
import { forPaper } from './printing.ts'

/** So much is laid out before the screen is drawn again, ms. */
const SLICE_MS = 12

/** The text of a report, laid out stretch by stretch, so that a long one holds nothing up. */
export function ReportText(props: {
  model: ReportsModel
  laid: LaidOut
  run: RunKey
  phone: boolean
  /** What stands below the first heading: whose report it is. */
  facts: () => JSX.Element
  /** All of it stands. */
  onMade(whole: boolean): void
}) {
  const { settled, location } = useApp()
  const id = createUniqueId()
  const [made, setMade] = createSignal(0)
  const [replaced, setReplaced] = createSignal(false)
  let article: HTMLElement | undefined
  const slugs = createMemo(() => {
    const seen = new Map<string, number>()
    return props.laid.headings.map(({ text }) => slugOf(text, seen))
  })
  const options: MarkdownOptions = {
    // its first level stands right below the page's own, whatever it is
    get below() {
      const first = props.laid.headings.reduce((least, { level }) => Math.min(least, level), 6)
      return props.laid.headings.length === 0 ? 1 : 2 - first
    },
    inner(href) {
      const slug = slugIn(href)
      if (slug !== undefined) return { href: `#/${location.view().page}`, data: ['heading', slug] }
      const hash = viewOf(href, new URL(window.location.href))
      return hash === undefined ? undefined : { href: hash, data: ['view', hash] }
    },
  }

  createEffect(
    on(
      () => props.laid,
      (laid) => {
        setReplaced(false)
        setMade(0)
        props.onMade(false)
        settled.setBusy(id, true)
        let timer: ReturnType<typeof setTimeout> | undefined
        let over = false
        const goOn = (): void => {
          if (over) return
          const ends = performance.now() + SLICE_MS
          do setMade((n) => n + 1)
          while (made() < laid.parts.length && performance.now() < ends)
          if (made() < laid.parts.length) timer = setTimeout(goOn)
          else {
            settled.setBusy(id, false)
            props.onMade(true)
          }
        }
        // within an effect all would be drawn at its end, and at once
        queueMicrotask(goOn)
        onCleanup(() => {
          over = true
          clearTimeout(timer)
        })
      },
    ),
  )
  onCleanup(() => settled.setBusy(id, false))

  /** Links that lead within the app are followed by it; with a key held down the browser opens them as any other. */
  function onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.metaKey || event.ctrlKey || event.shiftKey) return
    const link = event.target.closest<HTMLAnchorElement>('a[data-view], a[data-heading]')
    if (!link) return
    event.preventDefault()
    if (link.dataset.view !== undefined) return location.follow(link.dataset.view)
    const at = slugs().indexOf((link.dataset.heading ?? '').toLowerCase())
    const heading = headingsIn(article)[at]
    heading?.scrollIntoView({ block: 'start' })
    if (heading) focusOn(heading)
  }
  /** The first block is the heading that the report has for a title. */
  const titled = () => {
    const first = props.laid.parts[0]?.part
    return first?.kind === 'text' && first.tokens[0]?.type === 'heading'
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: what is clicked are links, which have their keys
    <article class="report-text" ref={article} dir="auto" onClick={onClick}>
      <Show when={!titled()}>{props.facts()}</Show>
      <Show when={replaced()}>
        <p class="note">
          Some of it differs too much to be told word by word: all of that is given as replaced.
        </p>
      </Show>
      <For each={props.laid.parts.slice(0, made())}>
        {(part, i) => (
          <Switch>
            <Match when={part.part.kind === 'fence' && part.part}>
              {(fence) => (
                <BlockPart
                  model={props.model}
                  text={fence().text}
                  before={part.before?.kind === 'fence' ? part.before.text : undefined}
                  mark={part.mark}
                  run={props.run}
                  phone={props.phone}
                />
              )}
            </Match>
            <Match when={true}>
              <TextPart
                part={part}
                options={options}
                facts={i() === 0 && titled() ? props.facts : undefined}
                onReplaced={() => setReplaced(true)}
              />
            </Match>
          </Switch>
        )}
      </For>
    </article>
  )
}

function TextPart(props: {
  part: ReportPart
  options: MarkdownOptions
  facts: (() => JSX.Element) | undefined
  onReplaced(): void
}) {
  const { runs } = useApp()
  const { nodes, whole } = nodesOfPart(props.part, props.options)
  if (!whole) props.onReplaced()
  // a cell that names a run has its line
  const names = new Map(untrack(runs.all).map(({ name, key }) => [name, key]))
  for (const cell of nodes.querySelectorAll('td')) {
    const key = names.get(cell.textContent ?? '')
    if (key !== undefined) insert(cell, () => <RunSample run={key} />, cell.firstChild)
  }
  const [title, ...rest] = props.facts ? [...nodes.childNodes] : [undefined, ...nodes.childNodes]
  return (
    <div
      class="report-part markdown"
      // what it will take, about: of 85 letters a line
      style={{
        'contain-intrinsic-height': `auto ${Math.max(24, Math.round(props.part.part.raw.length / 4))}px`,
      }}
    >
      {title}
      {props.facts?.()}
      {rest}
      <Show when={props.part.holds}>
        <p class="note" role="note">
          A chart stands by itself: one that is asked for within a list or a quotation is not drawn.
        </p>
      </Show>
    </div>
  )
}

function RunSample(props: { run: RunKey }) {
  const { runs } = useApp()
  const style = createMemo(() => runs.styled(props.run))
  return (
    <Show when={style()}>
      {(found) => <LineSample color={forPaper(found()).style.color} dash={found().style.dash} />}
    </Show>
  )
}

/** Headings that stand in no other block, in their order; of a comparison those that are there still. */
export function headingsIn(article: HTMLElement | undefined): HTMLElement[] {
  return [...(article?.querySelectorAll<HTMLElement>('.report-part') ?? [])].flatMap(headingsOf)
}

/** The same of one stretch. */
export function headingsOf(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(':scope > [data-level]:not(.diff-gone)')]
}

/** Keys go on from there. */
export function focusOn(heading: HTMLElement): void {
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
