import { createSignal, For, type JSX, Show } from 'solid-js'
import type { Notice } from '../../model/source.ts'
import { Icon } from './icon.tsx'

export interface NoticesProps {
  notices: readonly Notice[]
  onDismiss(notice: Notice): void
  /** A control that belongs to a notice: `Read again`. */
  act?(notice: Notice): JSX.Element
}

const FOLD = 4
const MARKS = { info: 'i', warn: '!', error: '×' } as const

/** What a person should know, one line each: what it is about, what is wrong, what to do. */
export function Notices(props: NoticesProps) {
  const [all, setAll] = createSignal(false)
  const shown = () => (all() ? props.notices : props.notices.slice(0, FOLD))
  return (
    <Show when={props.notices.length > 0}>
      <div class="notices">
        <For each={shown()}>
          {(notice) => (
            <div class={`notice ${notice.level}`} role={notice.level === 'error' ? 'alert' : 'status'}>
              <span class="mark" aria-hidden="true">
                {MARKS[notice.level]}
              </span>
              <p>
                <b>{notice.subject}</b>: {notice.text}
                {/[.!?]$/.test(notice.text) ? ' ' : '. '}
                {notice.action}
              </p>
              {props.act?.(notice)}
              <button type="button" class="icon-button" aria-label={`Dismiss ${notice.subject}`} onClick={() => props.onDismiss(notice)}>
                <Icon name="close" />
              </button>
            </div>
          )}
        </For>
        <Show when={props.notices.length > FOLD}>
          <div class="notice">
            <span class="mark" />
            <button type="button" class="link-button" onClick={() => setAll(!all())}>
              {all() ? 'Show fewer' : `${props.notices.length - FOLD} more`}
            </button>
          </div>
        </Show>
      </div>
    </Show>
  )
}
