import { createEffect, createMemo, createSignal, For, Match, on, onCleanup, Show, Switch } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import { isAbort, noticeOf } from '../../../model/errors.ts'
import { useApp } from '../../../state/app.ts'

export interface MediaValue {
  /** `image`, `video`, … */
  kind: string
  path: string
  caption: string
}

/** What a cell of media names; of anything else nothing. */
export function mediaIn(text: string): MediaValue[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  return (Array.isArray(value) ? value.flat(3) : [value]).flatMap((one: unknown): MediaValue[] => {
    if (typeof one !== 'object' || one === null || !('file_path' in one) || !('_type' in one)) return []
    const { file_path: path, _type: type, caption } = one as Record<string, unknown>
    if (typeof path !== 'string' || typeof type !== 'string') return []
    const kind = type.replace(/^trackio\./, '')
    return [{ kind, path, caption: typeof caption === 'string' ? caption : '' }]
  })
}

const MOST = 6

/** Pictures as small as their row, other media by their name. */
export function MediaCell(props: { text: string; large?: boolean; find: string }) {
  const all = createMemo(() => mediaIn(props.text))
  return (
    <span class="media-cell" classList={{ large: props.large }}>
      <For each={props.large ? all() : all().slice(0, MOST)}>
        {(one) => (
          <Show when={one.kind === 'image'} fallback={<span class="media-word">{wordOf(one)}</span>}>
            <Picture value={one} large={props.large ?? false} />
          </Show>
        )}
      </For>
      <Show when={!props.large && all().length > MOST}>
        <span class="media-word">{`and ${all().length - MOST} more`}</span>
      </Show>
      <Show when={all().length === 1 && all()[0]?.kind === 'image' && all()[0]?.caption}>
        {(caption) => <span class="media-word">{visibleName(caption())}</span>}
      </Show>
    </span>
  )
}

function wordOf({ kind, caption, path }: MediaValue): string {
  return `${kind}: ${visibleName(caption || path.replace(/^.*[/\\]/, ''))}`
}

function Picture(props: { value: MediaValue; large: boolean }) {
  const { sources } = useApp()
  const [found, setFound] = createSignal<string>()
  /** In place of the picture: what is the matter, and why. */
  const [trouble, setTrouble] = createSignal<{ what: string; why: string; again: boolean }>()
  const [tries, setTries] = createSignal(0)
  createEffect(
    on(
      () => [sources.asked(), props.value.path, tries()] as const,
      ([project, path]) => {
        setFound(undefined)
        setTrouble(undefined)
        if (project === undefined) return
        const abort = new AbortController()
        let address: string | undefined
        onCleanup(() => {
          abort.abort()
          if (address) URL.revokeObjectURL(address)
        })
        sources.media(project, path, abort.signal).then(
          (blob) => {
            if (abort.signal.aborted) return
            address = blob && URL.createObjectURL(blob)
            if (address) setFound(address)
            else setTrouble({ what: 'missing file', why: '', again: false })
          },
          (error: unknown) => {
            if (isAbort(error) || abort.signal.aborted) return
            const { text } = noticeOf(error, '')
            setTrouble({ what: 'could not be read', why: text, again: true })
          },
        )
      },
    ),
  )
  return (
    <Switch fallback={<i class="media-wait" />}>
      <Match when={trouble()}>
        {(now) => (
          <>
            <span class="media-missing" title={`${props.value.path}: ${now().why || now().what}`}>
              {props.large
                ? [now().what, visibleName(props.value.path), visibleName(now().why)]
                    .filter(Boolean)
                    .join(' ')
                : now().what}
            </span>
            <Show when={props.large && now().again}>
              <button type="button" class="text-button" onClick={() => setTries((n) => n + 1)}>
                Try again
              </button>
            </Show>
          </>
        )}
      </Match>
      <Match when={found()}>
        {(address) => (
          <img
            src={address()}
            alt={props.value.caption || props.value.path.replace(/^.*[/\\]/, '')}
            title={props.value.caption || props.value.path}
            draggable={false}
            decoding="async"
            onError={() => setTrouble({ what: 'broken file', why: '', again: false })}
          />
        )}
      </Match>
    </Switch>
  )
}
