import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { staticFiles } from '../../../src/engine/publish/static-files.ts'
import * as trackio from '../../../src/entries/trackio.ts'
import type { ExportForm, ExportPlan } from '../../../src/model/questions.ts'
import type { NamedFile, Notice } from '../../../src/model/source.ts'
import { readInside } from '../../../src/storage/files/embedded-data.ts'
import { serve } from '../../browser/server.ts'
import { makeBench } from '../../client/setup.ts'
import { filesOf } from '../golden-fixtures.ts'
import { sourceOf } from '../publish/setup.ts'
import { countsOf, type Inventory, inventoryOf, opened } from './inventory.ts'
import { richProject } from './rich-project.ts'

/*
 * Nothing is left behind: a project with something of everything goes out in every form, is opened again, and every
 * table is compared row by row, every file byte by byte. What a form cannot hold is said, before and after.
 */

interface Case {
  /** What it is, and which of its projects. */
  name: string
  files: () => Promise<NamedFile[]>
  project: string
}

const CASES: Case[] = [
  { name: 'a database with everything', files: () => richProject(), project: 'rich' },
  {
    name: 'a live bucket of trackio 0.43, with media and artifacts',
    // fragments that wait are another matter: see below
    files: async () => unpacked('bucket-0.43.0').filter(({ path }) => !path.includes('/inbox/')),
    project: 'liveprojecté',
  },
  {
    name: 'uses of another project’s artifacts',
    files: async () => unpacked('cross-0.43.0'),
    project: 'consumer',
  },
  {
    name: 'a database of trackio 0.43',
    files: async () => unpacked('v0.43.0'),
    project: 'demoprojectv4ö',
  },
  {
    name: 'a Dataset of trackio 0.43',
    files: async () => unpacked('parquet-0.43.0'),
    project: 'demoprojectv4ö',
  },
  { name: 'a registry', files: async () => unpacked('v0.43.0'), project: 'registry-models' },
  {
    name: 'a static export of trackio 0.43',
    files: async () => unpacked('static-0.43.0').filter(({ path }) => path.startsWith('bucket/')),
    project: 'bucket',
  },
]

describe.each(CASES)('$name', ({ files: load, project }) => {
  let files: NamedFile[]
  let before: Inventory
  let plans: ExportPlan[]
  beforeAll(async () => {
    files = await load()
    const source = await opened(files, project)
    before = await inventoryOf(source.engine, source.project)
    plans = await source.engine.ask('exportPlans', { project: source.project })
  })

  test.each(['db', 'folder', 'parquet', 'html'] as const)('arrives as %s, whole', async (form) => {
    const plan = plans.find((one) => one.form === form)
    if (plan?.refused !== undefined) {
      await expect(exported(files, project, form)).rejects.toThrow(plan.refused)
      return
    }
    const { name, blob, notices, whole } = await exported(files, project, form)
    expect(whole).toBe(notices.length === 0)
    // what is said afterwards was said before
    expect(notices.filter(isOfLeaving)).toEqual(plan?.notices)
    const again = await opened(form === 'html' ? await insideOf(blob) : [fileOf(name, blob)], project)
    const after = await inventoryOf(again.engine, again.project)
    if (form !== 'db') return same(after, before)
    // a database alone has no files beside it, which is said
    const left = ['media', 'blobs', 'saved']
    same(without(after, left), without(before, left))
    const has = files.some(({ path }) => /(^|\/)(media|artifacts)\//.test(path))
    const lost = JSON.stringify(before).includes('"lost"')
    expect(notices.length > 0).toBe(has || lost)
  })

  test('is published as a static export with all of it', async () => {
    const source = await sourceOf(files.filter(({ path }) => belongs(path, project)))
    const { files: out } = await staticFiles({ ...source, project })
    const there = await Promise.all(
      out.map(async ({ path, load }) => fileOf(`${project}/${path}`, await load())),
    )
    const again = await opened(there, project)
    same(await inventoryOf(again.engine, again.project), before)
  })
})

test('there is something of everything', async () => {
  const { engine, project } = await opened(await richProject(), 'rich')
  const inventory = await inventoryOf(engine, project)
  expect(countsOf(inventory)).toEqual({
    ...{
      metrics: 26,
      configs: 2,
      system_metrics: 2,
      alerts: 4,
      traces: 6,
      values: 14,
      project_metadata: 2,
      marks: 1,
    },
    ...{ artifacts: 1, artifact_versions: 2, artifact_aliases: 2, run_artifact_links: 2 },
    ...{ external_run_artifact_links: 2, media: 12, blobs: 4, saved: 2 },
  })
  expect(JSON.stringify(inventory)).not.toContain('lost')
  expect(inventory.marks?.[0]).toMatchObject(
    Object.fromEntries(
      (await engine.ask('catalogue', { project })).runs.map(({ key }, r) => [key, { note: `note ${r}` }]),
    ),
  )
})

test('log fragments that wait are said to stay behind, and come along in a folder', async () => {
  const files = unpacked('bucket-0.43.0')
  const source = await opened(files, 'liveprojecté')
  const plans = await source.engine.ask('exportPlans', { project: source.project })
  const said = (form: ExportForm) => plans.find((one) => one.form === form)?.notices.map(({ text }) => text)
  for (const form of ['db', 'parquet'] as const)
    expect(said(form)?.join()).toMatch(/6 log fragments wait beside the database/)
  for (const form of ['folder', 'html'] as const) expect(said(form)).toEqual([])
  const before = await inventoryOf(source.engine, source.project)
  const { name, blob } = await exported(files, 'liveprojecté', 'folder')
  const again = await opened([fileOf(name, blob)], 'liveprojecté')
  same(await inventoryOf(again.engine, again.project), before)
})

test('a database that was opened without its folder says that the files of what it logged are not there', async () => {
  const files = (await richProject()).filter(({ path }) => path === 'rich.db')
  const source = await opened(files)
  const plans = await source.engine.ask('exportPlans', { project: source.project })
  const words = (form: ExportForm) => plans.find((one) => one.form === form)?.notices.map(({ text }) => text)
  const lost =
    '12 media files and 3 files of artifacts are not among what was opened, so they are left behind'
  for (const form of ['db', 'folder', 'parquet', 'html'] as const) expect(words(form)).toEqual([lost])
  expect(words('csv')?.[0]).toMatch(
    /^a CSV has the numbers of rows alone, not 2 configs, .*2 reports.* 2 samples of the machines, 4 alerts, 6 traces and 1 artifact$/,
  )
})

test('a registry of a bucket goes out as its files are', async () => {
  const files = unpacked('bucket-0.43.0').filter(({ path }) => /registries\//.test(path))
  const source = await opened(files)
  const before = await inventoryOf(source.engine, source.project)
  expect(before.registry_events?.length).toBe(4)
  const plans = await source.engine.ask('exportPlans', { project: source.project })
  expect(plans.filter(({ refused }) => refused === undefined).map(({ form }) => form)).toEqual([
    ...['folder', 'csv', 'html'],
  ])
  for (const form of ['folder', 'html'] as const) {
    const { name, blob, whole } = await exported(files, source.named, form)
    expect([form, whole]).toEqual([form, true])
    const again = await opened(form === 'html' ? await insideOf(blob) : [fileOf(name, blob)], source.named)
    same(await inventoryOf(again.engine, again.project), before)
  }
  const { tree, files: first } = await sourceOf(files)
  await expect(staticFiles({ tree, files: first, project: source.named })).rejects.toThrow(
    'a registry of a bucket has no database that could be published',
  )
})

test('a file that is missing among many is said, whatever value names it', async () => {
  const all = await richProject()
  const gone = [/\.ply$/, /\/blobs\//].map((part) => all.find(({ path }) => part.test(path)))
  const within = all.filter((one) => !gone.includes(one))
  const { notices, whole } = await exported(within, 'rich', 'folder')
  expect([whole, notices.map(({ text }) => text)]).toEqual([
    false,
    ['1 media file and 1 file of artifacts are not among what was opened, so they are left behind'],
  ])
  // of tables and traces as well
  for (const caption of ['cell', 'in a trace']) {
    const source = await opened(all, 'rich')
    const { traces = [], values = [] } = await inventoryOf(source.engine, source.project)
    const text = JSON.stringify([traces, values]).replaceAll('\\', '')
    const [, path = ''] = new RegExp(`"caption":"${caption}"[^}]*?"file_path":"([^"]+)"`).exec(text) ?? []
    const without = all.filter((one) => one.path !== `media/${path}`)
    expect([caption, without.length]).toEqual([caption, all.length - 1])
    const made = await exported(without, 'rich', 'folder')
    expect([caption, made.notices.map(({ text }) => text)]).toEqual([
      caption,
      ['1 media file is not among what was opened, so it is left behind'],
    ])
  }
})

test('an artifact of references has no files that could be missing', async () => {
  const bench = makeBench()
  const run = await trackio.init({ project: 'refs' })
  const data = new trackio.Artifact('data', 'dataset')
  data.addReference('https://example.com/data.bin', { checksum: false })
  await run.logArtifact(data)
  await trackio.finish()
  const blob = await bench.store.exportDatabase('refs')
  const { notices, whole } = await exported([fileOf('refs.db', blob)], 'refs', 'folder')
  expect([notices, whole]).toEqual([[], true])
})

function same(after: Inventory, before: Inventory): void {
  expect(countsOf(after)).toEqual(countsOf(before))
  for (const [name, list] of Object.entries(before)) expect({ [name]: after[name] }).toEqual({ [name]: list })
}

function without(inventory: Inventory, names: readonly string[]): Inventory {
  return Object.fromEntries(Object.entries(inventory).filter(([name]) => !names.includes(name)))
}

/** Not about values that no column holds as they are. */
function isOfLeaving({ text }: Notice): boolean {
  return !/JSON text|stand rounded/.test(text)
}

async function exported(files: NamedFile[], name: string, form: Exclude<ExportForm, 'csv'>) {
  const { engine, project } = await opened(files, name)
  if (form !== 'html') return engine.ask('export', { project, form, frontend: '' })
  const folder = mkdtempSync(join(tmpdir(), 'round-trip-'))
  writeFileSync(join(folder, 'single.html'), '<html><!-- data --></html>')
  const served = await serve(folder)
  try {
    return await engine.ask('export', { project, form, frontend: served.url })
  } finally {
    await served.close()
    rmSync(folder, { recursive: true })
  }
}

/** The files in a page, as that page reads them. */
async function insideOf(page: Blob): Promise<NamedFile[]> {
  const text = await page.text()
  const elements = [
    ...text.matchAll(
      /<script type="application\/x-trackio" data-(path|project)="([^"]*)">([^<]*)<\/script>/g,
    ),
  ].map(([, kind, value, content]) => ({
    dataset: {
      [String(kind)]: String(value)
        .replaceAll('&quot;', '"')
        .replaceAll('&lt;', '<')
        .replaceAll('&amp;', '&'),
    },
    textContent: content ?? '',
    remove() {},
  }))
  const inside = await readInside(elements)
  return inside?.files ?? []
}

function belongs(path: string, project: string): boolean {
  return !/\.db$/.test(path) || path.endsWith(`${project}.db`)
}

/** Each file once: what is packed stands there unpacked as well, or is unpacked on the way. */
function unpacked(folder: string): NamedFile[] {
  const all = filesOf(folder, /./)
  return all.filter(({ path }, i) => all.findIndex((one) => one.path === path) === i)
}

function fileOf(path: string, blob: Blob): NamedFile {
  return { path, file: new File([blob], path.slice(path.lastIndexOf('/') + 1)) }
}
