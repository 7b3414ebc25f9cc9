import { createSignal, type JSX, Show } from 'solid-js'
import { formatBytes, formatBytesOf } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import type { Own } from '../../../state/address/link.ts'
import { HitWalk } from '../../components/hit-walk.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { modified } from '../keys.ts'

export interface TextFind {
  at: number | undefined
  total: number
  /** Those that can be walked through: the first million. */
  listed: number
  /** Of the file that was searched, 0 to 1; undefined once it was. */
  share: number | undefined
  searching: boolean
  /** Nothing is searched before somebody says so: all of the file would come over the network. */
  waits: boolean
  size: number
  failed: string | undefined
  walk(by: 1 | -1): void
  allow(): void
}

/** What is looked for in a text, and the way to a line. */
export function TextTools(props: {
  own: Own
  set(change: Own): void
  phone: boolean
  find: TextFind
  wrap: { on: boolean; may: boolean }
  lines: { counted: boolean; counting: number | undefined; count(): void; far: boolean; size: number }
  children: JSX.Element
}) {
  const [line, setLine] = createSignal('')
  const words = () => props.own.q ?? ''
  const hits = () => {
    const { at, total, listed, searching, waits } = props.find
    if (words() === '' || waits) return ''
    if (total === 0) return searching ? '' : 'none'
    const of = `${formatCount(total)}${searching ? ' so far' : ''}`
    const known = listed < total ? `first ${formatCount(listed)} of ` : ''
    return at === undefined ? of : `${formatCount(at + 1)} of ${known}${of}`
  }
  return (
    <>
      <div class="file-tools" role="toolbar" aria-label="Text">
        <SearchField
          label="Find in the text"
          placeholder="Find"
          hint={props.phone ? undefined : modified('⌘F')}
          ref={(input) => input.setAttribute('data-find', '')}
          value={words()}
          invalid={props.find.failed !== undefined}
          describedBy="file-find-failed"
          onInput={(q) => props.set({ q })}
        >
          <Show when={words() !== ''}>
            <HitWalk words={hits()} none={props.find.total === 0} onWalk={(by) => props.find.walk(by)} />
          </Show>
          <button
            type="button"
            class="toggle"
            aria-pressed={props.own.case === '1'}
            aria-label="Match case"
            title="Match case"
            onClick={() => props.set({ case: props.own.case === '1' ? '' : '1' })}
          >
            Aa
          </button>
          <button
            type="button"
            class="toggle"
            aria-pressed={props.own.re === '1'}
            aria-label="Regular expression"
            title="Regular expression"
            onClick={() => props.set({ re: props.own.re === '1' ? '' : '1' })}
          >
            .*
          </button>
        </SearchField>
        <Show when={words() !== ''}>
          <button
            type="button"
            class="text-button"
            aria-pressed={props.own.only === '1'}
            onClick={() => props.set({ only: props.own.only === '1' ? '' : '1' })}
          >
            Only lines with hits
          </button>
        </Show>
        <Show when={!props.phone}>
          <form
            class="go-to-line"
            onSubmit={(event) => {
              event.preventDefault()
              const wanted = Number(line().replaceAll(',', ''))
              if (Number.isInteger(wanted) && wanted > 0) props.set({ line: String(wanted) })
              setLine('')
            }}
          >
            <label class="field">
              <span class="unseen">Go to line</span>
              <input
                type="text"
                inputmode="numeric"
                placeholder="Go to line"
                autocomplete="off"
                value={line()}
                onInput={(event) => setLine(event.currentTarget.value)}
              />
            </label>
          </form>
        </Show>
        <Show when={props.lines.far && !props.lines.counted && props.lines.counting === undefined}>
          <button
            type="button"
            class="text-button"
            title={`Reads all ${formatBytes(props.lines.size)}`}
            onClick={() => props.lines.count()}
          >
            Count lines
          </button>
        </Show>
        <Show when={props.wrap.may}>
          <button
            type="button"
            class="text-button"
            aria-pressed={props.wrap.on}
            onClick={() => props.set({ wrap: props.wrap.on ? '' : '1' })}
          >
            Wrap
          </button>
        </Show>
        <span class="gap" />
        {props.children}
      </div>
      <Show when={props.find.waits}>
        <p class="file-note" role="status">
          {`A search reads all ${formatBytes(props.find.size)} over the network. `}
          <button type="button" class="link-button" onClick={() => props.find.allow()}>
            Search all of it
          </button>
        </p>
      </Show>
      <Show when={props.find.share !== undefined}>
        <p class="file-note" role="status">
          {`searching ${formatBytesOf((props.find.share ?? 0) * props.find.size, props.find.size)} `}
          <button type="button" class="link-button" onClick={() => props.set({ q: '' })}>
            Cancel
          </button>
        </p>
      </Show>
      <Show when={props.find.failed}>
        {(why) => (
          <p class="file-trouble" id="file-find-failed" role="alert">
            {`Nothing was searched: ${why()}`}
          </p>
        )}
      </Show>
    </>
  )
}
