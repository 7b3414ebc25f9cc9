import { createVirtualizer } from '@tanstack/solid-virtual'
import { createEffect, createMemo, For, on, onCleanup, onMount, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { metadataText } from '../../../compute/trace-facts.ts'
import { METADATA_ROLE } from '../../../model/trace.ts'
import { Fold, Message, Words } from './message.tsx'
import type { TracesModel } from './model.ts'

/** Of a message before it was measured, px. */
const GUESS = 72

/** Messages of a trace, of which those near the window are in the page; then its metadata. */
export function Conversation(props: { model: TracesModel }) {
  const { model } = props
  let scroller: HTMLElement | undefined
  const count = () => model.messages().length
  const virtual = createVirtualizer<HTMLElement, HTMLElement>({
    get count() {
      return count()
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: () => GUESS,
    get getItemKey() {
      const id = model.trace()?.id
      return (index: number) => `${id} ${index}`
    },
    overscan: 6,
  })
  const items = createMemo(() => virtual.getVirtualItems())
  const inPage = createMemo(() => items().map(({ key }) => String(key)))
  const places = createMemo(() => new Map(items().map((item) => [String(item.key), item])))

  createEffect(
    on(
      () => model.trace()?.id,
      () => {
        if (scroller) scroller.scrollTop = 0
      },
      { defer: true },
    ),
  )
  // once the message of the hit is in the page and measured, the hit itself is brought into sight
  createEffect(
    on([model.hit, model.messages], ([hit]) => {
      if (!hit || hit.span >= 0) return
      if (hit.message >= 0) virtual.scrollToIndex(hit.message, { align: 'auto' })
      reveal(12)
    }),
  )
  function reveal(tries: number): void {
    requestAnimationFrame(() => {
      const mark = scroller?.querySelector('mark.now')
      if (mark && scroller) {
        const [box, around] = [mark.getBoundingClientRect(), scroller.getBoundingClientRect()]
        if (box.top < around.top + 8 || box.bottom > around.bottom - 8)
          scroller.scrollTop += box.top - around.top - around.height / 3
      } else if (tries > 0) reveal(tries - 1)
    })
  }

  const about = createMemo(() => metadataText(model.metadata()))
  const keys = () => {
    const metadata = model.metadata()
    return metadata !== null && typeof metadata === 'object' ? Object.keys(metadata).length : 0
  }
  const hitInAbout = () => (model.hit()?.role === METADATA_ROLE ? model.hit()?.from : undefined)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, with the keys too
    <section class="conversation" ref={scroller} tabIndex={0} aria-label="Conversation">
      <div class="messages" style={{ height: `${virtual.getTotalSize()}px` }}>
        <For each={inPage()}>
          {(key) => {
            const item = () => places().get(key)
            const index = () => item()?.index ?? 0
            let box: HTMLDivElement | undefined
            onMount(() => {
              if (box) virtual.measureElement(box)
            })
            onCleanup(() => virtual.measureElement(null))
            return (
              <Show when={model.messages()[index()]}>
                {(message) => (
                  <div
                    class="message-place"
                    ref={box}
                    data-index={index()}
                    style={{ transform: `translateY(${item()?.start ?? 0}px)` }}
                  >
                    <Message model={model} message={message()} index={index()} />
                  </div>
                )}
              </Show>
            )
          }}
        </For>
      </div>
      <Show when={count() === 0}>
        <p class="none-said">No messages were logged with this trace.</p>
      </Show>
      <Show when={about() !== ''}>
        <div class="about">
          <Fold
            label={`Metadata, ${formatCount(keys())} ${keys() === 1 ? 'key' : 'keys'}`}
            open={hitInAbout() !== undefined}
          >
            <div class="mono">
              <Words text={about()} wanted={model.text()} current={hitInAbout()} />
            </div>
          </Fold>
        </div>
      </Show>
    </section>
  )
}
