import { createMemo, createSignal } from 'solid-js'
import { kindsOf } from '../../../compute/lineage/fold.ts'
import {
  componentOf,
  neighboursIn,
  type Part,
  partOf,
  reached,
  wayBetween,
} from '../../../compute/lineage/reach.ts'
import type { Lineage, LineageNode, LineageShow } from '../../../model/lineage.ts'
import { canonicalProject } from '../../../model/project-name.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { createLineage, type LineageAnswer } from '../../../state/pages/lineage.ts'
import { createPicture, type WantedPicture } from '../../../state/pages/lineage-picture.ts'
import { ARTIFACTS, LINEAGE } from '../../common/artifact-pages.ts'
import { goTo } from '../../common/artifact-views.tsx'
import { openRun, RUN } from '../../common/run-link.tsx'
import type { SelectOption } from '../../components/select.tsx'
import { chainOf, itemNeighbours, type Lit, litWay, NODE, ROOM } from './scene.ts'
import { detailOf, foldWords, labelOf, titleOf } from './words.ts'

export type LineageModel = ReturnType<typeof createLineageModel>

export const FOLDS = [3, 5, 10, 50]
const USUAL_FOLD = 5
/** Before the key of its first node, of a fold in the address. */
const FOLDED = 'fold '
const FOLD = /^fold /
const SHOWS: readonly LineageShow[] = ['all', 'from', 'of']

/** What the page shows: by its own parameters of the address, and by what the tables hold. */
export function createLineageModel() {
  const app = useApp()
  const { location, sources, data, runs } = app
  const own = createMemo((): Own => location.view().own[LINEAGE] ?? {})
  // each changes with itself alone: a step from node to node lays nothing out anew
  const field = (name: string) => createMemo(() => own()[name] || undefined)
  const param = {
    ...{ around: field('around'), node: field('node'), to: field('to'), show: field('show') },
    ...{ fold: field('fold'), open: field('open'), as: field('as'), find: field('find') },
  }
  const { status, retry } = createLineage({
    ask: app.ask,
    project: sources.asked,
    projects: sources.projects,
    version: data.version,
    wanted: () => data.ended(),
    live: () => Boolean(sources.source()?.info.live),
  })
  const answer = createMemo((): LineageAnswer | undefined => {
    const now = status()
    return now.kind === 'ready' ? now : undefined
  })
  const lineage = createMemo(() => answer()?.lineage)
  /** Of what is read by now; what is on screen may be of the answer before. */
  const read = createMemo(() => indexed(lineage()))
  const project = createMemo(() => canonicalProject(sources.project()?.name ?? ''))
  const chosenKey = createMemo(() => param.node()?.replace(FOLD, ''))

  /** The node that the graph is around: the one of the address, else the newest version of the project. */
  const usual = createMemo(() => newest(lineage(), project()))
  const center = createMemo(() => read()?.places.get(param.around() ?? '') ?? usual())
  const unknown = createMemo(() => {
    const wanted = [param.around(), chosenKey(), param.to()].filter((key) => key !== undefined)
    return wanted.filter((key) => read()?.places.has(key) === false)
  })
  const show = createMemo(() => SHOWS.find((one) => one === param.show()) ?? 'all')
  const least = createMemo(() => (param.fold() === 'off' ? 0 : Number(param.fold() ?? USUAL_FOLD)))
  const open = createMemo(() => new Set(parsedList(param.open())))
  const part = createMemo((): { lineage: Lineage; part: Part } | undefined => {
    const [now, at, all] = [lineage(), center(), read()]
    if (!now || at === undefined || !all) return undefined
    const { next, before } = all.neighbours
    const nodes =
      show() === 'all'
        ? componentOf(all.neighbours, at)
        : [at, ...reached(show() === 'from' ? before : next, at)]
    return { lineage: now, part: partOf(now, nodes) }
  })

  let revision = 0
  const { drawn, waiting, failed, again } = createPicture(
    app.startLayout,
    createMemo((): WantedPicture | undefined => {
      const now = part()
      if (!now) return undefined
      const { lineage, part: nodes } = now
      const places = new Map(Array.from(nodes.nodes, (place, at) => [lineage.nodes[place]?.key, at]))
      return {
        lineage,
        part: nodes,
        subject: String(++revision),
        call: {
          count: nodes.nodes.length,
          from: nodes.from,
          to: nodes.to,
          kinds: kindsOf(lineage, nodes, new Set([center() ?? -1])),
          least: least(),
          open: Uint32Array.from([...open()].flatMap((key) => places.get(key) ?? [])),
          ...NODE,
          ...ROOM,
        },
      }
    }),
  )

  // all that follows is about what is on screen
  const onScreen = createMemo(() => drawn()?.lineage ?? lineage())
  const graph = createMemo(() => (onScreen() === lineage() ? read() : indexed(onScreen())))
  const placeOf = (key: string | undefined): number | undefined =>
    key === undefined ? undefined : graph()?.places.get(key)
  const around = createMemo(() => placeOf(lineage()?.nodes[center() ?? -1]?.key))
  const neighbours = createMemo(() => {
    const now = drawn()
    return now && itemNeighbours(now.picture)
  })
  /** By place in the whole graph: the item that it is drawn as. */
  const items = createMemo(() => {
    const now = drawn()
    if (!now) return new Map<number, number>()
    const { place } = now.picture.folded
    return new Map(Array.from(now.part.nodes, (node, at) => [node, place[at] as number]))
  })
  const members = createMemo(() => {
    const now = drawn()
    const found: number[][] = []
    if (!now) return found
    now.part.nodes.forEach((node, at) => {
      const item = now.picture.folded.place[at] as number
      const list = found[item]
      if (list) list.push(node)
      else found[item] = [node]
    })
    return found
  })
  /** Place in the whole graph of the node that was chosen: the one it is around, unless another was. */
  const chosen = createMemo(() => placeOf(chosenKey()) ?? around())
  const selected = createMemo(() => items().get(chosen() ?? -1) ?? items().get(around() ?? -1))
  const node = (place: number | undefined): LineageNode | undefined => onScreen()?.nodes[place ?? -1]

  const found = createMemo(() => {
    const text = (param.find() ?? '').toLowerCase()
    const now = drawn()
    if (text === '' || !now) return undefined
    return Array.from(now.part.nodes).filter((place) => {
      const one = now.lineage.nodes[place]
      const aliases = one?.kind === 'version' ? one.aliases.join(' ') : ''
      return one !== undefined && `${titleOf(one)} ${aliases}`.toLowerCase().includes(text)
    })
  })
  const hits = createMemo(() => {
    const now = found()
    return now && new Set(now.flatMap((place) => items().get(place) ?? []))
  })

  /** Between what was chosen and another node. */
  const way = createMemo(() => {
    const [all, from, to] = [graph(), chosen(), placeOf(param.to())]
    if (!all || from === undefined || to === undefined || from === to) return undefined
    return { to, ...wayBetween(all.neighbours, from, to) }
  })
  const wayLit = createMemo((): Lit | undefined => {
    const [now, path] = [drawn(), way()]
    if (!now || path?.kind !== 'path') return undefined
    return litWay(
      now.picture,
      path.nodes.flatMap((place) => items().get(place) ?? []),
    )
  })
  const [hovered, setHovered] = createSignal<number>()
  const lit = createMemo(() => {
    const [now, all] = [drawn(), neighbours()]
    if (!now || !all) return undefined
    const at = hovered() ?? (wayLit() ? undefined : selected())
    return at === undefined ? wayLit() : chainOf(now.picture, all, at)
  })

  function set(change: Own): void {
    const { own: before } = location.view()
    location.patch({ own: { ...before, [LINEAGE]: { ...before[LINEAGE], ...change } } })
  }

  function select(place: number | undefined): void {
    const one = node(place)
    if (one) set({ node: place === around() ? '' : one.key })
  }

  /** What is drawn as one: a node, or a fold as such. */
  function selectItem(item: number): void {
    const [first, ...others] = members()[item] ?? []
    const key = node(first)?.key
    if (others.length > 0 && key !== undefined) set({ node: FOLDED + key })
    else select(first)
  }

  /** Opens a fold, or closes the one that an item is of; false where it is neither. */
  function toggleFold(item: number): boolean {
    const now = drawn()
    if (!now) return false
    const { sizes, unfolded, first } = now.picture.folded
    const start = (sizes[item] ?? 1) > 1 ? first[item] : unfolded[item]
    if (start === undefined || start < 0) return false
    const key = node(now.part.nodes[start])?.key
    if (key === undefined) return false
    const next = new Set(open())
    if (!next.delete(key)) next.add(key)
    set({ open: next.size > 0 ? JSON.stringify([...next]) : '', node: next.has(key) ? key : FOLDED + key })
    return true
  }

  /** Of runs and versions: their own pages, in their own project. */
  function openNode(place: number | undefined): boolean {
    const one = node(place)
    if (one?.kind === 'run') {
      if (one.run === undefined) return false
      if (isOnScreen(one)) openRun(location, one.run)
      else goTo(app, RUN, { run: one.run }, one.projectId)
      return true
    }
    if (one?.versionKey === undefined) return false
    goTo(app, ARTIFACTS, { of: `${one.artifact}:v${one.version}` }, one.projectId)
    return true
  }

  function isOnScreen({ projectId }: LineageNode): boolean {
    return projectId !== undefined && projectId === sources.project()?.id
  }

  /** The charts with this run alone. */
  function showCurves(place: number | undefined): void {
    const one = node(place)
    if (one?.kind !== 'run' || one.run === undefined) return
    if (!isOnScreen(one) && one.projectId !== undefined) sources.select(one.projectId)
    location.patch({ page: location.pages.home, shown: { kind: 'only', keys: [one.run], names: [] } })
  }

  function stepsOf(one: LineageNode): number | undefined {
    if (one.kind !== 'run' || one.run === undefined || !isOnScreen(one)) return undefined
    return runs.byKey().get(one.run)?.lastStep ?? undefined
  }

  return {
    own,
    param,
    set,
    status,
    retry,
    answer,
    lineage: onScreen,
    project,
    around,
    unknown,
    show,
    least,
    open,
    drawn,
    waiting,
    failed,
    again,
    neighbours,
    items,
    members,
    chosen,
    selected,
    node,
    found,
    hits,
    way,
    lit,
    setHovered,
    select,
    selectItem,
    /** The fold is meant, not one of its nodes. */
    isFoldChosen: () => FOLD.test(param.node() ?? ''),
    toggleFold,
    openNode,
    showCurves,
    isOnScreen,
    stepsOf,
    graph,
    isList: () => param.as() === 'list',
    /** Versions by artifact, then runs, of these places, for a list to choose from: of thousands it takes its time. */
    choices(places: Iterable<number>): { label: string; options: SelectOption[] }[] {
      const groups = new Map<string, SelectOption[]>()
      for (const place of places) {
        const one = node(place)
        if (!one) continue
        const own = one.project === project()
        const label = one.kind === 'run' ? 'Runs' : own ? one.artifact : `${one.project}/${one.artifact}`
        const option = { value: one.key, text: labelOf(one, project()) }
        const list = groups.get(label)
        if (list) list.push(option)
        else groups.set(label, [option])
      }
      return [...groups]
        .map(([label, options]) => ({ label, options }))
        .sort((a, b) => Number(a.label === 'Runs') - Number(b.label === 'Runs'))
    },
    /** The one that is chosen from such a list, while that is not open. */
    choice(place: number | undefined): SelectOption[] {
      const one = node(place)
      return one ? [{ value: one.key, text: labelOf(one, project()) }] : []
    },
    title: (place: number | undefined): string => {
      const one = node(place)
      return one ? titleOf(one, project()) : ''
    },
    detail: (one: LineageNode): string => detailOf(one, stepsOf(one)),
    /** Of an item that stands for several; undefined for one node. */
    foldOf: (item: number): [title: string, detail: string] | undefined => {
      const list = members()[item]
      return list && list.length > 1 ? foldWords(list.flatMap((place) => node(place) ?? [])) : undefined
    },
  }
}

function indexed(lineage: Lineage | undefined) {
  if (!lineage) return undefined
  const places = new Map(lineage.nodes.map(({ key }, place) => [key, place]))
  return { neighbours: neighboursIn(lineage), places }
}

/**
 * The newest version of the project; of one that has none, the newest that its runs used; else one of its runs,
 * or whatever there is.
 */
function newest(lineage: Lineage | undefined, project: string): number | undefined {
  if (!lineage) return undefined
  const { nodes, from, to } = lineage
  const near = new Set<number>()
  from.forEach((a, e) => {
    const b = to[e] as number
    if (nodes[a]?.project === project) near.add(b)
    if (nodes[b]?.project === project) near.add(a)
  })
  let best: { at: number; rank: number; time: number } | undefined
  nodes.forEach((one, at) => {
    const own = one.project === project
    const rank = one.kind === 'version' ? (own ? 4 : near.has(at) ? 3 : 1) : own ? 2 : 0
    const time = Number.isFinite(one.created) ? one.created : Number.NEGATIVE_INFINITY
    if (!best || rank > best.rank || (rank === best.rank && time >= best.time)) best = { at, rank, time }
  })
  return best?.at
}

function parsedList(text: string | undefined): string[] {
  try {
    const list: unknown = JSON.parse(text || '[]')
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
  } catch (error) {
    if (error instanceof SyntaxError) return [] // a link that was cut
    throw error
  }
}
