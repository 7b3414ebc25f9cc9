import { describe, expect, test } from 'vitest'
import { buildLineage, type LineageProject, namedProjects } from '../../../src/compute/lineage/build.ts'
import { foldSiblings, kindsOf } from '../../../src/compute/lineage/fold.ts'
import { layOut } from '../../../src/compute/lineage/layout.ts'
import { rankNodes } from '../../../src/compute/lineage/ranks.ts'
import { componentOf, neighboursOf, partOf, reached, wayBetween } from '../../../src/compute/lineage/reach.ts'
import type { ArtifactLink, Artifacts, ForeignArtifactLink } from '../../../src/model/artifact.ts'
import type { Lineage } from '../../../src/model/lineage.ts'

const time = { createdAt: '', created: Number.NaN }

/** A project with versions `a:v0`, … and links `run>a:v0` (made) or `a:v0>run` (used). */
function project(
  name: string,
  versions: string[],
  links: string[],
  more: Partial<Artifacts> = {},
): LineageProject {
  const names = [...new Set(versions.map((text) => text.split(':')[0] ?? ''))]
  return {
    name,
    id: `id ${name}`,
    artifacts: {
      artifacts: names.map((artifact) => ({
        ...{
          key: artifact,
          project: `id ${name}`,
          name: artifact,
          type: 'model',
          description: null,
          ...time,
        },
        versions: versions
          .filter((text) => text.startsWith(`${artifact}:`))
          .map((text) => ({
            ...{ key: text, id: text, version: Number(text.split(':v')[1]), aliases: [], digest: '' },
            ...{ bytes: 1, files: 1, references: 0, unreadable: undefined, metadata: null, ...time },
            producer: undefined,
          })),
      })),
      links: links.map((text): ArtifactLink => {
        const [a = '', b = ''] = text.split('>')
        const output = b.includes(':')
        const [run, version] = output ? [a, b] : [b, a]
        const [owner, plain] = run.includes('/') ? run.split('/') : [undefined, run]
        return {
          ...{ version, direction: output ? 'output' : 'input', ...time },
          ...{
            run: owner === undefined ? plain : undefined,
            id: plain ?? '',
            name: plain ?? '',
            project: owner,
          },
        }
      }),
      foreign: [],
      projects: [],
      notices: [],
      ...more,
    },
  }
}

const edges = ({ nodes, from, to }: Lineage): string[] =>
  Array.from(from, (a, e) => `${nodes[a]?.key} > ${nodes[to[e] ?? 0]?.key}`)

describe('the graph', () => {
  test('leads from runs to what they made and from versions to the runs that used them, each once', () => {
    const found = buildLineage([project('p', ['a:v0', 'b:v0'], ['r>a:v0', 'r>a:v0', 'a:v0>s', 's>b:v0'])])
    expect(edges(found)).toEqual(['run p/r > p/a:v0', 'p/a:v0 > run p/s', 'run p/s > p/b:v0'])
  })

  test('tells a run of another project by its id and project: never the local run of its name', () => {
    const foreign: ForeignArtifactLink = {
      ...{ direction: 'input', ...time, run: 'x', id: 'x', name: 'train', project: undefined },
      ...{ source: 'producer', versionId: 'm:v1', artifact: 'm', type: 'model', version: 1, bytes: 1 },
    }
    const producer = project('producer', ['m:v0', 'm:v1'], ['train>m:v1', 'm:v1>consumer/x'])
    const consumer = project('consumer', ['n:v0'], ['x>n:v0'], { foreign: [foreign] })
    expect(namedProjects([producer])).toEqual(['consumer'])
    expect(namedProjects([consumer])).toEqual(['producer'])
    const both = buildLineage([producer, consumer])
    // the use stands in both databases and is one edge; what the consumer made of it hangs on
    expect(edges(both)).toEqual([
      'run producer/train > producer/m:v1',
      'producer/m:v1 > run consumer/x',
      'run consumer/x > consumer/n:v0',
    ])
    const run = both.nodes.find(({ key }) => key === 'run consumer/x')
    expect(run).toMatchObject({ run: 'x', projectId: 'id consumer' })
    expect(run).not.toHaveProperty('missing')
  })

  test('keeps what links lead to where its project is not open, or has it no more', () => {
    const foreign: ForeignArtifactLink = {
      ...{ direction: 'input', ...time, run: 'x', id: 'x', name: 'x', project: undefined },
      ...{ source: 'producer', versionId: '9', artifact: 'm', type: 'model', version: 3, bytes: 7 },
    }
    const consumer = project('consumer', [], [], { foreign: [foreign] })
    const alone = buildLineage([consumer])
    expect(alone.nodes.find(({ kind }) => kind === 'version')).toMatchObject({
      ...{ key: 'producer/m:v3', missing: 'project', bytes: 7, versionKey: undefined },
    })
    const both = buildLineage([consumer, project('producer', ['m:v4'], [])])
    expect(both.nodes.find(({ key }) => key === 'producer/m:v3')).toMatchObject({ missing: 'deleted' })
  })
})

/** Edges as pairs of numbers. */
function graph(count: number, pairs: [number, number][]) {
  const from = Uint32Array.from(pairs, ([a]) => a)
  const to = Uint32Array.from(pairs, ([, b]) => b)
  return { count, from, to, neighbours: neighboursOf(count, from, to) }
}

describe('what hangs together', () => {
  // 0 → 1 → 2, 1 → 3, 4 → 3; 5 → 6 apart
  const { neighbours } = graph(7, [
    [0, 1],
    [1, 2],
    [1, 3],
    [4, 3],
    [5, 6],
  ])
  test('is the component, nearest first, and both sides of a node', () => {
    expect(componentOf(neighbours, 1)).toEqual([1, 0, 2, 3, 4])
    expect(reached(neighbours.before, 3)).toEqual([1, 4, 0])
    expect(reached(neighbours.next, 0)).toEqual([1, 2, 3])
  })
  test('is a path in either direction, else what both come from, else what came of both, else nothing', () => {
    expect(wayBetween(neighbours, 0, 3)).toEqual({ kind: 'path', nodes: [0, 1, 3], turned: false })
    expect(wayBetween(neighbours, 2, 0)).toEqual({ kind: 'path', nodes: [0, 1, 2], turned: true })
    expect(wayBetween(neighbours, 2, 3)).toEqual({ kind: 'from', nodes: [1] })
    expect(wayBetween(neighbours, 1, 4)).toEqual({ kind: 'of', nodes: [3] })
    expect(wayBetween(neighbours, 0, 6)).toEqual({ kind: 'none' })
  })
  test('in a circle ends', () => {
    const circle = graph(3, [
      [0, 1],
      [1, 0],
      [1, 2],
    ]).neighbours
    expect(reached(circle.next, 0)).toEqual([1, 2])
    expect(wayBetween(circle, 0, 1)).toMatchObject({ kind: 'path', nodes: [0, 1] })
  })
})

describe('folding', () => {
  const none = new Uint32Array(0)
  /** 0: a dataset; runs 1…n use it and make versions n+1…2n; `more` edges. */
  function sweep(n: number, more: [number, number][] = [], extra = 0) {
    const pairs: [number, number][] = []
    for (let i = 1; i <= n; i++) pairs.push([0, i], [i, n + i])
    const count = 2 * n + 1 + extra
    const kinds = Int32Array.from({ length: count }, (_, i) =>
      i === 0 ? 0 : i <= n ? 1 : i <= 2 * n ? 2 : 3,
    )
    return { ...graph(count, [...pairs, ...more]), kinds }
  }

  test('like runs with like versions are two folds, and their edges one', () => {
    const folded = foldSiblings({ ...sweep(6), least: 5, open: none })
    expect(Array.from(folded.sizes)).toEqual([1, 6, 6])
    expect(Array.from(folded.first)).toEqual([0, 1, 7])
    expect([Array.from(folded.from), Array.from(folded.to)]).toEqual([
      [0, 1],
      [1, 2],
    ])
    expect(folded.folds).toBe(2)
  })
  test('what differs stays apart, with all that leads to it', () => {
    // the version of run 1 is used by a run of its own
    const folded = foldSiblings({ ...sweep(6, [[7, 13]], 1), least: 5, open: none })
    expect(Array.from(folded.sizes)).toEqual([1, 1, 5, 1, 5, 1])
    const pinned = sweep(6)
    pinned.kinds[8] = -1
    expect(Array.from(foldSiblings({ ...pinned, least: 5, open: none }).sizes)).toEqual([1, 5, 1, 5, 1])
  })
  test('too few are not folded, and nothing is where nobody wants it', () => {
    expect(foldSiblings({ ...sweep(4), least: 5, open: none }).folds).toBe(0)
    const whole = foldSiblings({ ...sweep(6), least: 0, open: none })
    expect(whole.first.length).toBe(13)
    expect(Array.from(whole.place)).toEqual(Array.from({ length: 13 }, (_, i) => i))
  })
  test('an open fold shows its nodes, knows them again, and leaves the other folded', () => {
    const folded = foldSiblings({ ...sweep(6), least: 5, open: Uint32Array.of(1) })
    expect(Array.from(folded.sizes)).toEqual([1, 1, 1, 1, 1, 1, 1, 6])
    expect(Array.from(folded.unfolded)).toEqual([-1, 1, 1, 1, 1, 1, 1, -1])
    expect(folded.from.length).toBe(12)
    expect(folded.folds).toBe(2)
  })
  test('every node is drawn, and no edge is lost', () => {
    for (const least of [0, 2, 3, 5]) {
      const given = sweep(9, [[10, 19]], 1)
      const { place, from, to, sizes } = foldSiblings({ ...given, least, open: none })
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(given.count)
      const pairs = new Set(Array.from(from, (a, e) => `${a} ${to[e]}`))
      given.from.forEach((a, e) => {
        const [x, y] = [place[a], place[given.to[e] as number]]
        if (x !== y) expect(pairs).toContain(`${x} ${y}`)
      })
    }
  })
  test('kinds are versions of one artifact and runs of one project; named versions stay alone', () => {
    const lineage = buildLineage([project('p', ['a:v0', 'a:v1', 'b:v0'], ['r>a:v0', 's>a:v1', 't>b:v0'])])
    const a0 = lineage.nodes.find(({ key }) => key === 'p/a:v0')
    if (a0?.kind === 'version') a0.aliases = ['production', 'latest']
    const part = partOf(lineage, lineage.nodes.keys())
    const kinds = new Map(lineage.nodes.map(({ key }, i) => [key, kindsOf(lineage, part, new Set())[i]]))
    expect(kinds.get('p/a:v0')).toBe(-1)
    expect(kinds.get('run p/r')).toBe(kinds.get('run p/s'))
    expect(kinds.get('p/a:v1')).not.toBe(kinds.get('p/b:v0'))
  })
})

describe('layout', () => {
  const size = { width: 144, height: 42, columns: 44, rows: 22 }
  test('edges lead to the right, nodes lie clear of each other, long edges keep away from nodes', () => {
    const pairs: [number, number][] = [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
      [0, 4],
      [4, 3],
    ]
    const { count, from, to } = graph(5, pairs)
    const { x, y, width, height, start, vias } = layOut({ count, from, to, ...size })
    for (const [a, b] of pairs) expect(x[a]).toBeLessThan((x[b] as number) - size.width)
    for (let i = 0; i < count; i++)
      for (let j = 0; j < i; j++) {
        const clear =
          Math.abs((x[i] as number) - (x[j] as number)) >= size.width ||
          Math.abs((y[i] as number) - (y[j] as number)) >= size.height
        expect(clear, `${i} ${j}`).toBe(true)
      }
    expect(Math.max(...x) + size.width / 2).toBeCloseTo(width)
    expect(Math.max(...y)).toBeLessThanOrEqual(height)
    // 0 → 3 passes two columns
    const [first, end] = [start[3] as number, start[4] as number]
    expect(end - first).toBe(4)
    for (let v = first; v < end; v += 2)
      for (let i = 0; i < count; i++)
        if (Math.abs((vias[v] as number) - (x[i] as number)) < 1)
          expect(Math.abs((vias[v + 1] as number) - (y[i] as number))).toBeGreaterThan(size.height / 2)
  })
  test('long edges of one node share a way', () => {
    // 0 is used by 3, 4 and 5, which stand two columns on
    const { count, from, to } = graph(6, [
      [1, 2],
      [2, 3],
      [2, 4],
      [2, 5],
      [0, 3],
      [0, 4],
      [0, 5],
      [0, 2],
    ])
    const { start, vias } = layOut({ count, from, to, ...size })
    const way = (e: number) => Array.from(vias.subarray(start[e], start[e + 1]))
    expect(way(4)).toHaveLength(2)
    expect(way(5)).toEqual(way(4))
    expect(way(6)).toEqual(way(4))
  })
  test('a circle is laid out, with the edge that closes it turned', () => {
    const { count, from, to } = graph(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ])
    const laid = layOut({ count, from, to, ...size })
    expect(Array.from(laid.turned)).toEqual([0, 0, 1])
    expect(laid.x[0]).toBeLessThan(laid.x[2] as number)
  })
  test('what nothing leads to stands just before what it leads to', () => {
    // 3 leads to 2 alone, which is two columns on
    const { count, from, to } = graph(4, [
      [0, 1],
      [1, 2],
      [3, 2],
    ])
    expect(Array.from(rankNodes(count, from, to).rank)).toEqual([0, 1, 2, 1])
  })
  test('a chain of ten thousand overflows no stack where columns are found', () => {
    const pairs = Array.from({ length: 9999 }, (_, i): [number, number] => [i, i + 1])
    const { count, from, to } = graph(10_000, pairs)
    expect(rankNodes(count, from, to).rank[9999]).toBe(9999)
  })
  test('a chain of thousands, each of which uses one dataset as well, is laid out', () => {
    const steps = 3000
    const chain = Array.from({ length: steps - 1 }, (_, i): [number, number] => [i, i + 1])
    const used = [1, 500, 2999].map((node): [number, number] => [steps, node])
    const { count, from, to } = graph(steps + 1, [...chain, ...used])
    const { x, y, width, height, start, vias } = layOut({ count, from, to, ...size })
    for (const [a, b] of [...chain, ...used]) expect(x[a]).toBeLessThan((x[b] as number) - size.width)
    expect([x[0], x[steps], Math.max(...x) + size.width / 2]).toEqual([72, 72, width])
    // 0 and the dataset share the first column, and nothing else stands in the way of the chain
    expect(Math.abs((y[0] as number) - (y[steps] as number))).toBe(size.height + size.rows)
    expect(Math.max(...y) + size.height / 2).toBeLessThanOrEqual(height)
    const e = from.length - 1
    expect((start[e + 1] as number) - (start[e] as number)).toBe(2 * 2998)
    // beside the nodes of the chain that it passes
    for (let v = start[e] as number; v < (start[e + 1] as number); v += 2) {
      const beside = 1 + (v - (start[e] as number)) / 2
      expect(vias[v]).toBe(x[beside])
      expect(Math.abs((vias[v + 1] as number) - (y[beside] as number))).toBeGreaterThan(size.height / 2)
    }
  })
})
