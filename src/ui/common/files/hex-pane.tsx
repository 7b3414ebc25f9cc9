import { createEffect, createMemo, createSignal, onCleanup, Show } from 'solid-js'
import type { FileLook, FileRef } from '../../../model/file.ts'
import { useApp } from '../../../state/app.ts'
import { createFilePieces } from '../../../state/pages/file-bytes.ts'
import { LongRows } from '../../components/long-rows.tsx'
import { FileFacts } from './file-facts.tsx'

const ROW = 19

/** Bytes as they are, by slices. */
export function HexPane(props: { file: FileRef; look: FileLook; name: string; phone: boolean }) {
  const { ask, settled } = useApp()
  const { file, look } = props
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const pieces = createFilePieces(ask, file, look)
  const perRow = () => (props.phone ? 8 : 16)
  const digits = Math.max(8, (look.size - 1).toString(16).length)
  createEffect(() => settled.setBusy('file-hex', !pieces.ready()))
  onCleanup(() => settled.setBusy('file-hex', false))
  return (
    <>
      <div class="file-tools">
        <Show when={pieces.failed()}>
          {(notice) => (
            <span class="file-trouble" role="alert">
              {`Could not read these bytes: ${notice().text} `}
              <button type="button" class="link-button" onClick={() => pieces.retry()}>
                Retry
              </button>
            </span>
          )}
        </Show>
        <span class="gap" />
        <FileFacts file={file} size={look.size} read={pieces.read()} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="code-sheet hex" aria-label={`Bytes of ${props.name}`} tabIndex={0} ref={setScroller}>
        <LongRows
          count={Math.ceil(look.size / perRow())}
          rowHeight={ROW}
          scroller={scroller()}
          role="presentation"
          onRange={(from, end) => pieces.look(from * perRow(), end * perRow())}
        >
          {(index) => {
            const bytes = createMemo(() => pieces.at(index() * perRow(), perRow()))
            return (
              <div class="code-line">
                <span class="hex-at">{(index() * perRow()).toString(16).padStart(digits, '0')}</span>
                <code>{hexOf(bytes())}</code>
                <code class="hex-text">{textOf(bytes())}</code>
              </div>
            )
          }}
        </LongRows>
      </section>
    </>
  )
}

function hexOf(bytes: Uint8Array | undefined): string {
  if (!bytes) return ''
  return Array.from(bytes, (byte, i) => `${i === 8 ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`).join(
    ' ',
  )
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes
    ? Array.from(bytes, (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')
    : ''
}
