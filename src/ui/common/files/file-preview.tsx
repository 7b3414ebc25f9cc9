import '../../styles/files.css'
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
import { formatBytes } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { isAbort, noticeOf } from '../../../model/errors.ts'
import type { FileLook, FileRef } from '../../../model/file.ts'
import type { Notice } from '../../../model/source.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { Icon } from '../../components/icon.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { setPageWords } from '../page-words.ts'
import { type FileView, kindWords, tableKind, viewsOf, viewWords } from './file-views.ts'
import { HeaderPane } from './header-pane.tsx'
import { HexPane } from './hex-pane.tsx'
import { JsonPane } from './json-pane.tsx'
import { TablePane } from './table-pane.tsx'
import { TextPane } from './text-pane.tsx'
import { WholePane } from './whole-pane.tsx'

export interface FilePreviewProps {
  file: FileRef
  /** With the folders it lies in: `logs/train.log`. Its ending says what it is. */
  path: string
  /** The page's parameters of `FILE_OWN`. */
  own: Own
  set(change: Own): void
  phone: boolean
  onBack?: (() => void) | undefined
  /** Beside Download. */
  children?: JSX.Element
}

type Look =
  | { state: 'loading' }
  | { state: 'ready'; look: FileLook; key: string }
  | { state: 'failed'; notice: Notice }

/** A file with what it is, and the ways to look at it. */
export function FilePreview(props: FilePreviewProps) {
  const { ask, settled, jobs } = useApp()
  const [found, setFound] = createSignal<Look>({ state: 'loading' })
  const [tries, setTries] = createSignal(0)
  const key = createMemo(() => JSON.stringify([props.file.project, props.file.path, props.file.stamp]))
  createEffect(
    on([key, tries], ([now]) => {
      const abort = new AbortController()
      setFound({ state: 'loading' })
      settled.setBusy('file', true)
      ask('fileLook', { file: named() }, { signal: abort.signal }).then(
        (look) => {
          if (abort.signal.aborted) return
          setFound({ state: 'ready', look, key: now })
          settled.setBusy('file', false)
        },
        (error: unknown) => {
          if (isAbort(error) || abort.signal.aborted) return
          setFound({ state: 'failed', notice: noticeOf(error, props.path) })
          settled.setBusy('file', false)
        },
      )
      onCleanup(() => abort.abort())
    }),
  )
  onCleanup(() => settled.setBusy('file', false))
  const name = () => props.path.slice(props.path.lastIndexOf('/') + 1)
  const folder = () => props.path.slice(0, props.path.lastIndexOf('/') + 1)
  function named(): FileRef {
    return { ...props.file, name: name() }
  }
  const ready = () => {
    const now = found()
    return now.state === 'ready' ? now : undefined
  }
  const failed = () => {
    const now = found()
    return now.state === 'failed' ? now.notice : undefined
  }
  const views = createMemo(() => {
    const now = ready()
    return now ? viewsOf(now.look, name()) : []
  })
  const view = createMemo(
    (): FileView | undefined => views().find((one) => one === props.own.as) ?? views()[0],
  )
  // text and rows have more to say
  createEffect(() => {
    const now = ready()?.look
    if (view() !== 'table' && view() !== 'text')
      setPageWords(now ? `${visibleName(props.path)}, ${formatBytes(now.size)}` : '')
  })
  onCleanup(() => setPageWords(''))
  const facts = () => {
    const now = ready()?.look
    return [visibleName(folder()), now ? formatBytes(now.size) : '', now ? kindWords(now) : '']
      .filter(Boolean)
      .join(', ')
  }

  function download(): void {
    const file = named()
    void jobs.run(`downloading ${name()}`, name(), async (options) =>
      save(await ask('fileBlob', { file }, options), name()),
    )
  }

  return (
    <section class="file-preview" classList={{ phone: props.phone }} aria-label="File">
      <header class="file-head">
        <Show when={props.onBack}>
          {(back) => (
            <button type="button" class="icon-button" aria-label="Back to the list" onClick={() => back()()}>
              <Icon name="left" />
            </button>
          )}
        </Show>
        <h2 title={visibleName(props.path)}>
          <bdi>{visibleName(name())}</bdi>
        </h2>
        <span class="file-what">{facts()}</span>
        <span class="gap" />
        <Show when={views().length > 1 && ready()}>
          {(now) => (
            <Segmented
              label="View"
              value={view() ?? 'hex'}
              options={views().map((one) => ({ value: one, text: viewWords(one, now().look) }))}
              onChange={(as) => props.set({ as: as === views()[0] ? '' : as })}
            />
          )}
        </Show>
        {props.children}
        <button type="button" class="text-button" onClick={download}>
          Download
        </button>
      </header>
      <Show when={ready()?.look.odd}>
        {(odd) => (
          <p class="file-trouble" role="alert">
            {`Shown as bytes: ${visibleName(odd())}`}
          </p>
        )}
      </Show>
      <Switch>
        <Match when={failed()}>
          {(notice) => (
            <div class="blank" role="alert">
              <h2>{`Could not read ${visibleName(name())}`}</h2>
              <pre>{visibleName(`${notice().subject}: ${notice().text}`)}</pre>
              <Show when={notice().action}>
                <p>{notice().action}</p>
              </Show>
              <button type="button" class="button" onClick={() => setTries((n) => n + 1)}>
                Retry
              </button>
            </div>
          )}
        </Match>
        <Match when={found().state === 'loading'}>
          <div class="tables-wait patient">
            <ProgressLine label={name()} share={undefined} words={`looking at ${name()}`} />
          </div>
        </Match>
        <Match when={ready()?.look.kind === 'empty'}>
          <div class="blank" role="status">
            <h2>Empty file</h2>
            <p>It has 0 bytes.</p>
          </div>
        </Match>
        <Match when={ready()}>
          {(now) => (
            // another file, or another state of it, begins anew
            <Show when={now().key} keyed>
              {(_) => (
                <View {...props} file={named()} name={name()} look={now().look} view={view() ?? 'hex'} />
              )}
            </Show>
          )}
        </Match>
      </Switch>
    </section>
  )
}

function View(props: FilePreviewProps & { name: string; look: FileLook; view: FileView }) {
  const table = createMemo(() => tableKind(props.look))
  return (
    <Switch>
      <Match when={props.view === 'table' && table()}>{(as) => <TablePane {...props} as={as()} />}</Match>
      <Match when={props.view === 'text'}>
        <TextPane {...props} />
      </Match>
      <Match when={props.view === 'tree'}>
        <JsonPane {...props} />
      </Match>
      <Match when={props.view === 'header'}>
        <HeaderPane {...props} />
      </Match>
      <Match when={props.view === 'page' || props.view === 'picture'}>
        <WholePane {...props} />
      </Match>
      <Match when={props.view === 'hex'}>
        <HexPane {...props} />
      </Match>
    </Switch>
  )
}
