import { createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatBytes, formatBytesOf, formatPlural } from '../../compute/format.ts'
import { nameInText } from '../../compute/visible-name.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import type { Published, PublishProgress } from '../../model/publish.ts'
import type { Notice } from '../../model/source.ts'
import { useApp } from '../../state/app.ts'
import { offersSignIn, startSignIn } from '../../state/sources/sign-in-hub.ts'
import { Dialog } from '../components/dialog.tsx'
import { ProgressLine } from '../components/progress-line.tsx'
import { Segmented } from '../components/segmented.tsx'
import { Switch as Toggle } from '../components/switch.tsx'

/**
 * Publishes the project on screen: its data to a bucket or dataset of the Hub, this page to a static Space
 * that shows them.
 */
export function PublishDialog(props: { onClose(): void }) {
  const { sources, hub, tokens, location } = useApp()
  const origin = new URL(location.hub() ?? hub.origin).origin
  const project = () => sources.project()
  const [space, setSpace] = createSignal(hub.lastSpace(project()?.name ?? ''))
  const [data, setData] = createSignal<'bucket' | 'dataset'>('bucket')
  const [dataset, setDataset] = createSignal('')
  const [token, setToken] = createSignal('')
  const [replace, setReplace] = createSignal(false)
  const [progress, setProgress] = createSignal<PublishProgress>()
  const [failure, setFailure] = createSignal<Notice>()
  const [done, setDone] = createSignal<Published>()
  let abort: AbortController | undefined
  onCleanup(() => abort?.abort())

  async function publish(): Promise<void> {
    const info = project()
    if (!info) return
    const mine = new AbortController()
    abort = mine
    // words of the work may still be on their way when its end is known
    const onProgress = (now: PublishProgress): void => void (abort === mine && setProgress(now))
    setFailure(undefined)
    setProgress({
      stage: 'checking',
      text: 'asking the Hub',
      files: 0,
      totalFiles: 0,
      bytes: 0,
      totalBytes: 0,
    })
    try {
      if (token().trim() !== '') await tokens.set(origin, token().trim())
      const other = location.hub()
      const options = {
        spaceId: space().trim(),
        ...(data() === 'dataset' && { datasetId: dataset().trim() || `${space().trim()}-dataset` }),
        ...(other !== undefined && { hub: other }),
        ...(replace() && { replace: true }),
      }
      setDone(await hub.publish(info.id, info.name, options, { signal: mine.signal, onProgress }))
    } catch (error) {
      if (!isAbort(error)) setFailure(noticeOf(error, space()))
    } finally {
      abort = undefined
      setProgress(undefined)
    }
  }

  const words = (now: PublishProgress): string =>
    now.totalBytes > 0 ? `${now.text}, ${formatBytesOf(now.bytes, now.totalBytes)}` : now.text
  const share = (now: PublishProgress): number =>
    now.totalBytes > 0 ? Math.min(100, (100 * now.bytes) / now.totalBytes) : 0
  return (
    <Dialog
      label="Publish"
      title={`Publish ${nameInText(project()?.name ?? '')}`}
      class="dialog"
      onClose={props.onClose}
    >
      <Switch
        fallback={
          <form
            class="dialog-body publish"
            onSubmit={(event) => {
              event.preventDefault()
              void publish()
            }}
          >
            <p>
              Its data become public on {new URL(origin).host}, and a static Space shows them with this page.
              Publishing again sends only what changed.
            </p>
            <label>
              Space
              <div class="field">
                <input
                  autofocus
                  value={space()}
                  placeholder="user/name"
                  autocomplete="off"
                  spellcheck={false}
                  onInput={(event) => setSpace(event.currentTarget.value)}
                />
              </div>
            </label>
            <span class="control">
              Data in
              <Segmented
                label="Data in"
                options={[
                  { value: 'bucket', text: 'Bucket' },
                  { value: 'dataset', text: 'Dataset' },
                ]}
                value={data()}
                onChange={setData}
              />
            </span>
            <Show when={data() === 'dataset'}>
              <label>
                Dataset
                <div class="field">
                  <input
                    value={dataset()}
                    placeholder={`${space() || 'user/name'}-dataset`}
                    autocomplete="off"
                    spellcheck={false}
                    onInput={(event) => setDataset(event.currentTarget.value)}
                  />
                </div>
              </label>
            </Show>
            <Show when={!tokens.has(origin) || failure()?.access !== undefined}>
              <label>
                Token with write access
                <div class="field">
                  <input
                    type="password"
                    autocomplete="off"
                    value={token()}
                    onInput={(event) => setToken(event.currentTarget.value)}
                  />
                </div>
                <small>{`Kept in this tab and sent to ${new URL(origin).host} alone.`}</small>
              </label>
              <Show when={offersSignIn(origin, 'publish')}>
                <button
                  type="button"
                  class="button"
                  onClick={() =>
                    startSignIn(origin, 'publish').catch((error: unknown) =>
                      setFailure(noticeOf(error, 'sign-in')),
                    )
                  }
                >
                  Sign in
                </button>
                <small>
                  Leaves this page for the Hub’s. Files that you dropped have to be opened again afterwards.
                </small>
              </Show>
            </Show>
            <Show when={failure()}>
              {(notice) => (
                <>
                  <p class="failure" role="alert">
                    {`${notice().subject}: ${notice().text}. ${notice().action ?? ''}`}
                  </p>
                  <Toggle label="Replace what is there" value={replace()} onChange={setReplace} />
                </>
              )}
            </Show>
            <div class="buttons">
              <button type="button" class="button" onClick={() => props.onClose()}>
                Cancel
              </button>
              <button type="submit" class="button primary" disabled={space().trim() === ''}>
                Publish
              </button>
            </div>
          </form>
        }
      >
        <Match when={progress()}>
          {(now) => (
            <div class="dialog-body publish">
              <div class="open-progress">
                {words(now())}
                <ProgressLine label="Publishing" share={share(now())} words={words(now())} />
              </div>
              <div class="buttons">
                <button type="button" class="button" onClick={() => abort?.abort()}>
                  Stop
                </button>
              </div>
            </div>
          )}
        </Match>
        <Match when={done()}>
          {(result) => (
            <div class="dialog-body publish">
              <p role="status">
                {result().sent.files === 0
                  ? 'Everything was there already: '
                  : `${formatPlural(result().sent.files, 'file')}, ${formatBytes(result().sent.bytes)} sent. Anybody can open `}
                <a href={result().url} target="_blank" rel="noopener">
                  {result().space}
                </a>
              </p>
              <For each={result().notices}>
                {({ subject, text }) => <p class="hush">{`${subject}: ${text}`}</p>}
              </For>
              <div class="buttons">
                <button type="button" class="button primary" onClick={() => props.onClose()}>
                  Done
                </button>
              </div>
            </div>
          )}
        </Match>
      </Switch>
    </Dialog>
  )
}
