import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import type { Run } from '../../src/model/run.ts'
import type { NamedFile, Notice } from '../../src/model/source.ts'
import { checkMetrics, checkOthers, checkRuns } from './golden-checks.ts'
import type { ExpectedProject } from './golden-fixtures.ts'
import { fixtureFolders, namedFile, readFixture, renamed } from './golden-fixtures.ts'

/*
 * One checker for every folder of test/fixtures that holds databases: what the engine says must be what
 * Python's sqlite3 and json read.
 */

describe.each(fixtureFolders('runs'))('%s', (folder) => {
  const fixture = readFixture(folder)
  // what waits in an inbox is in no database yet: such a folder is read as a whole
  const hasInbox = fixture.files.some(({ path }) => path.endsWith('.jsonl'))
  const files = hasInbox ? [] : [...new Set(fixture.projects.map((project) => project.file))]

  it('reads the dropped folder as Python does', async () => {
    const beside = [
      namedFile(`${fixture.projects[0]?.project}.lock`, ''),
      namedFile('media/a/0/picture.png', 'no database'),
    ]
    await check(fixture.files.concat(beside), fixture.projects)
  })

  it.each(files)('reads %s alone', async (file) => {
    await check(renamed(fixture.files, file, file), projectsIn(fixture.projects, file))
  })

  it.each(files)('reads %s under names that say nothing', async (file) => {
    for (const name of ['copy (2) of #1.v2.db', 'download']) {
      const expected = projectsIn(fixture.projects, file).map((project) => ({
        ...project,
        // a file older than 0.0.20 names its projects itself
        project: isNamedByFile(project) ? name.replace(/\.db$/, '') : project.project,
        file: name,
        // which project a link without a run belongs to hangs on the file's name
        runs: project.runs.filter((run) => !run.only_in_artifact_links),
      }))
      await check(renamed(fixture.files, file, name), expected, (run) => run.rows > 0)
    }
  })
})

function projectsIn(projects: ExpectedProject[], file: string): ExpectedProject[] {
  return projects.filter((project) => project.file === file)
}

function isNamedByFile(project: ExpectedProject): boolean {
  return `${project.project}.db` === project.file && !project.named_by_column
}

async function check(
  files: NamedFile[],
  expected: ExpectedProject[],
  listed: (run: Run) => boolean = () => true,
): Promise<void> {
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const label = (name: string, file: string): string => `${name} in ${basename(file)}`
  expect(complaints(source.notices)).toEqual([])
  expect(source.projects.map((project) => label(project.name, project.file)).sort()).toEqual(
    expected.map((project) => label(project.project, project.file)).sort(),
  )
  for (const wanted of expected) {
    const project = source.projects.find(
      (one) => label(one.name, one.file) === label(wanted.project, wanted.file),
    )
    if (!project) throw new Error(`no project ${wanted.project}`)
    await engine.ask('settled', { project: project.id })
    const catalogue = await engine.ask('catalogue', { project: project.id })
    expect(complaints(catalogue.notices)).toEqual([])
    expect({ exact: catalogue.exact, state: catalogue.reading.state }).toEqual({ exact: true, state: 'done' })
    expect(catalogue.project.name).toBe(wanted.project)
    await checkRuns(
      catalogue,
      (run) => engine.ask('history', { project: project.id, run: run.key }),
      wanted,
      listed,
    )
    checkMetrics(catalogue, wanted)
    checkOthers(catalogue.others, wanted)
  }
  await engine.close(source.id)
}

/**
 * All but what is no fault: that newer rows may be in a -wal that did not come along, or that some are still
 * in the inbox.
 */
function complaints(notices: Notice[]): Notice[] {
  return notices.filter((notice) => !/newer rows|of the inbox/.test(notice.text))
}
