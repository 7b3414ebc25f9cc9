import { Match, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { HiddenHave } from '../../common/hidden-have.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { NoneShown } from '../metrics/none-shown.tsx'
import type { MediaModel } from './model.ts'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)})
trackio.log({"samples": trackio.Image(array, caption="first")}, step=0)`

/** In place of the grid: what is waited for, what failed, or why there is nothing; and what could not be read. */
export function MediaBlank(props: { model: MediaModel }) {
  const { model } = props
  const { runs, data, sources } = useApp()
  const failed = () => {
    const now = model.media.status()
    return now.kind === 'failed' ? `${now.notice.subject}: ${now.notice.text}` : model.media.failed()
  }
  const elsewhere = () => {
    const holders = new Set(model.all().map(({ run }) => run))
    return [...holders].filter((run) => !runs.isShown(run))
  }
  /** Those of the project stand over the page already. */
  const notices = () => {
    const said = new Set(
      data.catalogue()?.notices.map(({ subject, text }) => JSON.stringify([subject, text])),
    )
    return model.media.notices().filter(({ subject, text }) => !said.has(JSON.stringify([subject, text])))
  }
  const read = () => model.media.status().kind === 'ready' && !model.media.reading()
  return (
    <>
      <Show when={notices().length > 0}>
        <p class="media-notice">
          {notices()
            .map(({ subject, text }) => `${subject}: ${text}`)
            .join('. ')}
        </p>
      </Show>
      <Show when={model.unreadFiles().size > 0}>
        <p class="media-notice" role="status">
          {`${formatPlural(model.unreadFiles().size, 'file')} could not be read: ${visibleName([...model.unreadFiles().values()][0] ?? '')} `}
          <button type="button" class="link-button" onClick={() => model.media.tryAgain()}>
            Try again
          </button>
        </p>
      </Show>
      <Switch>
        <Match when={failed()}>
          {(cause) => (
            <div class="blank" role="alert">
              <h2>Could not read the media</h2>
              <pre>{cause()}</pre>
              <button type="button" class="button" onClick={() => model.media.retry()}>
                Retry
              </button>
            </div>
          )}
        </Match>
        <Match when={model.media.status().kind === 'loading' && data.status().kind !== 'failed'}>
          <div class="media-wait patient">
            <ProgressLine label="Media" share={undefined} words="reading which values are media" />
          </div>
        </Match>
        <Match when={model.all().length === 0 && read()}>
          <div class="blank" role="status">
            <h2>No images, videos, sounds, pages, 3D objects or texts logged</h2>
            <p>They appear here when a run logs some:</p>
            <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
          </div>
        </Match>
        <Match when={model.sections().length === 0 && model.all().length > 0 && runs.shown().length === 0}>
          <NoneShown />
        </Match>
        <Match when={model.sections().length === 0 && model.all().length > 0}>
          <div class="blank" role="status">
            <Show
              when={!model.searched() || model.kinds().length === 0}
              fallback={
                <>
                  <h2>{model.toRead() > 0 ? 'No key matches so far' : 'No key and no caption matches'}</h2>
                  <button type="button" class="link-button" onClick={() => model.set({ q: '' })}>
                    Clear search
                  </button>
                </>
              }
            >
              <h2>No media in the shown runs</h2>
              <HiddenHave runs={elsewhere()} what="some" />
            </Show>
          </div>
        </Match>
      </Switch>
    </>
  )
}
