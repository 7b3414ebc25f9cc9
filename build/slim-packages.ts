import { type Plugin, parseSync } from 'vite'

/**
 * The page asks little of what its packages can do. It takes over no markup of a server (Solid), uPlot draws
 * axes, without data, cursor and legend (src/ui/charts/chart-options.ts), and all that goes over comlink is
 * calls of methods (src/bridge/rpc.ts). No bundler can tell: half of them would be fetched before the first
 * chart and never run. So the bundler is told. Versions are pinned, and a package in which a name is not found
 * fails the build.
 */
interface Unused {
  /** The module, as its path ends. */
  module: string
  /**
   * Names, and fields of names, that are the same all the time: wherever one is read, the value stands
   * instead, and the bundler sees which branches are never taken.
   */
  known: Record<string, string>
  /** Functions that are called and have nothing to do. */
  idle: string[]
  /** Functions and methods that are never called: they throw. */
  unreached: string[]
  /**
   * Statements, by how they begin, that make what is never read or do what is never asked: the names they
   * declare are undefined.
   */
  unread: string[]
}

const UNUSED: Unused[] = [
  {
    module: '/comlink/dist/esm/comlink.mjs',
    known: {},
    idle: [],
    unreached: ['set', 'construct'],
    unread: [
      ...['if (!isAllowedOrigin(', 'if (finalizer in obj', 'if (prop === releaseProxy)'],
      ...['if (last === createEndpoint)', 'if (last === "bind")', 'throwIfProxyReleased(isProxyReleased)'],
      ...['case "GET"', 'case "SET"', 'case "CONSTRUCT"', 'case "ENDPOINT"'],
    ],
  },
  {
    module: '/solid-js/dist/solid.js',
    known: {
      Transition: 'null',
      runningTransition: 'false',
      loadedUnderTransition: 'false',
      Scheduler: 'null',
      ExternalSourceConfig: 'null',
      hydrationEnabled: 'false',
      'sharedConfig.context': 'undefined',
      'sharedConfig.effects': 'undefined',
    },
    idle: ['releaseTransitionSource'],
    unreached: ['startTransition', 'enableScheduling', 'enableExternalSource', 'reset', 'scheduleQueue'],
    unread: ['const [transPending, setTransPending]'],
  },
  {
    module: '/solid-js/web/dist/web.js',
    known: {
      hydrating: 'false',
      'sharedConfig.context': 'undefined',
      'sharedConfig.events': 'undefined',
      'sharedConfig.registry': 'undefined',
    },
    idle: ['isHydrating'],
    unreached: ['hydrate$1'],
    unread: [],
  },
  {
    module: '/uplot/dist/uPlot.esm.js',
    known: {
      mode: '1',
      isTime: 'false',
      xScaleDistr: '1',
      'scale.distr': '1',
      'sc.distr': '1',
      'sc.time': 'false',
      'scaleX.ori': '0',
      'axis.label': 'undefined',
      'opts.class': 'undefined',
      'opts.drawOrder': 'undefined',
      'opts.id': 'undefined',
      'opts.plugins': 'undefined',
      'opts.title': 'undefined',
      'wsc.from': 'undefined',
      showLegend: 'false',
      'legend.show': 'false',
      'legend.live': 'false',
      multiValLegend: 'false',
      showCursor: 'false',
      cursorFocus: 'false',
      cursorOnePt: 'false',
      'cursor.left': '-10',
      'select.show': 'false',
    },
    // its one series has no data
    idle: ['initSeries', 'drawSeries', 'accScale'],
    unreached: list(`
      rangeNum | rangeLog | rangeAsinh | getMinMax | numAxisVals | numAxisSplits | logAxisSplits | asinhAxisSplits
      | log10AxisValsFilt | log2AxisValsFilt | numSeriesVal | seriesPointsShow | seriesFillTo | addSeries | delSeries
      | setSeries | setBand | addBand | delBand | legendStroke | legendFill | setLegend | cursorPointShow
      | cursorPointFill | cursorPointStroke | cursorPointSize | updateCursor | posToVal | closestIdxFromXpos
      | filtBtn0 | filtTarg | mouseMove | mouseDown | mouseUp | mouseLeave | dblClick | pub | setSelect`),
    unread: list(`
      self.addSeries | self.delSeries | self.setSeries | self.addBand | self.setBand | self.delBand | self.setData
      | self.setCursor | self.setSelect | self.setLegend | self.pub | self.posToIdx | self.posToVal | self.valToPos
      | self.valToPosH | self.valToPosV | self.valToIdx | Object.defineProperty(self | const bands | bands.forEach
      | const select | const selectDiv | const activeIdxs | const legend | const legendOpts | legend.idxs
      | const markers | markers.width | markers.dash | markers.stroke | markers.fill | legendTable?.remove
      | const cursor | const cursorOpts | const cursorFocus | const cursorOnePt | const showCursor | cursor.idxs
      | cursor._lock | cursor.sync | if (cursor.dataIdx == null) | let points = cursor.points | points.show
      | points.size | points.stroke | points.width | points.fill | const focus | const drag | let dragX | let dragY
      | on("click", wrap | on(resize, win | on(scroll, win | const mouseListeners | mouseListeners.clear
      | const cursorPlots | cursorPlots.delete | const seriesIdxMatcher | const syncOpts | if (syncOpts.match
      | const syncKey | const sync = | sync.sub | sync.unsub | const events | events. | events[ | const months3
      | const days3 | const wholeIncrs | genIncrs(2, | const xySeriesOpts | const numFormatter | const localTz
      | const [ timeIncrsMs | const [ timeIncrsS | const _tzDate | const _fmtDate | const _timeAxisSplits
      | const _timeAxisVals | const _timeSeriesVal | const linearPath | const pointsPath | uPlot.assign
      | uPlot.fmtNum | uPlot.rangeNum | uPlot.rangeLog | uPlot.rangeAsinh | uPlot.orient | uPlot.sync | uPlot.join
      | uPlot.fmtDate | uPlot.tzDate | uPlot.addGap | uPlot.clipGaps | let paths = uPlot.paths | (paths.`),
  },
]

function list(text: string): string[] {
  return text.split('|').map((one) => one.trim())
}

export function slimPackages(): Plugin {
  return {
    name: 'slim-packages',
    apply: 'build', // elsewhere they are bundled apart
    transform(code, id) {
      const unused = UNUSED.find(({ module }) => id.split('?')[0]?.endsWith(module))
      return unused && { code: withoutUnused(code, id, unused), map: null }
    },
  }
}

interface Node {
  type: string
  start: number
  end: number
}

function withoutUnused(code: string, id: string, { known, idle, unreached, ...rest }: Unused): string {
  const unread = rest.unread.toSorted((a, b) => a.length - b.length)
  const missing = new Set([...Object.keys(known), ...idle, ...unreached, ...unread])
  const changes: { start: number; end: number; text: string }[] = []
  const change = (name: string, { start, end }: Node, text: string): void => {
    missing.delete(name)
    changes.push({ start, end, text })
  }
  const visit = (node: Node, parent: Node | undefined, place: string): void => {
    const name = nameOf(node)
    if (name !== undefined && Object.hasOwn(known, name) && isRead(parent, place)) {
      return change(
        name,
        node,
        isField(parent, 'shorthand', true) ? `${name}: ${known[name]}` : `${known[name]}`,
      )
    }
    const made = functionOf(node)
    if (made && idle.includes(made.name)) return change(made.name, made.body, '{}')
    if (made && unreached.includes(made.name))
      return change(made.name, made.body, "{ throw Error('left out') }")
    // the longest that fits: one may begin another
    const begins = /^(body|cases)$/.test(place)
      ? unread.findLast((words) => code.startsWith(words, node.start))
      : undefined
    if (begins !== undefined) {
      const names = declared(node)
      return change(begins, node, names.length > 0 ? `let ${names.join(', ')};` : '')
    }
    for (const [key, value] of Object.entries(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node, key)
    }
  }
  visit(parseSync(id, code).program, undefined, '')
  if (missing.size > 0) throw new Error(`slim-packages: not found in ${id}: ${[...missing].join('; ')}`)
  changes.sort((a, b) => b.start - a.start)
  return changes.reduce(
    (text, { start, end, text: now }) => text.slice(0, start) + now + text.slice(end),
    code,
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** A function that is declared, or a method of an object. */
function functionOf(node: Node): { name: string; body: Node } | undefined {
  const { id, body } = node.type === 'FunctionDeclaration' ? Object(node) : methodOf(node)
  return isNode(id) && isNode(body) ? { name: nameOf(id) ?? '', body } : undefined
}

function methodOf(node: Node): { id?: unknown; body?: unknown } {
  const { method, key, value } = Object(node)
  return method === true ? { id: key, body: value.body } : {}
}

function isField(node: Node | undefined, key: string, value: unknown): boolean {
  return node !== undefined && Reflect.get(node, key) === value
}

/** `name`, or `name.field`. */
function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier' && 'name' in node) return String(node.name)
  if (node.type !== 'MemberExpression' || isField(node, 'computed', true)) return undefined
  if (!('object' in node && 'property' in node && isNode(node.object) && isNode(node.property)))
    return undefined
  return node.object.type === 'Identifier' ? `${nameOf(node.object)}.${nameOf(node.property)}` : undefined
}

/** Whether what stands at a place of its parent is read there: not set, declared, or the name of a field. */
function isRead(parent: Node | undefined, place: string): boolean {
  switch (parent?.type) {
    case 'AssignmentExpression':
      return place !== 'left'
    case 'VariableDeclarator':
      return place !== 'id'
    case 'MemberExpression':
      return place !== 'property' || isField(parent, 'computed', true)
    case 'Property':
      return place !== 'key' || isField(parent, 'computed', true)
    case 'UpdateExpression':
      return false
    case 'UnaryExpression':
      return !isField(parent, 'operator', 'delete')
    default:
      return place !== 'params'
  }
}

function declared(node: Node): string[] {
  if (!('declarations' in node) || !Array.isArray(node.declarations)) return []
  return node.declarations.flatMap(({ id }) =>
    (id.type === 'ArrayPattern' ? id.elements : [id]).map(({ name }: { name: string }) => name),
  )
}
