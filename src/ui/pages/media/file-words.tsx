import { type JSX, Match, Switch } from 'solid-js'
import { pathEnd } from '../../../compute/media-payload.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { FileState } from './file-of.ts'

/** What a pane says while its file is not there; its children once it is. */
export function WithFile(props: {
  file: FileState
  path: string
  why?: string | undefined
  children: JSX.Element
}) {
  const why = () => props.why ?? (props.file.state === 'failed' ? props.file.why : undefined)
  return (
    <Switch fallback={props.children}>
      <Match when={props.file.state === 'loading'}>
        <div class="pane-words patient">
          <span>{`reading ${pathEnd(props.path)}`}</span>
        </div>
      </Match>
      <Match when={props.file.state === 'missing'}>
        <div class="pane-words" role="status">
          <b class="bad">missing file</b>
          <span>{props.path}</span>
        </div>
      </Match>
      <Match when={props.file.state === 'unread' && props.file}>
        {(unread) => <UnreadWords path={props.path} why={unread().why} again={unread().again} />}
      </Match>
      <Match when={why()}>
        <div class="pane-words" role="status">
          <b class="bad">broken file</b>
          <span>{`${pathEnd(props.path)}: ${why()}`}</span>
        </div>
      </Match>
    </Switch>
  )
}

/** A file that may be there, and could not be read: why, and the way to ask for it again. */
export function UnreadWords(props: { path: string; why: string; again(): void }) {
  return (
    <div class="pane-words" role="status">
      <b class="bad">could not be read</b>
      <span>{`${pathEnd(props.path)}: ${visibleName(props.why)}`}</span>
      <button type="button" class="button" onClick={() => props.again()}>
        Try again
      </button>
    </div>
  )
}
