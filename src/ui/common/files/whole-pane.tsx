import {
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  Match,
  on,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { formatBytes, formatBytesOf, formatPlural } from '../../../compute/format.ts'
import { mediaType } from '../../../compute/media-payload.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { isAbort, noticeOf } from '../../../model/errors.ts'
import type { FileLook, FileRef } from '../../../model/file.ts'
import { useApp } from '../../../state/app.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import { guardedHtml } from '../guarded-html.ts'
import { Markdown } from '../markdown.tsx'
import { FileFacts } from './file-facts.tsx'

/** A larger file comes over a network when somebody asks for it. */
const FAR_MOST = 16 << 20
/** A larger page is not taken apart by itself. */
const PAGE_MOST = 8 << 20

/** What is shown as a whole: pictures, sounds and videos, laid out Markdown, a page without its scripts. */
export function WholePane(props: { file: FileRef; look: FileLook; name: string }) {
  const { ask, settled } = useApp()
  const { file, look, name } = props
  const most = look.kind === 'markdown' || look.kind === 'html' ? PAGE_MOST : FAR_MOST
  const [allowed, setAllowed] = createSignal(look.size <= most || !(look.far || most === PAGE_MOST))
  const [blob, setBlob] = createSignal<Blob>()
  const [done, setDone] = createSignal(0)
  const [why, setWhy] = createSignal<string>()
  const [tries, setTries] = createSignal(0)
  let abort: AbortController | undefined
  onCleanup(() => abort?.abort())
  createEffect(
    on([allowed, tries], ([may]) => {
      if (!may) return
      abort?.abort()
      abort = new AbortController()
      const { signal } = abort
      setWhy(undefined)
      settled.setBusy('file-whole', true)
      const onProgress = ({ bytes }: { bytes: number }): void => void setDone(bytes)
      ask('fileBlob', { file }, { signal, onProgress })
        .then(
          // by its name: a host may call it anything, and a page must not come as one
          (found) => setBlob(found.slice(0, found.size, mediaType(name))),
          (error: unknown) => {
            if (!isAbort(error)) setWhy(noticeOf(error, file.path).text)
          },
        )
        .finally(() => settled.setBusy('file-whole', false))
    }),
  )
  onCleanup(() => settled.setBusy('file-whole', false))
  const read = () => (blob() ? { bytes: look.size, stretches: 1 } : look.read)
  return (
    <>
      <div class="file-tools">
        <span class="gap" />
        <FileFacts file={file} size={look.size} read={read()} />
      </div>
      <Switch>
        <Match when={!allowed()}>
          <div class="blank" role="status">
            <h2>{`${formatBytes(look.size)}, not read yet`}</h2>
            <button type="button" class="button" onClick={() => setAllowed(true)}>
              Show it
            </button>
          </div>
        </Match>
        <Match when={why()}>
          {(cause) => (
            <div class="blank" role="alert">
              <h2>{`Could not show ${visibleName(name)}`}</h2>
              <pre>{visibleName(cause())}</pre>
              <button type="button" class="button" onClick={() => setTries((n) => n + 1)}>
                Retry
              </button>
            </div>
          )}
        </Match>
        <Match when={!blob()}>
          <div class="tables-wait patient">
            <ProgressLine
              label={name}
              share={(100 * done()) / Math.max(1, look.size)}
              words={`reading ${formatBytesOf(done(), look.size)}`}
            />
            <p class="data-note">{`reading ${formatBytesOf(done(), look.size)}`}</p>
          </div>
        </Match>
        <Match when={blob()}>
          {(found) => <Shown blob={found()} look={look} name={name} onBroken={setWhy} />}
        </Match>
      </Switch>
    </>
  )
}

interface ShownProps {
  blob: Blob
  look: FileLook
  name: string
  onBroken(why: string): void
}

function Shown(props: ShownProps): JSX.Element {
  switch (props.look.kind) {
    case 'markdown':
      return <MarkdownPage {...props} />
    case 'html':
      return <HtmlPage {...props} />
    default:
      return <Media {...props} />
  }
}

function Media(props: ShownProps) {
  const url = createMemo(() => URL.createObjectURL(props.blob))
  createEffect(() => {
    const made = url()
    onCleanup(() => URL.revokeObjectURL(made))
  })
  const [size, setSize] = createSignal('')
  const broken = (what: string) => () => props.onBroken(`no ${what} that this browser can show`)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="media-sheet" aria-label={props.name} tabIndex={0}>
      <Switch>
        <Match when={props.look.kind === 'image'}>
          <img
            src={url()}
            alt={visibleName(props.name)}
            onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
              setSize(naturalWidth > 0 ? `${naturalWidth} × ${naturalHeight}` : '')
            }
            onError={broken('picture')}
          />
        </Match>
        <Match when={props.look.kind === 'video'}>
          {/* biome-ignore lint/a11y/useMediaCaption: what was saved has no captions */}
          <video src={url()} controls playsinline aria-label={props.name} onError={broken('video')} />
        </Match>
        <Match when={props.look.kind === 'audio'}>
          {/* biome-ignore lint/a11y/useMediaCaption: the same */}
          <audio src={url()} controls aria-label={props.name} onError={broken('sound')} />
        </Match>
      </Switch>
      <Show when={size() !== ''}>
        <p class="data-note">{size()}</p>
      </Show>
    </section>
  )
}

function MarkdownPage(props: ShownProps) {
  const text = createText(props)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="page-sheet" aria-label={props.name} tabIndex={0}>
      <Show when={text() !== undefined}>
        <Markdown text={text() ?? ''} />
      </Show>
    </section>
  )
}

/** In a frame without scripts and without an origin; what it would fetch is taken out before. */
function HtmlPage(props: ShownProps) {
  const text = createText(props)
  const guarded = createMemo(() => {
    const now = text()
    return now === undefined ? undefined : guardedHtml(now)
  })
  const left = () => {
    const now = guarded()
    return [
      now?.scripts ? 'its scripts' : '',
      (now?.addresses ?? 0) > 0 ? formatPlural(now?.addresses ?? 0, 'address', 'addresses') : '',
    ]
      .filter(Boolean)
      .join(' and ')
  }
  return (
    <>
      <Show when={left() !== ''}>
        <p class="file-note" role="status">
          {`Shown without ${left()}. Download it to open it elsewhere.`}
        </p>
      </Show>
      <Show when={guarded()}>
        {(now) => (
          <iframe
            class="page-frame"
            title={props.name}
            sandbox=""
            referrerpolicy="no-referrer"
            srcdoc={now().html}
          />
        )}
      </Show>
    </>
  )
}

function createText(props: ShownProps) {
  const [text, setText] = createSignal<string>()
  createEffect(() => {
    const { blob, look, name, onBroken } = props
    let over = false
    onCleanup(() => {
      over = true
    })
    blob.arrayBuffer().then(
      (bytes) => !over && setText(new TextDecoder(look.encoding).decode(bytes)),
      // a file of this machine that was changed or taken away since
      (error: unknown) => !over && onBroken(noticeOf(error, name).text),
    )
  })
  return text
}
