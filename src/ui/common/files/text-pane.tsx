import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js'
import { type CodePiece, type CodeToken, codePieces, logTokens } from '../../../compute/code-pieces.ts'
import { findText } from '../../../compute/find-text.ts'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { endingOf } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import type { FileLook, FileRef, FileSearch } from '../../../model/file.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createFileFind } from '../../../state/pages/file-search.ts'
import { createFileText, type TextLine } from '../../../state/pages/file-text.ts'
import { createHitLines } from '../../../state/pages/hit-lines.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { createHitKeys } from '../find-key.ts'
import { setPageWords } from '../page-words.ts'
import { FileFacts } from './file-facts.tsx'
import { HitStrip } from './hit-strip.tsx'
import { TextTools } from './text-tools.tsx'

const ROW = 19
/** Letters of a line that are drawn. */
const MOST = 4000
/** A larger text is shown without colours: what finds them reads all of it. */
const COLOURED = 256 << 10
/** A file behind a network is searched by itself up to so many bytes: all of it is read for that. */
const FAR_SEARCHED = 4 << 20
/** Of a letter, px. */
const LETTER = 7.23
const NUMBERS = 80
/** A text of more lines has one row for each: the height of a wrapped one is not known before it is drawn. */
const WRAPPED = 2000

interface Line extends TextLine {
  /** Its place in the file, from 0. */
  row: number
}

const LANGUAGES: Record<string, string> = {
  ...{ py: 'python', pyi: 'python', json: 'json', jsonl: 'json', ipynb: 'json', yaml: 'yaml', yml: 'yaml' },
  ...{ js: 'javascript', mjs: 'javascript', ts: 'javascript', tsx: 'javascript', jsx: 'javascript' },
  ...{ md: 'markdown', markdown: 'markdown' },
}

export interface TextPaneProps {
  file: FileRef
  look: FileLook
  name: string
  own: Own
  set(change: Own): void
  phone: boolean
}

/** A text by slices: numbered lines, of which those in sight are read, and a search through all of it. */
export function TextPane(props: TextPaneProps) {
  const { ask, settled } = useApp()
  const { file, look, name } = props
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [control, setControl] = createSignal<LongRowsControl>()
  const [first, setFirst] = createSignal(0)
  const [lastRow, setLastRow] = createSignal(0)
  const [allowed, setAllowed] = createSignal(false)
  const [hit, setHit] = createSignal<number>()
  const text = createFileText(ask, file, look, (by) => {
    // the rows of this text are others by then
    queueMicrotask(() => control()?.scrollTo(first() + by, 'top'))
  })
  const words = () => props.own.q ?? ''
  const wanted = createMemo((): FileSearch | undefined => {
    if (words() === '' || (look.far && look.size > FAR_SEARCHED && !allowed())) return undefined
    return { text: words(), matchCase: props.own.case === '1', pattern: props.own.re === '1' }
  })
  createEffect(on(words, () => setAllowed(false), { defer: true }))
  const find = createFileFind(ask, file, look.encoding, wanted)
  const hits = () => find.hits()
  const hitTexts = createHitLines(ask, file, look, hits)
  /** Rows are lines with hits, and nothing between them. */
  const only = () => props.own.only === '1' && wanted() !== undefined && hits() !== undefined
  const rowCount = () => (only() ? (hits()?.at.length ?? 0) : text.rows())
  const mayWrap = () => text.counted() && text.rows() <= WRAPPED && text.whole() !== undefined
  const wraps = () => props.own.wrap === '1' && mayWrap() && !only()
  const lineAt = (row: number): Line | undefined => {
    if (!only()) {
      const found = text.line(row)
      return found && { ...found, row }
    }
    const [found, line] = [hitTexts.line(row), hits()?.line[row]]
    return found && line !== undefined ? { ...found, number: line + 1, sure: true, row: line } : undefined
  }

  createEffect(() => {
    settled.setBusy('file-text', !text.ready() || find.searching() || seeks())
  })
  onCleanup(() => settled.setBusy('file-text', false))
  // a search counts the lines it goes through
  createEffect(
    on(hits, (found) => {
      if (found && found.searched >= found.size) text.learn(found.lines, found.read)
    }),
  )
  createEffect(
    on(
      () => JSON.stringify(wanted()),
      () => setHit(undefined),
      { defer: true },
    ),
  )
  // the first hit behind what is in sight, once there is one
  createEffect(
    on([hits, find.searching], ([found, searching]) => {
      if (!found || found.at.length === 0 || hit() !== undefined) return
      const next = found.line.findIndex((line) => line >= first())
      if (next < 0 && searching) return
      goToHit(Math.max(0, next))
    }),
  )

  function goToHit(at: number): void {
    const line = hits()?.line[at]
    if (line === undefined) return
    setHit(at)
    show(only() ? at : line)
  }
  function walk(by: 1 | -1): void {
    const n = hits()?.at.length ?? 0
    if (n === 0) return
    const now = hit()
    goToHit(now === undefined ? (by > 0 ? 0 : n - 1) : (now + by + n) % n)
  }
  /** A row with some before it, where it is not in sight. */
  function show(row: number): void {
    if (wraps())
      return scroller()
        ?.querySelector(`[data-line="${row + 1}"]`)
        ?.scrollIntoView({ block: 'nearest' })
    if (row >= first() + 1 && row < lastRow() - 1) return
    control()?.scrollTo(Math.max(0, row - 6), 'top')
  }

  const asked = createMemo(() => {
    const line = Number(props.own.line)
    return Number.isInteger(line) && line > 0 ? line - 1 : undefined
  })
  const [shown, setShown] = createSignal<number>()
  /** The line that the address asks for is still to come into sight. */
  const seeks = () => asked() !== undefined && asked() !== shown() && text.failed() === undefined
  createEffect(
    on([asked, control, text.ready, text.counting, text.counted], ([line, to, ready, counting, counted]) => {
      // of lines that are not counted yet nobody knows where this one is
      if (line === undefined || !to || !ready || line === shown() || (counting !== undefined && !counted))
        return
      setShown(line)
      if (wraps()) return show(line)
      to.scrollTo(Math.max(0, Math.min(line, text.rows() - 1) - 6), 'top')
    }),
  )

  const [colours, setColours] = createSignal<readonly CodeToken[][]>()
  const language = LANGUAGES[endingOf(name)]
  createEffect(() => {
    const whole = look.size <= COLOURED && language ? text.whole() : undefined
    if (whole === undefined || !language) return
    let over = false
    onCleanup(() => {
      over = true
    })
    import('./highlight.ts')
      .then(({ highlighted }) => highlighted(language, whole, () => over))
      .then(
        (found) => !over && setColours(found),
        // without colours it can be read as well
        () => undefined,
      )
  })
  const tokensOf = (row: number, line: string): readonly CodeToken[] =>
    language ? (colours()?.[row] ?? []) : logTokens(line)

  const rangesOf = createMemo(() => {
    const now = wanted()
    if (!now) return () => []
    if (!now.pattern && !now.matchCase) return (line: string) => findText(line, now.text)
    let pattern: RegExp
    try {
      const source = now.pattern ? now.text : now.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      pattern = new RegExp(source, now.matchCase ? 'g' : 'gi')
    } catch {
      return () => []
    }
    // what a line says is tried only where the search has found something on it
    return (line: string): [number, number][] =>
      Array.from(line.matchAll(pattern), (found): [number, number] => [
        found.index,
        found.index + Math.max(1, found[0].length),
      ]).slice(0, 500)
  })
  const hitLines = createMemo(() => new Set(hits()?.line ?? []))
  const currentLine = () => (hit() === undefined ? undefined : hits()?.line[hit() ?? 0])

  const [widest, setWidest] = createSignal(0)
  createEffect(() => {
    let most = widest()
    for (let row = first(); row < lastRow(); row++)
      most = Math.max(most, Math.min(MOST + 40, lineAt(row)?.text.length ?? 0))
    setWidest(most)
  })

  createEffect(() => {
    const about = text.counted() ? '' : 'about '
    const parts = [
      only()
        ? `${formatPlural(rowCount(), 'line')} with hits`
        : text.rows() === 0
          ? 'No lines'
          : `Line ${formatCount(first() + 1)} to ${formatCount(lastRow())} of ${about}${formatCount(text.rows())}`,
    ]
    const found = hits()
    if (found && !find.searching())
      parts.push(`searched ${formatBytes(found.searched)} in ${formatCount(Math.round(found.took))} ms`)
    if (text.invalid() > 0)
      parts.push(
        `${formatPlural(text.invalid(), 'place')} not ${look.encoding.toUpperCase()}, shown as \ufffd`,
      )
    setPageWords(parts.join(', '))
  })
  onCleanup(() => setPageWords(''))

  createHitKeys({
    finds: () => words() !== '',
    walk,
    enter: (by) => (wanted() === undefined ? setAllowed(true) : walk(by)),
  })

  const lineProps = {
    piecesOf: (line: Line) => {
      const part = line.text.slice(0, MOST)
      const ranges = hitLines().has(line.row) ? rangesOf()(part) : []
      return codePieces(part, tokensOf(line.row, part), ranges)
    },
    isAsked: (row: number) => asked() === row,
    isHit: (row: number) => currentLine() === row,
    onNumber(row: number) {
      setShown(row)
      props.set({ line: asked() === row ? '' : String(row + 1) })
    },
  }

  return (
    <>
      <TextTools
        own={props.own}
        set={props.set}
        phone={props.phone}
        find={{
          at: hit(),
          total: hits()?.total ?? 0,
          listed: hits()?.at.length ?? 0,
          share: find.searching() && hits() ? (hits()?.searched ?? 0) / Math.max(1, look.size) : undefined,
          searching: find.searching(),
          waits: words() !== '' && wanted() === undefined,
          size: look.size,
          failed: find.failed()?.text,
          walk,
          allow: () => setAllowed(true),
        }}
        wrap={{ on: wraps(), may: mayWrap() }}
        lines={{
          counted: text.counted(),
          counting: text.counting(),
          count: text.count,
          far: look.far,
          size: look.size,
        }}
      >
        <FileFacts file={file} size={look.size} read={text.read()} />
      </TextTools>
      <Show when={text.failed()}>
        {(notice) => (
          <p class="file-trouble" role="alert">
            {`Could not read this part: ${notice().text}. ${notice().action ?? ''} `}
            <button type="button" class="link-button" onClick={() => text.retry()}>
              Retry
            </button>
          </p>
        )}
      </Show>
      <Show when={text.counting() !== undefined}>
        <ProgressLine label="Counting lines" share={100 * (text.counting() ?? 0)} words="counting lines" />
      </Show>
      <div class="code-box">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reached by keys */}
        <section class="code-sheet" aria-label={`Text of ${name}`} tabIndex={0} ref={setScroller}>
          <div
            class="code-lines"
            style={{ 'min-width': wraps() ? '0' : `${Math.ceil(NUMBERS + (widest() + 2) * LETTER)}px` }}
          >
            <Show
              when={!wraps()}
              fallback={
                <div class="code-wrapped">
                  <For each={Array.from({ length: text.rows() }, (_, row) => row)}>
                    {(row) => <CodeLine line={lineAt(row)} row={row} {...lineProps} />}
                  </For>
                </div>
              }
            >
              <LongRows
                count={rowCount()}
                rowHeight={ROW}
                scroller={scroller()}
                role="presentation"
                onRange={(from, end) => {
                  setFirst(from)
                  setLastRow(end)
                  if (only()) hitTexts.look(from, end)
                  else text.look(from, end)
                }}
                control={setControl}
              >
                {(index) => <CodeLine line={lineAt(index())} row={index()} {...lineProps} />}
              </LongRows>
            </Show>
          </div>
        </section>
        <HitStrip
          lines={hits()?.line}
          rows={text.rows()}
          now={hit()}
          from={first()}
          end={lastRow()}
          onGo={goToHit}
        />
      </div>
    </>
  )
}

/** A line with its number; its place is known before its text is here. */
function CodeLine(props: {
  line: Line | undefined
  row: number
  piecesOf(line: Line): CodePiece[]
  isAsked(row: number): boolean
  isHit(row: number): boolean
  onNumber(row: number): void
}) {
  const row = () => props.line?.row ?? props.row
  const pieces = createMemo(() => (props.line ? props.piecesOf(props.line) : []))
  const longer = () => (props.line?.text.length ?? 0) - MOST
  return (
    <div
      class="code-line"
      classList={{ asked: props.isAsked(row()), hit: props.isHit(row()) }}
      data-line={row() + 1}
    >
      <button
        type="button"
        class="code-number"
        tabIndex={-1}
        aria-label={`Line ${row() + 1}: put into the link`}
        onClick={() => props.onNumber(row())}
      >
        {props.line?.sure ? formatCount(row() + 1) : `~${formatCount(row() + 1)}`}
      </button>
      <code dir="ltr">
        <For each={pieces()}>
          {(piece) => (
            <Show when={piece.hit} fallback={<span class={piece.kind}>{piece.text}</span>}>
              <mark class={piece.kind} classList={{ now: props.isHit(row()) }}>
                {piece.text}
              </mark>
            </Show>
          )}
        </For>
        <Show when={props.line?.cut || longer() > 0}>
          <span class="code-more">
            {props.line?.cut ? ' … the line goes on' : ` … ${formatCount(longer())} more letters`}
          </span>
        </Show>
      </code>
    </div>
  )
}
