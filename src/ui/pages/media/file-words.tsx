import { type JSX, Match, Switch } from 'solid-js'
import { pathEnd } from '../../../compute/media-payload.ts'
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
      <Match when={why()}>
        <div class="pane-words" role="status">
          <b class="bad">broken file</b>
          <span>{`${pathEnd(props.path)}: ${why()}`}</span>
        </div>
      </Match>
    </Switch>
  )
}
