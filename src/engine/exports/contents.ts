import { formatBytes, formatPlural } from '../../compute/format.ts'
import type { SideCount, SideTable } from '../../model/catalogue.ts'
import { HISTOGRAM } from '../../model/histogram.ts'
import { TABLE } from '../../model/logged-table.ts'
import type { ExportForm } from '../../model/questions.ts'
import type { Notice } from '../../model/source.ts'
import { formatOf } from '../formats/registry.ts'
import type { Project } from '../projects/project.ts'
import { type Companion, companions, type ProjectPlace } from './companion-files.ts'
import { type Missing, missingFiles, NAME_FILES } from './missing-files.ts'

/** Files, and their bytes together. */
export interface Amount {
  files: number
  bytes: number
}

/** What lies beside a project's data. */
export interface Contents {
  /** Files that logged values name. */
  media: Amount
  /** Files of `trackio.save`. */
  saved: Amount
  /** Contents of artifacts. */
  blobs: Amount
  /** Log fragments that wait to be put into its database. */
  fragments: number
  /** Paths of those files, in the tree. */
  paths: ReadonlySet<string>
}

/** What it has logged, as far as its catalogue and its tables tell. */
export interface Holdings extends Contents {
  project: string
  configs: number
  /** By kind (`trackio.image`, `string`): how many rows hold one. */
  kinds: ReadonlyMap<string, number>
  /** Rows of the tables beside the metrics; undefined where they could not be counted. */
  beside: readonly SideCount[] | undefined
  /** Files that it names and that do not lie beside it. */
  missing: Missing
}

/** The page of one file takes this many bytes beside its data along: base64 makes a third more of them. */
export const MOST_IN_PAGE = 256 << 20

const NONE: Amount = { files: 0, bytes: 0 }
export const NOTHING: Contents = { media: NONE, saved: NONE, blobs: NONE, fragments: 0, paths: new Set() }

export async function contentsOf(place: ProjectPlace, signal?: AbortSignal | undefined): Promise<Contents> {
  const all = await companions(place, signal)
  return {
    media: amountOf(all, (to) => to.startsWith('media/') && !to.startsWith('media/files/')),
    saved: amountOf(all, (to) => to.startsWith('media/files/')),
    blobs: amountOf(all, (to) => to.startsWith('artifacts/')),
    paths: new Set(all.map(({ entry }) => entry.path)),
    fragments: formatOf(place.files).database?.waiting(place.files) ?? 0,
  }
}

/**
 * What a project has. `place`: where its bytes are, if anywhere. `look`: whether all files that it names are among
 * them.
 */
export async function lookedInto(
  project: Project,
  place: Pick<ProjectPlace, 'tree' | 'files'> | undefined,
  look: boolean,
  signal: AbortSignal | undefined,
): Promise<Holdings> {
  const { name } = project.info
  const at = place && { ...place, project: name }
  const contents = at ? await contentsOf(at, signal) : NOTHING
  // what cannot be counted holds up nothing: it would only be words, and others are said then
  const beside = await project.countBeside().catch(() => undefined)
  signal?.throwIfAborted()
  const missing =
    at && look
      ? await missingFiles(project, at, contents.paths, beside, signal)
      : { media: undefined, blobs: undefined }
  const { runs, others } = project.catalogue()
  const kinds = new Map<string, number>()
  for (const { kinds: own } of others)
    for (const [kind, rows] of Object.entries(own)) kinds.set(kind, (kinds.get(kind) ?? 0) + rows)
  const configs = runs.filter(({ config }) => config !== null).length
  return { ...contents, project: name, configs, kinds, beside, missing }
}

/** All bytes beside the data. */
export function bytesBeside({ media, saved, blobs }: Contents): number {
  return media.bytes + saved.bytes + blobs.bytes
}

/**
 * What a form leaves behind of a project, in words for before it is made and after: nothing is left out silently.
 */
export function leftBehind(form: ExportForm, holdings: Holdings): Notice[] {
  if (form === 'csv') return csvNotice(holdings)
  const waiting =
    form === 'db' || form === 'parquet'
      ? fragmentsNotice(holdings.project, holdings.fragments, {
          become: 'left behind',
          or: '; or download the folder, which has them as they are',
        })
      : []
  const full = form === 'html' && bytesBeside(holdings) > MOST_IN_PAGE
  const room =
    form === 'db'
      ? 'a .db'
      : full
        ? `a page of one file, which takes ${formatBytes(MOST_IN_PAGE)},`
        : undefined
  return [...(room === undefined ? [] : filesNotice(holdings, room)), ...lostFiles(holdings), ...waiting]
}

/** Whether `leftBehind` names all that a form leaves behind; false where some of it is not known. */
export function isAllKnown(form: ExportForm, { beside, missing }: Holdings): boolean {
  return form === 'csv' ? beside !== undefined : missing.media !== undefined && missing.blobs !== undefined
}

function filesNotice(holdings: Holdings, form: string): Notice[] {
  const { media, saved, blobs, project } = holdings
  const parts = [
    media.files > 0 && formatPlural(media.files, 'media file'),
    saved.files > 0 && formatPlural(saved.files, 'saved file'),
    blobs.files > 0 && formatPlural(blobs.files, 'file of artifacts', 'files of artifacts'),
  ].filter((part) => typeof part === 'string')
  if (parts.length === 0) return []
  const text = `${form} has no room for what lies beside the data: ${listed(parts)} (${formatBytes(bytesBeside(holdings))})`
  return [{ level: 'warn', subject: project, text, action: 'Download the folder, which has everything.' }]
}

/** Files that the project names and that were not opened with it: only the database of a folder was given. */
export function lostFiles({ project, media, kinds, missing }: Holdings): Notice[] {
  const named = NAME_FILES.reduce((sum, kind) => sum + (kinds.get(kind) ?? 0), 0)
  const { media: lost = 0, blobs = 0 } = missing
  const parts = [
    lost > 0 && formatPlural(lost, 'media file'),
    // too many to be looked for one by one
    missing.media === undefined &&
      media.files === 0 &&
      named > 0 &&
      `the files of ${formatPlural(named, 'logged image, sound or the like', 'logged images, sounds and the like')}`,
    blobs > 0 && formatPlural(blobs, 'file of artifacts', 'files of artifacts'),
  ].filter((part) => typeof part === 'string')
  if (parts.length === 0) return []
  const one = missing.media !== undefined && lost + blobs === 1
  return [
    {
      level: 'warn',
      subject: project,
      text: `${listed(parts)} ${one ? 'is' : 'are'} not among what was opened, so ${one ? 'it is' : 'they are'} left behind`,
      action: 'Open the folder that has media/ and artifacts/ beside the data, and do it from there.',
    },
  ]
}

/** Log fragments that do not go out with a database. `become`: what they are then. `or`: what else there is to do. */
export function fragmentsNotice(
  subject: string,
  fragments: number,
  { become, or }: { become: string; or: string },
): Notice[] {
  if (fragments === 0) return []
  const words = formatPlural(fragments, 'log fragment waits', 'log fragments wait')
  return [
    {
      level: 'warn',
      subject,
      text: `${words} beside the database, to be put into it: what stands there is ${become}`,
      action: `Open the folder with trackio show once, which puts them in${or}.`,
    },
  ]
}

function csvNotice(holdings: Holdings): Notice[] {
  const { project, configs, kinds, beside, saved } = holdings
  const typed = [...kinds].map(([kind, rows]) => {
    const [one, many] = WORDS[kind] ?? [`value of the kind ${kind}`, `values of the kind ${kind}`]
    return formatPlural(rows, one, many)
  })
  const parts = [
    configs > 0 && formatPlural(configs, 'config'),
    ...typed,
    ...(beside ? SIDES.map((table) => countOf(beside, table)) : ['what its other tables hold']),
    saved.files > 0 && formatPlural(saved.files, 'saved file'),
  ].filter((part): part is string => typeof part === 'string' && part !== '')
  if (parts.length === 0) return []
  const text = `a CSV has the numbers of rows alone, not ${listed(parts)}`
  return [
    { level: 'info', subject: project, text, action: 'Download the folder, or Parquet, which have all.' },
  ]
}

const SIDES: readonly SideTable[] = ['system', 'alerts', 'traces', 'artifacts']

const WORDS: Record<string, [one: string, many: string]> = {
  'trackio.image': ['image', 'images'],
  'trackio.video': ['video', 'videos'],
  'trackio.audio': ['sound', 'sounds'],
  'trackio.html': ['HTML page', 'HTML pages'],
  'trackio.object3d': ['3D object', '3D objects'],
  'trackio.markdown': ['report', 'reports'],
  [TABLE]: ['table', 'tables'],
  [HISTOGRAM]: ['histogram', 'histograms'],
  string: ['text', 'texts'],
  bool: ['truth value', 'truth values'],
  list: ['list', 'lists'],
  dict: ['object', 'objects'],
}

/** '' for none. */
function countOf(beside: readonly SideCount[], table: SideTable): string {
  const found = beside.find((one) => one.table === table)
  // artifacts of other projects that its runs used
  if (!found || found.rows === 0) return ''
  const [one, many] = SIDE_WORDS[table]
  return found.rows === undefined ? many : formatPlural(found.rows, one, many)
}

const SIDE_WORDS: Record<SideTable, [one: string, many: string]> = {
  system: ['sample of the machine', 'samples of the machines'],
  alerts: ['alert', 'alerts'],
  traces: ['trace', 'traces'],
  artifacts: ['artifact', 'artifacts'],
}

function amountOf(all: readonly Companion[], isOne: (to: string) => boolean): Amount {
  const own = all.filter(({ to }) => isOne(to))
  return { files: own.length, bytes: own.reduce((sum, { entry }) => sum + entry.size, 0) }
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
