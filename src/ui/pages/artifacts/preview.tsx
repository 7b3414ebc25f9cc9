import { createEffect, createMemo, createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import type { ManifestLine } from '../../../compute/manifest-diff.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { copyText } from '../../common/clipboard.ts'
import { Reading } from '../../common/page-states.tsx'
import { Icon } from '../../components/icon.tsx'
import type { ArtifactsModel } from './model.ts'

/** The beginning of a file, a picture, or where a reference leads; below the files. */
export function Preview(props: { model: ArtifactsModel; line: ManifestLine }) {
  const { model } = props
  const entry = () => props.line.entry
  const isText = createMemo(() => {
    const now = model.preview.file()
    return now.state === 'text' ? now : undefined
  })
  const facts = () => {
    const text = isText()
    const parts = [formatBytes(entry().bytes)]
    if (text && text.read >= entry().bytes) parts.push(formatPlural(linesIn(text.text), 'line'))
    else if (text) parts.push(`the first ${formatBytes(text.read)} are shown`)
    return entry().ref !== null ? 'a reference: it lies elsewhere' : parts.join(', ')
  }
  const removed = () => props.line.sign === 'removed'
  return (
    <section class="artifact-preview" aria-label={`Preview of ${props.line.path}`}>
      <header>
        <h3>
          <bdi title={visibleName(props.line.path)}>{visibleName(props.line.path)}</bdi>
        </h3>
        <span class="quiet">{removed() ? `${facts()}, only in the other version` : facts()}</span>
        <span class="gap" />
        <Show when={entry().ref === null}>
          <button
            type="button"
            class="text-button"
            disabled={model.without() !== undefined || !model.current()}
            onClick={() => void model.downloadFile(entry())}
          >
            Download
          </button>
        </Show>
        <button
          type="button"
          class="icon-button"
          aria-label="Close the preview"
          title="Esc"
          onClick={() => model.set({ path: '' })}
        >
          <Icon name="close" />
        </button>
      </header>
      <Show
        when={entry().ref === null}
        fallback={<Reference of={entry().ref ?? ''} digest={entry().digest} />}
      >
        <Stored model={model} />
      </Show>
    </section>
  )
}

function Stored(props: { model: ArtifactsModel }) {
  const { model } = props
  const of = <S extends string>(state: S) => {
    const now = model.preview.file()
    return now.state === state ? (now as Extract<typeof now, { state: S }>) : undefined
  }
  return (
    <Switch fallback={<Reading label="Artifacts" words="reading the file" />}>
      <Match when={of('picture')}>{(now) => <Picture blob={now().blob} path={now().of.path} />}</Match>
      <Match when={of('text')}>
        {(now) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
          <section class="artifact-text" tabIndex={0} aria-label="Text of the file">
            <pre>{pretty(now().of.path, now().text, now().read >= now().of.bytes)}</pre>
            <Show when={now().read < now().of.bytes}>
              <p>
                {`${formatBytes(now().read)} of ${formatBytes(now().of.bytes)} are shown. `}
                <Show when={now().of.bytes <= MOST_TEXT} fallback="Download it to see the rest.">
                  <button type="button" class="link-button" onClick={() => model.readMore()}>
                    Show all of it
                  </button>
                </Show>
              </p>
            </Show>
          </section>
        )}
      </Match>
      <Match when={of('bytes')}>
        {(now) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by keys
          <section class="artifact-text" tabIndex={0} aria-label="First bytes of the file">
            <p>No text and no picture; its first bytes:</p>
            <pre>
              <For each={hexLines(now().head)}>{(line) => `${line}\n`}</For>
            </pre>
          </section>
        )}
      </Match>
      <Match when={of('large')}>
        {(now) => (
          <p class="artifact-said">{`A picture of ${formatBytes(now().of.bytes)}: download it to see it.`}</p>
        )}
      </Match>
      <Match when={of('missing')}>
        {(now) => (
          <p class="artifact-said">
            <span class="differs">missing file</span>
            {` ${model.without() ?? `nothing is stored under its digest ${now().of.digest}`}`}
          </p>
        )}
      </Match>
      <Match when={of('failed')}>
        {(now) => (
          <p class="artifact-said" role="alert">
            <span class="differs">could not be read</span>
            {` ${visibleName(now().why)} `}
            <button type="button" class="link-button" onClick={() => model.preview.retry()}>
              Retry
            </button>
          </p>
        )}
      </Match>
    </Switch>
  )
}

/** Of an img nothing runs, a drawing's scripts either. */
function Picture(props: { blob: Blob; path: string }) {
  const [broken, setBroken] = createSignal(false)
  const [size, setSize] = createSignal('')
  const url = createMemo(() => {
    const made = URL.createObjectURL(props.blob)
    onCleanup(() => URL.revokeObjectURL(made))
    return made
  })
  createEffect(() => {
    url()
    setBroken(false)
    setSize('')
  })
  return (
    <div class="artifact-picture">
      <Show when={!broken()} fallback={<p class="differs">No picture that this browser can decode</p>}>
        <img
          src={url()}
          alt={props.path}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setSize(`${naturalWidth} × ${naturalHeight}`)
          }
          onError={() => setBroken(true)}
        />
        <span class="quiet">{size()}</span>
      </Show>
    </div>
  )
}

/** Where it leads is somebody else's word: only an address of the web becomes a link, and none is followed here. */
function Reference(props: { of: string; digest: string }) {
  const address = () => {
    const url = URL.canParse(props.of) ? new URL(props.of) : undefined
    return url && /^https?:$/.test(url.protocol) ? url.href : undefined
  }
  return (
    <div class="artifact-said">
      <p class="mono">
        <Show when={address()} fallback={visibleName(props.of)}>
          {(href) => (
            <a href={href()} target="_blank" rel="noopener noreferrer">
              {visibleName(props.of)}
            </a>
          )}
        </Show>{' '}
        <button type="button" class="link-button" onClick={() => void copyText(props.of)}>
          Copy
        </button>
      </p>
      <p>
        {props.digest === props.of
          ? 'Nobody asked for its version when it was logged.'
          : `Its version when it was logged: ${visibleName(props.digest)}`}
      </p>
    </div>
  )
}

/** More than this is no text that a page scrolls well. */
const MOST_TEXT = 4 << 20

/** JSON that was written on one line is indented, where nothing of it is written otherwise by that. */
function pretty(path: string, text: string, whole: boolean): string {
  if (!whole || !/\.json$/i.test(path) || text.trim().includes('\n')) return text
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text.replace(/(?<=[,:]) /g, '').trim()
      ? JSON.stringify(value, null, 2)
      : text
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function linesIn(text: string): number {
  if (text === '') return 0
  let count = text.endsWith('\n') ? 0 : 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** `00000000  50 4b 03 04 …  PK..` */
function hexLines(bytes: Uint8Array): string[] {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => {
    const part = [...bytes.subarray(line * 16, line * 16 + 16)]
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const letters = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
    return `${(line * 16).toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${letters}`
  })
}
