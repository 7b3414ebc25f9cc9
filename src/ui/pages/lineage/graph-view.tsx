import { createEffect, createMemo, createSignal, on, onCleanup, onMount } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { isTyping } from '../../common/keys.ts'
import { drawGraph, type ItemLook } from './draw-graph.ts'
import type { LineageModel } from './model.ts'
import { createPointers } from './pointers.ts'
import {
  centred,
  type Direction,
  firstView,
  fitted,
  itemAt,
  seeing,
  stepFrom,
  type View,
  zoomedAt,
} from './scene.ts'
import { nodeWords } from './words.ts'

const ARROWS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}
export const ZOOM_STEP = 1.25
/** So much further out than all of it at once. */
const OUT = 0.8

export interface GraphControl {
  fit(): void
  zoom(factor: number): void
  scale(): number
  /** Brings a node into sight. */
  see(place: number): void
}

/** The graph on a canvas, walked by pointer, fingers and keys. */
export function GraphView(props: {
  model: LineageModel
  control(control: GraphControl): void
  wheel: boolean
}) {
  const { model } = props
  const { theme, runs, preferences } = useApp()
  let canvas: HTMLCanvasElement | undefined
  let box: HTMLDivElement | undefined
  const [size, setSize] = createSignal({ width: 0, height: 0 })
  const [view, setView] = createSignal<View>({ x: 0, y: 0, scale: 1 })
  const picture = createMemo(() => model.drawn()?.picture)
  const least = createMemo(() => {
    const [now, { width, height }] = [picture(), size()]
    return now && width > 0 ? Math.min(0.5, fitted(now, width, height).scale * OUT) : 0.1
  })

  // the first picture is looked at whole; of the next ones what was chosen stays where it stands
  let shownFor: string | undefined
  let chosenAt: { key: string; x: number; y: number } | undefined
  createEffect(
    on([picture, size], ([now, { width, height }]) => {
      if (!now || width === 0 || height === 0) return
      const item = model.selected() ?? 0
      const center = model.node(model.around())?.key ?? ''
      const key = model.node(model.chosen())?.key ?? ''
      const [x, y] = [now.layout.x[item] ?? 0, now.layout.y[item] ?? 0]
      if (shownFor !== center) setView(firstView(now, item, width, height))
      else if (chosenAt?.key === key)
        setView(({ scale, ...at }) => ({
          scale,
          x: at.x + ((chosenAt?.x ?? x) - x) * scale,
          y: at.y + ((chosenAt?.y ?? y) - y) * scale,
        }))
      shownFor = center
    }),
  )
  createEffect(() => {
    const [now, item] = [picture(), model.selected()]
    if (!now || item === undefined) return
    const key = model.node(model.chosen())?.key ?? ''
    chosenAt = { key, x: now.layout.x[item] ?? 0, y: now.layout.y[item] ?? 0 }
  })

  const looks = createMemo(() => {
    picture()
    runs.byKey()
    theme()
    return new Map<number, ItemLook>()
  })
  function lookOf(item: number): ItemLook {
    const known = looks().get(item)
    if (known) return known
    const made = makeLook(item)
    looks().set(item, made)
    return made
  }
  function makeLook(item: number): ItemLook {
    const fold = model.foldOf(item)
    const none = { tail: '', alias: undefined, given: false, color: undefined, gone: false }
    if (fold) return { ...none, title: fold[0], detail: fold[1], fold: true }
    const node = model.node(model.members()[item]?.[0])
    if (!node) return { ...none, title: '', detail: '', fold: false }
    const other = node.project === model.project() ? '' : `${node.project}/`
    const detail = model.detail(node)
    if (node.kind === 'run') {
      const style =
        node.run !== undefined && model.isOnScreen(node) ? runs.styled(node.run)?.style : undefined
      return {
        ...{ ...none, title: `${other}${node.name || node.id || 'a run'}`, detail, fold: false },
        color: style?.color ?? 'var(--ink-3)',
        gone: node.missing !== undefined,
      }
    }
    return {
      ...{ ...none, title: `${other}${node.artifact}`, tail: `v${node.version}`, detail, fold: false },
      alias: node.aliases.find((alias) => alias !== 'latest') ?? node.aliases[0],
      given: node.aliases.some((alias) => alias !== 'latest'),
      gone: node.missing !== undefined,
    }
  }

  let frame = 0
  const draw = (): void => {
    frame = 0
    const [now, { width, height }] = [picture(), size()]
    const pen = canvas?.getContext('2d', { alpha: false })
    if (!canvas || !pen || !now || width === 0) return
    const ratio = window.devicePixelRatio || 1
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h]
    const style = getComputedStyle(canvas)
    drawGraph(pen, {
      picture: now,
      view: view(),
      look: (item) => colored(lookOf(item), style),
      lit: model.lit(),
      selected: model.selected(),
      hits: model.hits(),
      theme: theme(),
      select: style.getPropertyValue('--select').trim() || '#e6edfa',
      ...{ width, height, ratio },
    })
  }
  createEffect(() => {
    // whatever of these changes, one picture follows
    void [picture(), size(), view(), model.lit(), model.selected(), model.hits(), theme(), looks()]
    if (frame === 0) frame = requestAnimationFrame(draw)
  })
  onCleanup(() => cancelAnimationFrame(frame))

  onMount(() => {
    if (!box) return
    const measure = (): void => void (box && setSize({ width: box.clientWidth, height: box.clientHeight }))
    const sized = new ResizeObserver(measure)
    sized.observe(box)
    measure()
    onCleanup(() => sized.disconnect())
  })

  const control: GraphControl = {
    fit() {
      const now = picture()
      if (now) setView(fitted(now, size().width, size().height))
    },
    zoom: (factor) => setView((now) => zoomedAt(now, factor, least(), size().width / 2, size().height / 2)),
    scale: () => view().scale,
    see(place) {
      const [now, item] = [picture(), model.items().get(place)]
      if (!now || item === undefined) return
      const { width, height } = size()
      // at this size a name cannot be read
      if (view().scale < 0.5) setView(centred(now, item, 1, width, height))
      else setView((before) => seeing(before, now, item, width, height))
    },
  }
  props.control(control)

  const pointers = createPointers({
    at: (x, y) => {
      const now = picture()
      return now && itemAt(now, view(), x, y)
    },
    pan: (x, y) => setView((now) => ({ ...now, x: now.x + x, y: now.y + y })),
    zoom: (factor, x, y) => setView((now) => zoomedAt(now, factor, least(), x, y)),
    hover: model.setHovered,
    choose(item) {
      model.selectItem(item)
    },
    act(item) {
      act(item)
    },
    wheel: () => props.wheel,
  })

  /** A fold opens; a node leads to its page. */
  function act(item: number): void {
    if (model.foldOf(item)) model.toggleFold(item)
    else model.openNode(model.members()[item]?.[0])
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const [now, all, item] = [picture(), model.neighbours(), model.selected()]
    if (!now || !all || item === undefined) return
    const arrow = ARROWS[event.key]
    if (arrow) {
      const next = stepFrom(now, all, item, arrow)
      if (next !== undefined) {
        const place = model.members()[next]?.[0]
        model.selectItem(next)
        if (place !== undefined) control.see(place)
      }
    } else if (event.key === 'Enter') act(item)
    else if (event.key === ' ') model.toggleFold(item)
    else if (event.key === '0') control.fit()
    else if (event.key === '+' || event.key === '=') control.zoom(ZOOM_STEP)
    else if (event.key === '-') control.zoom(1 / ZOOM_STEP)
    else if (event.key === 'c' && preferences.value().singleKeys) center()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function center(): void {
    const key = model.node(model.chosen())?.key
    if (key !== undefined) model.set({ around: key, node: '' })
  }

  const words = createMemo(() => {
    const [item, all] = [model.selected(), model.neighbours()]
    if (item === undefined || !all) return ''
    const fold = model.foldOf(item)
    const [from, of] = [all.before(item).length, all.next(item).length]
    if (fold) return `${fold[0]}, ${fold[1]}, folded, made from ${from}, ${of} made of it`
    const place = model.members()[item]?.[0]
    const node = model.node(place)
    return node ? nodeWords(model.title(place), node, from, of) : ''
  })

  return (
    <div class="lineage-graph" ref={box}>
      {/* a picture that keys walk: the list says the same for those who do not see it */}
      <div
        class="graph-keys"
        id="charts"
        role="application"
        aria-roledescription="graph"
        aria-label="Lineage graph"
        aria-describedby="lineage-keys lineage-node"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows walk it
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={pointers.down}
        onPointerMove={pointers.move}
        onPointerUp={pointers.up}
        onPointerCancel={pointers.cancel}
        onPointerLeave={pointers.leave}
        on:wheel={{ handleEvent: pointers.turn, passive: false }}
        classList={{ dragging: pointers.dragging(), over: pointers.over() }}
      >
        <canvas ref={canvas} />
      </div>
      <span class="unseen" id="lineage-keys">
        Arrow keys walk along the edges, Enter opens, Space unfolds
      </span>
      <span class="unseen" id="lineage-node" role="status" data-item={model.selected()}>
        {words()}
      </span>
    </div>
  )
}

/** Colours of runs may be variables of the theme, which a canvas does not know. */
function colored(look: ItemLook, style: CSSStyleDeclaration): ItemLook {
  const name = /^var\((--[\w-]+)\)$/.exec(look.color ?? '')?.[1]
  return name === undefined ? look : { ...look, color: style.getPropertyValue(name).trim() }
}
