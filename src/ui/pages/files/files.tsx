import '../../styles/files.css'
import { createComputed, createEffect, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { FilePreview } from '../../common/files/file-preview.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { FilesTree } from './files-tree.tsx'
import { createFilesModel, type FilesModel } from './model.ts'
import { ChooseFile, FilesFailed, FilesWait, LostFile, NoFiles } from './states.tsx'

/** Files of a project: what `trackio.save` copied, its data, its media, looked at one by one. */
export function FilesPage(props: PageProps) {
  const { sources, settled, files } = useApp()
  const model = createFilesModel()
  const noProject = useNoProject()
  const status = () => files()?.status()
  const phone = () => props.frame === 'phone'
  const failed = () => {
    const now = status()
    return now?.kind === 'failed' ? now.notice : undefined
  }
  createComputed(() => {
    const waits = sources.project() !== undefined && (status() === undefined || status()?.kind === 'loading')
    settled.setBusy('files', waits)
  })
  onCleanup(() => settled.setBusy('files', false))
  createEffect(() => {
    if (!model.chosen()) setPageWords(model.list() ? savedWords(model) : '')
  })
  onCleanup(() => setPageWords(''))
  const showsList = () => !phone() || !model.own().file
  const showsFile = () => !phone() || Boolean(model.own().file)
  return (
    <main class="page files" classList={{ phone: phone() }}>
      <h1 class="unseen">{`Files of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={!noProject()} fallback={<NoProject />}>
        <SourceNotices />
        <Switch>
          <Match when={failed()}>
            {(notice) => <FilesFailed notice={notice()} onRetry={() => files()?.retry()} />}
          </Match>
          <Match when={status()?.kind !== 'ready'}>
            <FilesWait />
          </Match>
          <Match when={model.entries().length === 0 && !model.own().file}>
            <NoFiles model={model} />
          </Match>
          <Match when={true}>
            <div class="file-panes">
              <Show when={showsList()}>
                <List model={model} phone={phone()} onAgain={() => files()?.retry()} />
              </Show>
              <Show when={showsFile()}>
                <div class="file-side" id="charts" tabIndex={-1}>
                  <Switch fallback={<ChooseFile model={model} />}>
                    <Match when={model.lost()}>
                      {(key) => <LostFile name={key()} onBack={model.close} />}
                    </Match>
                    <Match when={model.chosen()}>
                      {(chosen) => (
                        <FilePreview
                          file={chosen().entry.ref}
                          path={chosen().entry.path}
                          own={model.own()}
                          set={model.set}
                          phone={phone()}
                          onBack={phone() ? model.close : undefined}
                        />
                      )}
                    </Match>
                  </Switch>
                </div>
              </Show>
            </div>
          </Match>
        </Switch>
      </Show>
    </main>
  )
}

function List(props: { model: FilesModel; phone: boolean; onAgain(): void }) {
  const { model } = props
  const counted = () => {
    const found = model.matches()
    return found ? `${formatCount(found.length)} of ${formatCount(model.entries().length)}` : ''
  }
  return (
    <section class="file-list" aria-label="List of files">
      <div class="file-search toolbar own">
        <SearchField
          label="Search files"
          placeholder="Name or *.parquet"
          value={model.search()}
          onInput={(list) => model.set({ list })}
        >
          <span class="found" role="status">
            {counted()}
          </span>
        </SearchField>
      </div>
      <Show
        when={model.rows().length > 0}
        fallback={
          <div class="blank" role="status">
            <h2>No file matches</h2>
            <p>{`Nothing is called ${visibleName(model.search())}.`}</p>
            <button type="button" class="link-button" onClick={() => model.set({ list: '' })}>
              Clear the search
            </button>
          </div>
        }
      >
        <FilesTree model={model} phone={props.phone} />
      </Show>
      <footer class="file-foot">
        <Foot model={model} onAgain={props.onAgain} />
      </footer>
    </section>
  )
}

function savedWords(model: FilesModel): string {
  const sum = model.saved().reduce((bytes, { size }) => bytes + (size ?? 0), 0)
  return model.saved().length === 0
    ? 'No saved files'
    : `${formatPlural(model.saved().length, 'saved file')}, ${formatBytes(sum)}`
}

/** How many files were saved, and what is known of the rest. */
function Foot(props: { model: FilesModel; onAgain(): void }) {
  const { model } = props
  const unknown = () => model.saved().filter(({ size }) => size === undefined).length
  return (
    <>
      <p>
        {savedWords(model)}
        {unknown() > 0 ? `, ${formatCount(unknown())} of unknown size` : ''}
        <button type="button" class="link-button" onClick={() => props.onAgain()}>
          List again
        </button>
      </p>
      <Show
        when={model.list()?.listed}
        fallback={
          <p>
            {`${model.saved().length > 0 ? 'There may be more saved files' : 'Saved files are not listed'}: ${visibleName(model.list()?.why ?? '')}.`}
          </p>
        }
      >
        <p>{model.saved().length > 0 ? 'by trackio.save, tied to no run' : 'trackio.save puts some here'}</p>
      </Show>
    </>
  )
}
