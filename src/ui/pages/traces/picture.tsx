import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js'
import type { JsonMedia } from '../../../compute/json-text.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { noticeOf } from '../../../model/errors.ts'
import { useApp } from '../../../state/app.ts'

/** Pictures that are shown: a drawing (SVG) within `img` runs nothing and fetches nothing. */
const SHOWN = /^image\/(png|jpe?g|gif|webp|avif|bmp|svg\+xml)$/i

/** A picture of a trace: out of its text, or a file of the project. Of what is lost or broken its name is told. */
export function Picture(props: { media: JsonMedia }) {
  const { sources } = useApp()
  const [source, setSource] = createSignal<string>()
  const [why, setWhy] = createSignal('')
  const [unread, setUnread] = createSignal(false)
  const [tries, setTries] = createSignal(0)
  let made: string | undefined
  const drop = (): void => {
    if (made) URL.revokeObjectURL(made)
    made = undefined
  }
  onCleanup(drop)
  createEffect(
    on([() => props.media, tries], ([{ type, source: from }]) => {
      drop()
      setWhy('')
      setUnread(false)
      setSource(undefined)
      if (type !== '') {
        if (SHOWN.test(type)) setSource(from)
        else setWhy(`pictures of type ${type} cannot be shown`)
        return
      }
      const project = sources.asked()
      if (project === undefined) return
      const gone = new AbortController()
      onCleanup(() => gone.abort())
      sources.media(project, from, gone.signal).then(
        (blob) => {
          if (gone.signal.aborted) return
          if (!blob) return setWhy('missing file')
          made = URL.createObjectURL(blob)
          setSource(made)
        },
        (error: unknown) => {
          if (gone.signal.aborted) return
          setUnread(true)
          setWhy(`could not be read: ${noticeOf(error, '').text}`)
        },
      )
    }),
  )
  const name = () => (props.media.type === '' ? props.media.source : props.media.type)
  return (
    <Show
      when={why() === ''}
      fallback={
        <span class="no-picture">
          <b>{visibleName(why())}</b> {visibleName(name().slice(0, 200))}
          <Show when={unread()}>
            {' '}
            <button type="button" class="text-button" onClick={() => setTries((n) => n + 1)}>
              Try again
            </button>
          </Show>
        </span>
      }
    >
      <span class="picture">
        <Show when={source()} fallback={<i class="none" />}>
          {(from) => (
            <img
              src={from()}
              alt={props.media.caption || 'Picture of the message'}
              onError={() => setWhy('broken picture')}
            />
          )}
        </Show>
      </span>
    </Show>
  )
}
