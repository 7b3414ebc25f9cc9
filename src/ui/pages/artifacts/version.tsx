import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import type { OfArtifact } from '../../../compute/artifact-list.ts'
import { isSha256 } from '../../../compute/artifact-paths.ts'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { keyOf } from '../../../compute/lineage/build.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { canonicalProject } from '../../../model/project-name.ts'
import { useApp } from '../../../state/app.ts'
import type { Sources } from '../../../state/sources/sources.ts'
import { LINEAGE } from '../../common/artifact-pages.ts'
import { goTo } from '../../common/artifact-views.tsx'
import { copyText } from '../../common/clipboard.ts'
import { Failed, Reading } from '../../common/page-states.tsx'
import { Icon } from '../../components/icon.tsx'
import { Aliases } from './aliases.tsx'
import { CheckLine } from './check-line.tsx'
import { DiffBar } from './diff-bar.tsx'
import { ManifestTable } from './manifest-table.tsx'
import { MetadataTree, metadataWords } from './metadata-tree.tsx'
import type { ArtifactsModel } from './model.ts'
import { Preview } from './preview.tsx'
import { RunLabel } from './run-label.tsx'

/** Runs that are named before the others are counted. */
const NAMED = 3

/** One version: what it is, who made and used it, and its files beside those of another one. */
export function VersionView(props: { model: ArtifactsModel; of: OfArtifact; narrow: boolean }) {
  const { model } = props
  const [metadata, setMetadata] = createSignal(false)
  const failed = createMemo(() => {
    const now = model.manifest.status()
    return now.kind === 'failed' ? now.notice : undefined
  })
  const notices = createMemo(() => {
    const now = model.manifest.status()
    return now.kind === 'ready' ? now.notices : []
  })
  return (
    <>
      <Head model={model} of={props.of} narrow={props.narrow} />
      <div class="artifact-scroll" classList={{ narrow: props.narrow }}>
        <Facts model={model} of={props.of} open={metadata()} onMetadata={() => setMetadata(!metadata())} />
        <Show when={metadata()}>
          <MetadataTree of={props.of.version.metadata} />
        </Show>
        <Show when={model.without()}>
          {(why) => <p class="artifact-without" role="status">{`Only the lists are here: ${why()}.`}</p>}
        </Show>
        <CheckLine model={model} of={props.of} />
        <For each={notices()}>
          {({ text }) => (
            <p class="artifact-odd" role="status">
              {visibleName(text)}
            </p>
          )}
        </For>
        <Switch>
          <Match when={failed()}>
            {(notice) => (
              <Failed
                what="the files of this version"
                cause={`${notice().subject}: ${notice().text}`}
                onRetry={model.manifest.retry}
              />
            )}
          </Match>
          <Match when={model.entries() === undefined}>
            <Reading label="Artifacts" words="reading the manifest" />
          </Match>
          <Match when={true}>
            <DiffBar model={model} of={props.of} />
            <ManifestTable model={model} narrow={props.narrow} />
          </Match>
        </Switch>
        <Show when={model.line()}>{(line) => <Preview model={model} line={line()} />}</Show>
      </div>
    </>
  )
}

function Head(props: { model: ArtifactsModel; of: OfArtifact; narrow: boolean }) {
  const app = useApp()
  const { model } = props
  const artifact = () => props.of.artifact
  const files = () => props.of.version.files
  // what a reference leads to is in the version's size, not among its files
  const bytes = () => model.ownFiles().reduce((sum, one) => sum + one.bytes, 0)
  const going = () => model.check.check()?.state === 'going'
  return (
    <header class="artifact-head">
      <Show when={props.narrow}>
        <button type="button" class="icon-button" aria-label="All artifacts" onClick={() => model.close()}>
          <Icon name="left" />
        </button>
      </Show>
      <h2>
        <bdi title={visibleName(artifact().name)}>{visibleName(artifact().name)}</bdi>
        <i>:</i>
        {`v${props.of.version.version}`}
      </h2>
      <span class="tags">
        <Aliases of={props.of.version.aliases} />
      </span>
      <span class="type">{visibleName(artifact().type)}</span>
      <span class="gap" />
      <button
        type="button"
        class="text-button"
        title="What it was made from, and what was made of it"
        onClick={() => goTo(app, LINEAGE, { around: lineageKey(props.of, app.sources) })}
      >
        Lineage
      </button>
      <Show when={files() > 0}>
        <button
          type="button"
          class="text-button"
          disabled={model.without() !== undefined || !model.current()}
          title={
            model.without() ??
            (files() === 1 ? 'The file under its own name' : 'All files under their own names, in a .zip')
          }
          onClick={() => void model.download()}
        >
          {props.narrow ? 'Download' : `Download ${formatBytes(bytes())}`}
        </button>
        <button
          type="button"
          class="button slim"
          disabled={going() || model.without() !== undefined || !model.current()}
          title={model.without() ?? 'Read every file and compare it with its SHA-256'}
          onClick={() => model.verify()}
        >
          {`Verify ${formatPlural(files(), 'file')}`}
        </button>
      </Show>
    </header>
  )
}

/** As lineage names it. */
function lineageKey({ artifact, version }: OfArtifact, { projects }: Pick<Sources, 'projects'>): string {
  const project = projects().find(({ id }) => id === artifact.project)
  return keyOf(canonicalProject(project?.name ?? ''), artifact.name, version.version)
}

function Facts(props: { model: ArtifactsModel; of: OfArtifact; open: boolean; onMetadata(): void }) {
  const { preferences } = useApp()
  const { model } = props
  const version = () => props.of.version
  const own = () => props.of.artifact
  const digest = () => {
    const now = model.manifest.status()
    return model.current() && now.kind === 'ready' ? now : undefined
  }
  const size = () =>
    [
      formatBytes(version().bytes),
      formatPlural(version().files, 'file'),
      ...(version().references > 0 ? [formatPlural(version().references, 'reference')] : []),
    ].join(', ')
  const words = createMemo(() => metadataWords(version().metadata))
  return (
    <div class="artifact-facts">
      <dl>
        <dt>digest</dt>
        <dd class="mono" title={version().digest}>
          {version().digest === '' ? 'none stored' : short(version().digest)}
          <Show when={digest() && version().digest !== '' && digest()?.computed !== version().digest}>
            <span class="differs" title={`of its entries: ${digest()?.computed}`}>
              {` differs: ${short(digest()?.computed ?? '')}`}
            </span>
          </Show>
        </dd>
        <dt>size</dt>
        <dd>{size()}</dd>
        <dt>created</dt>
        <dd title={version().createdAt}>
          {formatWhen(version().created, Date.now(), preferences.value().timeZone) || version().createdAt}
        </dd>
        <Show when={own().description}>
          {(text) => (
            <>
              <dt>about</dt>
              <dd title={visibleName(text())}>{visibleName(text())}</dd>
            </>
          )}
        </Show>
        <dt>metadata</dt>
        <dd class="metadata">
          <Show when={words()} fallback="none">
            {(now) => (
              <>
                <span title={visibleName(now().first)}>{visibleName(now().first)}</span>
                <button
                  type="button"
                  class="link-button"
                  aria-expanded={props.open}
                  onClick={() => props.onMetadata()}
                >
                  {props.open ? 'fold' : now().more > 0 ? `${now().more} more` : 'as a tree'}
                </button>
              </>
            )}
          </Show>
        </dd>
      </dl>
      <div>
        <Makers model={model} of={props.of} />
        <Users model={model} of={props.of} />
      </div>
      <div>
        <UseIt model={model} of={props.of} />
      </div>
    </div>
  )
}

function Makers(props: { model: ArtifactsModel; of: OfArtifact }) {
  const { model } = props
  const makers = createMemo(() => {
    const links = model.links().makers(props.of.version.key)
    const { producer } = props.of.version
    // a run that was deleted has no link any more, and a link may be all that is left
    return links.length > 0 || !producer ? links : [producer]
  })
  return (
    <>
      <h3>Produced by</h3>
      <Show when={makers().length > 0} fallback={<p class="none">No run: it was deleted, or never said.</p>}>
        <ul>
          <For each={makers()}>
            {(maker) => (
              <li>
                <RunLabel of={maker} />
                <Show when={maker.run}>
                  {(run) => (
                    <button type="button" class="link-button" onClick={() => model.showCurves(run())}>
                      Curves
                    </button>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}

function Users(props: { model: ArtifactsModel; of: OfArtifact }) {
  const [all, setAll] = createSignal(false)
  const users = createMemo(() => props.model.links().users(props.of.version.key))
  const shown = () => (all() ? users() : users().slice(0, NAMED))
  return (
    <>
      <h3>{users().length === 0 ? 'Used by no run' : `Used by ${formatPlural(users().length, 'run')}`}</h3>
      <Show when={users().length > 0}>
        <ul class="flow">
          <For each={shown()}>
            {(user) => (
              <li>
                <RunLabel of={user} />
              </li>
            )}
          </For>
          <Show when={users().length > NAMED}>
            <li>
              <button type="button" class="link-button" aria-expanded={all()} onClick={() => setAll(!all())}>
                {all() ? 'fewer' : `${users().length - NAMED} more`}
              </button>
            </li>
          </Show>
        </ul>
      </Show>
    </>
  )
}

function UseIt(props: { model: ArtifactsModel; of: OfArtifact }) {
  const { model } = props
  const code = () =>
    `trackio.use_artifact(${JSON.stringify(`${props.of.artifact.name}:v${props.of.version.version}`)})`
  const from = createMemo(() =>
    model
      .links()
      .madeFrom(props.of.version.key)
      .flatMap((key) => model.byKey().get(key) ?? []),
  )
  return (
    <>
      <h3>Use it</h3>
      <p class="artifact-code">
        <code title={code()}>{visibleName(code())}</code>
        <button
          type="button"
          class="icon-button"
          aria-label="Copy this line"
          title="Copy"
          onClick={() => void copyText(code())}
        >
          <Icon name="file" />
        </button>
      </p>
      <Show when={from().length > 0}>
        <p class="artifact-from">
          {'Made from '}
          <For each={from()}>
            {(one, i) => (
              <>
                {i() === 0 ? '' : i() === from().length - 1 ? ' and ' : ', '}
                <button
                  type="button"
                  class="link-button"
                  onClick={() => model.choose(model.label(one), true)}
                >
                  {visibleName(model.label(one))}
                </button>
              </>
            )}
          </For>
        </p>
      </Show>
    </>
  )
}

/** `4f1c8a20 9be35d77 … c60e` */
function short(digest: string): string {
  return isSha256(digest)
    ? `${digest.slice(0, 8)} ${digest.slice(8, 16)} … ${digest.slice(-4)}`
    : visibleName(digest.slice(0, 40))
}
