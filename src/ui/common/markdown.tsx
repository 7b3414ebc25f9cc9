import '../styles/markdown.css'
import { createEffect, createMemo, createSignal, on, Show } from 'solid-js'
import { formatBytes } from '../../compute/format.ts'

/** Laying out more than this takes long enough to be felt: it is done when somebody asks. */
const AT_ONCE = 200_000

// one for all texts: what is fetched stays. A resource would have the page wait for it
const [code, setCode] = createSignal<(text: string) => DocumentFragment>()

/**
 * Markdown, laid out. The code for it is fetched with the first text; until then, and where it cannot be
 * fetched or the text is nested too deeply, the text stands as it is written, with why.
 */
export function Markdown(props: { text: string; class?: string | undefined }) {
  const [asked, setAsked] = createSignal(false)
  const [failed, setFailed] = createSignal(false)
  createEffect(
    on(
      () => props.text,
      () => setAsked(false),
      { defer: true },
    ),
  )
  const wanted = () => props.text.length <= AT_ONCE || asked()
  createEffect(() => {
    if (!wanted() || code()) return
    import('./markdown-html.ts').then(
      ({ markdownNodes }) => setCode(() => markdownNodes),
      () => setFailed(true),
    )
  })
  const laid = createMemo((): { nodes?: DocumentFragment; why?: string } => {
    const layOut = code()
    if (!wanted()) return {}
    if (!layOut) return failed() ? { why: 'what lays Markdown out could not be fetched' } : {}
    try {
      return { nodes: layOut(props.text) }
    } catch (error) {
      if (error instanceof RangeError) return { why: 'nested too deeply to be laid out' }
      throw error
    }
  })
  return (
    <Show
      when={laid().nodes}
      fallback={
        <div class={`markdown written ${props.class ?? ''}`}>
          <Show when={laid().why ?? (wanted() ? undefined : formatBytes(props.text.length))}>
            {(why) => (
              <p class="note">
                {`Shown as it is written: ${why()}. `}
                <Show when={!wanted()}>
                  <button type="button" class="link-button" onClick={() => setAsked(true)}>
                    Lay it out
                  </button>
                </Show>
              </p>
            )}
          </Show>
          <div class="as-written" dir="auto">
            {props.text}
          </div>
        </div>
      }
    >
      {(nodes) => (
        <div class={`markdown ${props.class ?? ''}`} dir="auto">
          {nodes()}
        </div>
      )}
    </Show>
  )
}
