import { expect, test } from 'vitest'
import { exportCsv } from '../../../src/engine/exports/csv.ts'
import { openDataset } from '../../../src/engine/formats/registry.ts'
import { makeProject } from '../../../src/engine/projects/project.ts'
import { readFixture } from '../golden-fixtures.ts'
import { projectOf } from '../made-project.ts'
import { sourceFrom } from '../publish/setup.ts'

const start = Date.UTC(2026, 0, 1)

test('a row for each that was logged, a column for each metric', async () => {
  const project = projectOf({
    'a,b': [
      { step: 0, time: start, loss: 0.1, 'x"y': -0 },
      { step: 1, time: start + 1.5, loss: Number.NaN },
      { step: 2, time: start + 2 },
      { step: 3, time: Number.NaN, 'x"y': Number.NEGATIVE_INFINITY, late: 1e300 },
    ],
    '=run': [{ step: Number.NaN, time: start, late: 3 }],
  })
  const progress: number[][] = []
  const blob = await exportCsv(project, { onProgress: (_, rows, total) => progress.push([rows, total]) })
  expect(blob.type).toBe('text/csv')
  expect(await blob.text()).toBe(
    [
      'run,run_id,step,timestamp,late,loss,"x""y"',
      "'=run,'=run,,2026-01-01T00:00:00.000000+00:00,3,,",
      '"a,b","a,b",0,2026-01-01T00:00:00.000000+00:00,,0.1,-0',
      '"a,b","a,b",1,2026-01-01T00:00:00.001500+00:00,,NaN,',
      '"a,b","a,b",3,,1e+300,,-Infinity',
      '',
    ].join('\n'),
  )
  expect(progress.at(-1)).toEqual([5, 5])
})

test.each([
  ['v0.43.0', 'demoprojectv4ö'],
  ['static-0.43.0', 'bucket'],
])('%s: every value of every metric is there', async (folder, name) => {
  const { tree, files: projectFiles, project } = await sourceFrom(folder, name)
  const file = await openDataset(projectFiles, tree, {})
  await file.read(() => {}, true)
  const [{ info, reader } = { info: undefined, reader: undefined }] = file.projects
  if (!info || !reader) throw new Error('no project')
  const opened = makeProject({ ...info, id: 'p', source: 's' }, reader)
  await opened.load()
  const [head = '', ...lines] = (await (await exportCsv(opened)).text()).trimEnd().split('\n')
  const cells = lines.map(split)
  const columns = split(head)
  const fixture = readFixture(folder)
  const expected = fixture.projects.find((one) => one.project === project) ?? fixture.projects[0]
  for (const run of expected?.runs ?? []) {
    const rows = cells.filter(([, id]) => id === run.id)
    for (const [metric, { steps, values }] of Object.entries(run.metrics)) {
      const at = columns.indexOf(metric)
      const logged = rows.filter((row) => row[at] !== '')
      expect(
        logged.map((row) => row[2]),
        `${run.name} ${metric}`,
      ).toEqual(steps.map((step) => (step === null ? '' : String(step))))
      expect(
        logged.map((row) => Number(row[at])),
        `${run.name} ${metric}`,
      ).toEqual(values.map(Number))
    }
  }
  expect(cells.length).toBeGreaterThan(50)
})

test('a million cells are given in pieces, other work in between; it can be given up', async () => {
  const rows = Array.from({ length: 100_000 }, (_, step) => ({ step, a: step / 3, b: step / 7, c: -step }))
  const project = projectOf({ long: rows })
  const blob = await exportCsv(project)
  expect((await blob.text()).split('\n').length).toBe(100_002)
  const abort = new AbortController()
  const stopped = exportCsv(project, { signal: abort.signal, onProgress: () => abort.abort() })
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
})

/** Cells of a line; no cell here holds a line break. */
function split(line: string): string[] {
  return [...`${line},`.matchAll(/("(?:[^"]|"")*"|[^,]*),/g)].map(([, cell = '']) =>
    cell.replace(/^"|"$/g, '').replaceAll('""', '"'),
  )
}
