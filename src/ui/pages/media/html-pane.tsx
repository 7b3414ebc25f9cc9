import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { guardedHtml } from '../../common/guarded-html.ts'
import { createFile } from './file-of.ts'
import { WithFile } from './file-words.tsx'
import type { MediaModel } from './model.ts'

/** Beside the page; the page of one file has none. */
const FRAME = 'html-frame.html'

/**
 * A logged page in a frame without scripts and without an origin. Somebody may allow the scripts of this one: it then
 * stands in a frame that may run them, still without an origin, so that it reaches nothing of this page.
 */
export function HtmlPane(props: { model: MediaModel; path: string; label: string }) {
  const file = createFile(props.model, () => props.path)
  const [allowed, setAllowed] = createSignal(false)
  createEffect(
    on(
      () => props.path,
      () => setAllowed(false),
      { defer: true },
    ),
  )
  const [text, setText] = createSignal<string>()
  createEffect(() => {
    const now = file()
    setText(undefined)
    if (now.state !== 'ready') return
    let over = false
    onCleanup(() => {
      over = true
    })
    void now.blob.text().then((read) => !over && setText(read))
  })
  const guarded = createMemo(() => {
    const now = text()
    return now === undefined ? undefined : guardedHtml(now)
  })
  // the page of one file has no file beside it
  const canRun = location.protocol !== 'file:' && window.origin !== 'null'
  const refused = () => {
    const now = guarded()
    if (!now || allowed()) return ''
    const scripts = now.scripts ? 'HTML asks for scripts' : ''
    const others = now.addresses > 0 ? `${formatPlural(now.addresses, 'address', 'addresses')} left out` : ''
    return [scripts, others].filter(Boolean).join(', ')
  }
  return (
    <WithFile file={file()} path={props.path}>
      <div class="pane-html">
        <Show when={refused() || allowed()}>
          <p class="pane-note" role="status">
            <Show
              when={!allowed()}
              fallback={
                <>
                  Scripts of this item run, in a frame of their own; it may fetch from the web.{' '}
                  <button type="button" class="link-button" onClick={() => setAllowed(false)}>
                    Stop
                  </button>
                </>
              }
            >
              <span class="warned">{`Refused: ${refused()}.`}</span>{' '}
              <Show when={canRun} fallback="Save it to open it elsewhere.">
                <button type="button" class="link-button" onClick={() => setAllowed(true)}>
                  Allow for this item
                </button>
              </Show>
            </Show>
          </p>
        </Show>
        <Show
          when={allowed()}
          fallback={
            <iframe
              title={props.label}
              sandbox=""
              referrerpolicy="no-referrer"
              srcdoc={guarded()?.html ?? ''}
            />
          }
        >
          <Running label={props.label} html={text() ?? ''} />
        </Show>
      </div>
    </WithFile>
  )
}

function Running(props: { label: string; html: string }) {
  let frame: HTMLIFrameElement | undefined
  function onMessage({ source, data }: MessageEvent): void {
    if (source !== frame?.contentWindow || data !== 'ready') return
    // it has no origin that could be named
    frame?.contentWindow?.postMessage(props.html, '*')
    window.removeEventListener('message', onMessage)
  }
  window.addEventListener('message', onMessage)
  onCleanup(() => window.removeEventListener('message', onMessage))
  return (
    <iframe
      ref={frame}
      title={props.label}
      sandbox="allow-scripts"
      referrerpolicy="no-referrer"
      src={FRAME}
    />
  )
}
