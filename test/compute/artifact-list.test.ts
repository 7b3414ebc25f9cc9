import { expect, test } from 'vitest'
import { linksOf } from '../../src/compute/artifact-links.ts'
import {
  type ArtifactLine,
  artifactLines,
  FOREIGN,
  foreignVersions,
  labelOf,
  versionsByLabel,
} from '../../src/compute/artifact-list.ts'
import type { Artifact, ArtifactLink, Artifacts, ArtifactVersion } from '../../src/model/artifact.ts'

function artifact(name: string, type: string, versions: (Partial<ArtifactVersion> & { version: number })[]) {
  return {
    ...{ key: name, project: 'p', name, type, description: null, createdAt: '', created: 0 },
    versions: versions.map((one): ArtifactVersion => {
      const key = `${name}${one.version}`
      return {
        ...{ key, id: key, aliases: [], digest: '', bytes: 1, files: 1, references: 0 },
        ...{ unreadable: undefined, metadata: null, createdAt: '', created: 0, producer: undefined },
        ...one,
      }
    }),
  } satisfies Artifact
}

const run = (name: string) => ({ run: name, id: name, name, project: undefined })
const link = (name: string, direction: ArtifactLink['direction'], version: string): ArtifactLink => ({
  ...run(name),
  ...{ direction, version, createdAt: '', created: 0 },
})

const ALL: Artifacts = {
  artifacts: [
    artifact('data-2', 'dataset', [{ version: 0, created: 5 }]),
    artifact('data-10', 'dataset', [{ version: 1, created: 9, digest: 'abcdef' }]),
    artifact('net', 'model', [
      { version: 3, aliases: ['latest', 'prod'], bytes: 50, created: 1 },
      { version: 1 },
    ]),
  ],
  links: [
    link('train', 'input', 'data-20'),
    link('train', 'output', 'net3'),
    link('eval', 'input', 'net3'),
    link('train', 'input', 'net1'),
  ],
  foreign: [
    {
      ...run('eval'),
      ...{ direction: 'input', createdAt: '', created: 0, source: 'other', versionId: '4' },
      ...{ artifact: 'judge', type: 'model', version: 2, bytes: 7 },
    },
  ],
  projects: [{ id: 'p', name: 'proj', without: undefined, named: 0, stored: 0 }],
  notices: [],
}

const words = (lines: ArtifactLine[]): string[] =>
  lines.map((line) => {
    if (line.kind === 'type') return `${line.text === FOREIGN ? 'foreign' : line.text} ${line.count}`
    if (line.kind === 'artifact') return `- ${line.artifact.name}`
    return line.kind === 'version' ? `-- ${line.label}` : `- ${line.foreign.label}`
  })
const nothing = { text: '', only: undefined }
const closed = () => undefined

test('types stand open, artifacts closed, names in their natural order', () => {
  expect(words(artifactLines(ALL, nothing, 'type', closed))).toEqual([
    'dataset 2',
    '- data-2',
    '- data-10',
    'model 1',
    '- net',
    'foreign 1',
    '- other/judge:v2',
  ])
  expect(words(artifactLines(ALL, nothing, 'newest', closed))).toEqual([
    '- data-10',
    '- data-2',
    '- net',
    'foreign 1',
    '- other/judge:v2',
  ])
  expect(words(artifactLines(ALL, nothing, 'largest', closed))[0]).toBe('- net')
  const open = (id: string) => (id === 'a:net' ? true : id === 't:dataset' ? false : undefined)
  expect(words(artifactLines(ALL, nothing, 'type', open)).slice(0, 5)).toEqual([
    'dataset 2',
    'model 1',
    '- net',
    '-- net:v3',
    '-- net:v1',
  ])
})

test('a search opens what it finds: names, types, aliases, versions, and digests from four digits on', () => {
  const found = (text: string) => words(artifactLines(ALL, { text, only: undefined }, 'type', closed))
  expect(found('PROD')).toEqual(['model 1', '- net', '-- net:v3'])
  expect(found('v1')).toEqual(['dataset 1', '- data-10', '-- data-10:v1', 'model 1', '- net', '-- net:v1'])
  expect(found('abcd')).toEqual(['dataset 1', '- data-10', '-- data-10:v1'])
  expect(found('abc')).toEqual([])
  expect(found('judge')).toEqual(['foreign 1', '- other/judge:v2'])
  expect(found('model').slice(0, 4)).toEqual(['model 1', '- net', '-- net:v3', '-- net:v1'])
  expect(words(artifactLines(ALL, { text: '', only: new Set(['net1']) }, 'type', closed))).toEqual([
    'model 1',
    '- net',
    '-- net:v1',
  ])
})

test('a label names a version, an alias too, and the project where there are several', () => {
  const labels = versionsByLabel(ALL)
  expect(labels.get('net:v3')?.version.key).toBe('net3')
  expect(labels.get('net:prod')?.version.key).toBe('net3')
  expect(labels.get('net:v2')).toBeUndefined()
  const two = { ...ALL, projects: [...ALL.projects, { ...ALL.projects[0], id: 'q', name: 'q' }] } as Artifacts
  const one = labels.get('net:v3')
  expect(one && labelOf(two, one)).toBe('proj/net:v3')
  expect(versionsByLabel(two).get('proj/net:latest')?.version.key).toBe('net3')
})

test('versions of other projects are listed once, with all their uses', () => {
  const [use] = ALL.foreign
  const twice = { ...ALL, foreign: use ? [use, { ...use, ...run('train') }] : [] }
  expect(foreignVersions(twice).map(({ label, links }) => [label, links.length])).toEqual([
    ['other/judge:v2', 2],
  ])
})

test('links say who made a version, who used it, what it was made from, and what a run did', () => {
  const links = linksOf(ALL)
  expect(links.makers('net3').map(({ name }) => name)).toEqual(['train'])
  expect(links.users('net3').map(({ name }) => name)).toEqual(['eval'])
  expect(links.madeFrom('net3')).toEqual(['data-20', 'net1'])
  expect(links.madeFrom('data-20')).toEqual([])
  expect(links.ofRun('train')).toEqual({ made: ['net3'], used: ['data-20', 'net1'], foreign: [] })
  expect(links.ofRun('eval')).toMatchObject({ made: [], used: ['net3'], foreign: [{ artifact: 'judge' }] })
})
