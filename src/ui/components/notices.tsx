import '../styles/notices.css'
import { createMemo, createSignal, For, Show } from 'solid-js'
import type { Notice } from '../../model/source.ts'
import { Name } from '../components/name.tsx'
import { focusBeside } from './focus.ts'
import { Icon } from './icon.tsx'

export interface NoticesProps {
  notices: readonly Notice[]
  onDismiss(notice: Notice): void
}

const FOLD = 4
const MARKS = { info: 'i', warn: '!', error: '×' } as const

/** What a person should know, one line each: what it is about, what is wrong, what to do. */
export function Notices(props: NoticesProps) {
  const [all, setAll] = createSignal(false)
  // by what they say: one that is made anew with the same words is not said again, and keeps the focus
  const byWords = createMemo(
    () => new Map(props.notices.map((notice) => [`${notice.subject}\n${notice.text}`, notice])),
  )
  const words = createMemo(() => [...byWords().keys()])
  const shown = createMemo(() => (all() ? words() : words().slice(0, FOLD)))

  function dismiss(button: HTMLElement, notice: Notice): void {
    if (!focusBeside(button.closest('.notice'), 'button')) document.getElementById('charts')?.focus()
    props.onDismiss(notice)
  }

  return (
    <Show when={words().length > 0}>
      <div class="notices">
        <For each={shown()}>
          {(key) => (
            <Show when={byWords().get(key)}>
              {(notice) => (
                <div
                  class={`notice ${notice().level}`}
                  role={notice().level === 'error' ? 'alert' : 'status'}
                >
                  <span class="mark" aria-hidden="true">
                    {MARKS[notice().level]}
                  </span>
                  <p>
                    <b>
                      <Name of={notice().subject} />
                    </b>
                    : <Name of={notice().text} />
                    {/[.!?]$/.test(notice().text) ? ' ' : '. '}
                    <Name of={notice().action ?? ''} />
                  </p>
                  <Show when={notice().reload}>
                    <button type="button" class="link-button" onClick={() => location.reload()}>
                      Reload
                    </button>
                  </Show>
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={`Dismiss ${notice().subject}`}
                    onClick={(event) => dismiss(event.currentTarget, notice())}
                  >
                    <Icon name="close" />
                  </button>
                </div>
              )}
            </Show>
          )}
        </For>
        <Show when={words().length > FOLD}>
          <div class="notice">
            <span class="mark" />
            <button type="button" class="link-button" aria-expanded={all()} onClick={() => setAll(!all())}>
              {all() ? 'Show fewer' : `${words().length - FOLD} more`}
            </button>
            <button type="button" class="link-button" onClick={() => props.notices.forEach(props.onDismiss)}>
              Dismiss all
            </button>
          </div>
        </Show>
      </div>
    </Show>
  )
}
