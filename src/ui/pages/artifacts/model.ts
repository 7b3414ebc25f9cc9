import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { linksOf } from '../../../compute/artifact-links.ts'
import {
  type ArtifactOrder,
  artifactLines,
  foreignVersions,
  labelOf,
  type OfArtifact,
  versionsByLabel,
} from '../../../compute/artifact-list.ts'
import { fileName } from '../../../compute/file-name.ts'
import { diffManifests, type ManifestLine } from '../../../compute/manifest-diff.ts'
import type { ArtifactProject, ManifestEntry } from '../../../model/artifact.ts'
import { isAbort, TrackioError } from '../../../model/errors.ts'
import type { ProjectId } from '../../../model/source.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { createArtifactCheck } from '../../../state/pages/artifact-check.ts'
import { createArtifactFile, type FileOf, TEXT_BYTES } from '../../../state/pages/artifact-file.ts'
import { makeArtifactFiles } from '../../../state/pages/artifact-files.ts'
import { createArtifacts, createManifest, type ManifestOf } from '../../../state/pages/artifacts.ts'
import { ARTIFACTS } from '../ids.ts'

export type ArtifactsModel = ReturnType<typeof createArtifactsModel>

/** Where nothing is compared, in place of a version's label. */
export const NONE = 'none'

/** What the page shows, by its own parameters of the address. `beside`: a version stands beside the list. */
export function createArtifactsModel(beside: () => boolean) {
  const { location, sources, data, ask, runs, jobs } = useApp()
  const own = createMemo((): Own => location.view().own[ARTIFACTS] ?? {})
  const artifacts = createArtifacts({
    ...{ ask, project: sources.asked, data },
    live: () => Boolean(sources.source()?.info.live),
  })
  const { all } = artifacts
  const links = createMemo(() => linksOf(all() ?? NOTHING))
  const byLabel = createMemo(() => versionsByLabel(all() ?? NOTHING))
  const byKey = createMemo(
    () =>
      new Map(
        (all()?.artifacts ?? []).flatMap((artifact) =>
          artifact.versions.map((version) => [version.key, { artifact, version }] as const),
        ),
      ),
  )
  const foreign = createMemo(() => foreignVersions(all() ?? NOTHING))
  const label = (one: OfArtifact): string => labelOf(all() ?? NOTHING, one)

  // the list
  const [opened, setOpened] = createSignal<ReadonlyMap<string, boolean>>(new Map())
  const ofRun = createMemo(() => {
    const { run } = own()
    if (!run) return undefined
    const { made, used } = links().ofRun(run)
    return new Set([...made, ...used])
  })
  const filter = createMemo(() => ({ text: own().q ?? '', only: ofRun() }))
  const order = () => (own().sort || 'type') as ArtifactOrder
  /** The newest version of the first artifact, where a version stands beside the list. */
  const first = createMemo((): OfArtifact | undefined => {
    const line = artifactLines(all() ?? NOTHING, filter(), order(), () => true).find(
      ({ kind }) => kind === 'version',
    )
    return line?.kind === 'version' ? { artifact: line.artifact, version: line.version } : undefined
  })
  const chosenLabel = () => own().of || undefined
  const chosen = createMemo((): OfArtifact | undefined => {
    const wanted = chosenLabel()
    if (wanted !== undefined) return byLabel().get(wanted)
    return beside() ? first() : undefined
  })
  const chosenForeign = createMemo(() => {
    if (chosen()) return undefined
    if (chosenLabel() === undefined && beside()) return foreign()[0]
    return foreign().find((one) => one.label === chosenLabel())
  })
  /** The link names a version that is not there. */
  const lost = () =>
    all() !== undefined && chosenLabel() !== undefined && !chosen() && !chosenForeign()
      ? chosenLabel()
      : undefined
  const lines = createMemo(() => {
    const own = `a:${chosen()?.artifact.key}`
    const open = opened()
    // the chosen one is in sight wherever it came from
    return artifactLines(
      all() ?? NOTHING,
      filter(),
      order(),
      (id) => open.get(id) ?? (id === own || undefined),
    )
  })

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [ARTIFACTS]: { ...before[ARTIFACTS], ...change } } })
  }

  /** `opens`: Back leads to what was shown before. */
  function choose(of: string, opens = false): void {
    if (of === chosenLabel()) return
    const { own: before } = location.view()
    const now = { ...before[ARTIFACTS], of, to: '', show: '', path: '' }
    const change = { own: { ...before, [ARTIFACTS]: now } }
    if (opens) location.open(change)
    else location.patch(change)
  }

  // the version
  const project = createMemo((): ArtifactProject | undefined => {
    const id = chosen()?.artifact.project
    return all()?.projects.find((one) => one.id === id)
  })
  const ofManifest = (one: OfArtifact | undefined): ManifestOf | undefined =>
    one && { project: one.artifact.project, version: one.version.id, digest: one.version.digest }
  const manifest = createManifest(ask, () => ofManifest(chosen()))
  /** The version before it, unless somebody chose another one, or none. */
  const against = createMemo((): OfArtifact | undefined => {
    const now = chosen()
    if (!now || own().to === NONE) return undefined
    const wanted = own().to && byLabel().get(own().to ?? '')
    if (wanted && wanted.version.key !== now.version.key) return wanted
    const { versions } = now.artifact
    const before = versions[versions.findIndex(({ key }) => key === now.version.key) + 1]
    return before && { artifact: now.artifact, version: before }
  })
  const other = createManifest(ask, () => ofManifest(against()))
  /** Of the version that is chosen now; the one before stays on screen until it is here. */
  const entries = createMemo((): readonly ManifestEntry[] | undefined => {
    const now = manifest.status()
    return now.kind === 'ready' ? now.entries : undefined
  })
  const current = () => manifest.current() !== undefined
  const diff = createMemo(() => {
    const now = entries()
    if (!now) return undefined
    // nothing is compared while either is another one's: its counts would stand under this one's name
    return diffManifests(now, current() ? other.current()?.entries : undefined)
  })
  const shown = createMemo((): ManifestLine[] => {
    const { show, by = '' } = own()
    const some = (diff()?.lines ?? []).filter(({ sign }) => !show || sign === undefined || sign === show)
    if (by === '') return some
    const down = by.startsWith('-') ? -1 : 1
    const compare = by.endsWith('size')
      ? (a: ManifestLine, b: ManifestLine) => a.entry.bytes - b.entry.bytes
      : (a: ManifestLine, b: ManifestLine) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
    return [...some].sort((a, b) => down * compare(a, b))
  })
  const line = createMemo(() => {
    const path = own().path
    return path ? diff()?.lines.find((one) => one.path === path) : undefined
  })

  // files
  const isGiven = (id: ProjectId): boolean =>
    sources.list().some(({ info, kind }) => kind === 'folder' && info.projects.some((one) => one.id === id))
  const files = makeArtifactFiles({ ask, beneath: sources.beneath, isGiven })
  /** Projects of given folders that hold no file of an artifact: the engine, which got the rows, cannot know. */
  const [bare, setBare] = createSignal<ReadonlySet<ProjectId>>(new Set())
  const unsure = createMemo(() => {
    const now = project()
    return now?.without !== undefined && isGiven(now.id) ? now.id : undefined
  })
  createEffect(
    on(unsure, (id) => {
      if (id === undefined) return
      const abort = new AbortController()
      onCleanup(() => abort.abort())
      files.isBare(id, abort.signal).then(
        (none) => {
          if (none && !abort.signal.aborted) setBare(new Set([...bare(), id]))
        },
        (error: unknown) => isAbort(error) || sources.fail(error, 'artifacts'),
      )
    }),
  )
  /** Why the files of the chosen version cannot be read at all. */
  const without = () => {
    const now = project()
    return now && (!isGiven(now.id) || bare().has(now.id)) ? now.without : undefined
  }
  const fileOf = createMemo((): FileOf | undefined => {
    const now = line()
    const of = chosen()?.artifact.project
    if (!now || of === undefined || now.entry.ref !== null || !current()) return undefined
    const { path, digest, bytes } = now.entry
    return { project: of, path, digest, bytes }
  })
  const [text, setText] = createSignal({ of: '', bytes: TEXT_BYTES })
  const preview = createArtifactFile(files, fileOf, () =>
    text().of === fileOf()?.digest ? text().bytes : TEXT_BYTES,
  )
  const check = createArtifactCheck(ask, sources.asked, files)

  const ownFiles = (): ManifestEntry[] => (entries() ?? []).filter(({ ref }) => ref === null)
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1) || path

  async function downloadFile(entry: ManifestEntry): Promise<void> {
    const of = chosen()?.artifact.project
    if (of === undefined) return
    const { path, digest } = entry
    await jobs.run(`downloading ${nameOf(path)}`, path, async (waiting) => {
      const blob = await files.file({ project: of, digest }, waiting)
      if (!blob) throw new TrackioError(path, `missing: nothing is stored under its digest ${digest}`)
      save(blob, nameOf(path))
    })
  }

  return {
    ...artifacts,
    own,
    set,
    links,
    byKey,
    byLabel,
    label,
    foreign,
    lines,
    order,
    opened,
    filtered: () => filter().text !== '' || ofRun() !== undefined,
    toggle(id: string, open: boolean) {
      setOpened(new Map(opened()).set(id, open))
    },
    chosen,
    chosenForeign,
    chosenLabel: () => {
      const now = chosen()
      return now ? label(now) : chosenForeign()?.label
    },
    lost,
    choose,
    close: () => set({ of: '', to: '', show: '', path: '' }),
    project,
    manifest,
    other,
    current,
    entries,
    against,
    diff,
    shown,
    line,
    fileOf,
    preview,
    readMore: () => setText({ of: fileOf()?.digest ?? '', bytes: (fileOf()?.bytes ?? 0) + 1 }),
    check,
    without,
    ownFiles,
    downloadFile,
    /** Its only file under its own name, or all of them in a .zip. */
    async download(): Promise<void> {
      const now = chosen()
      const [only, ...others] = ownFiles()
      if (!now || !only) return
      if (others.length === 0) return downloadFile(only)
      const { artifact, version } = now
      const name = `${artifact.name}-v${version.version}`
      await jobs.run(`downloading ${name}`, name, async (waiting) => {
        const of = { project: artifact.project, version: version.id, files: ownFiles() }
        const blob = await files.zip(of, waiting)
        if (!blob) throw new TrackioError(name, 'no version of this id is there any more')
        save(blob, fileName([name], 'zip'))
      })
    },
    verify() {
      const now = chosen()
      if (!now) return
      check.start({
        what: label(now),
        version: now.version.key,
        parts: [{ project: now.artifact.project, files: ownFiles() }],
      })
    },
    verifyAll() {
      check.start({
        what: 'all versions',
        version: undefined,
        parts: (all()?.projects ?? [])
          .filter(({ id, without }) => isGiven(id) || without === undefined)
          .map(({ id }) => ({ project: id })),
      })
    },
    /** Its curves: that run alone. */
    showCurves(run: string) {
      const shown = runs.shown()
      // to show alone what is shown alone already would show all
      if (shown.length !== 1 || shown[0]?.key !== run) runs.solo([run])
      location.patch({ page: location.pages.home })
    },
  }
}

const NOTHING = { artifacts: [], links: [], foreign: [], projects: [], notices: [] }
