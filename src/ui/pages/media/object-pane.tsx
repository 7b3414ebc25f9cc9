import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { endingOf, type MediaPayload } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { isAbort } from '../../../model/errors.ts'
import { useApp } from '../../../state/app.ts'
import { createFile } from './file-of.ts'
import { WithFile } from './file-words.tsx'
import type { MediaModel } from './model.ts'
import type { ObjectScene } from './object-scene.ts'
import { designTokens } from './tokens.ts'

/** Larger files would hold the page up for long. */
const MOST_BYTES = 256 << 20

/** Of the keys, for who does not see the object. */
const KEYS = 'arrows turn it, with Shift they move it, plus and minus go nearer and away, 0 sets it back'

/** A 3D object: dragging and arrows turn it, the wheel goes nearer. */
export function ObjectPane(props: {
  model: MediaModel
  path: string
  label: string
  points: MediaPayload['points']
}) {
  const { theme } = useApp()
  const file = createFile(props.model, () => props.path)
  const [scene, setScene] = createSignal<ObjectScene>()
  const [why, setWhy] = createSignal<string>()
  const busy = props.model.busyPart()
  createEffect(() => {
    const now = file()
    setWhy(undefined)
    if (now.state !== 'ready') return
    let over = false
    let made: ObjectScene | undefined
    const canvas = document.createElement('canvas')
    setCanvas(canvas)
    busy(true)
    open(now.blob, endingOf(now.path), canvas)
      .then(
        (opened) => {
          made = opened
          if (over) opened.close()
          else setScene(opened)
        },
        (error: unknown) => {
          if (!over && !isAbort(error)) setWhy(error instanceof Error ? error.message : String(error))
        },
      )
      .finally(() => busy(false))
    onCleanup(() => {
      over = true
      setScene(undefined)
      made?.close()
    })
  })
  onCleanup(() => busy(false))
  // a canvas that has lost its WebGL context gets no other: each object has one of its own
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement>()
  let holder: HTMLDivElement | undefined
  createEffect(() => {
    const element = canvas()
    if (!element || !holder) return
    element.tabIndex = 0
    element.setAttribute('role', 'application')
    element.setAttribute('aria-roledescription', '3D object')
    element.setAttribute('aria-label', `${props.label}${scene() ? `, ${scene()?.words}` : ''}`)
    element.setAttribute('aria-description', KEYS)
    holder.replaceChildren(element)
  })
  onMount(() => {
    if (!holder) return
    const sized = new ResizeObserver(() => fit())
    sized.observe(holder)
    onCleanup(() => sized.disconnect())
  })
  const fit = (): void => void (holder && scene()?.resize(holder.clientWidth, holder.clientHeight))
  createEffect(() => {
    theme()
    scene()?.paint(designTokens().sunken)
    fit()
  })
  const words = () => {
    const told = props.points
    const thinned =
      told && told.rendered < told.original ? `, of ${formatCount(told.original)} that were logged` : ''
    return `${scene()?.words ?? ''}${thinned}`
  }
  return (
    <WithFile file={file()} path={props.path} why={why()}>
      <div class="pane-object">
        <div class="object-holder" ref={holder} />
        <Show when={scene()}>
          <p class="pane-note">
            <span class="note">{words()}</span>
            <button type="button" class="text-button" title={`0; ${KEYS}`} onClick={() => scene()?.reset()}>
              Reset view
            </button>
          </p>
        </Show>
      </div>
    </WithFile>
  )
}

async function open(blob: Blob, ending: string, canvas: HTMLCanvasElement): Promise<ObjectScene> {
  if (blob.size > MOST_BYTES) throw new Error('more than 256 MB are not drawn here')
  const [{ openScene }, bytes] = await Promise.all([import('./object-scene.ts'), blob.arrayBuffer()])
  return openScene(canvas, bytes, ending)
}
