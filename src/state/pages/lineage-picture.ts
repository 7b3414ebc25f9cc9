import { type Accessor, createEffect, createSignal, on, onCleanup } from 'solid-js'
import { type LayoutWorker, makeLayouts } from '../../bridge/lineage-layout.ts'
import type { Picture, PictureCall } from '../../compute/lineage/picture.ts'
import type { Part } from '../../compute/lineage/reach.ts'
import { noticeOf } from '../../model/errors.ts'
import type { Lineage } from '../../model/lineage.ts'
import type { Notice } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** A part of a graph that is to be drawn. */
export interface WantedPicture {
  /** Differs from picture to picture. */
  subject: string
  lineage: Lineage
  part: Part
  call: PictureCall
}

/** The same with its picture: places in all of them belong together. */
export interface Drawn extends Omit<WantedPicture, 'call'> {
  picture: Picture
  /** How long folding and layout took, ms. */
  ms: number
}

/**
 * The picture of what is wanted; the one before stays until it is here. One that is not wanted any more is
 * given up, whatever it still had to do.
 */
export function createPicture(
  start: (() => LayoutWorker) | undefined,
  wanted: Accessor<WantedPicture | undefined>,
): {
  drawn: Accessor<Drawn | undefined>
  waiting: Accessor<boolean>
  failed: Accessor<Notice | undefined>
  again(): void
} {
  const layouts = makeLayouts<PictureCall, Picture>(start, async () => {
    const { pictureOf } = await import('../../compute/lineage/picture.ts')
    return pictureOf
  })
  onCleanup(layouts.end)
  const [drawn, setDrawn] = createSignal<Drawn>()
  const [failed, setFailed] = createSignal<Notice>()
  const [waiting, setWaiting] = createSignal(false)
  const latest = createLatest<Drawn>({
    async ask(_, signal) {
      const { call, ...what } = wanted() as WantedPicture
      const { layout, ms } = await layouts.layOut(call, signal)
      return { ...what, picture: layout, ms }
    },
    answered(answer) {
      setFailed(undefined)
      setWaiting(false)
      setDrawn(answer)
    },
    failed(error) {
      setWaiting(false)
      setFailed(noticeOf(error, 'the graph could not be laid out'))
    },
  })
  function ask(): void {
    const now = wanted()
    if (!now) return
    setWaiting(true)
    latest.ask(now.subject)
  }
  createEffect(
    on(wanted, (now) => {
      if (now) return ask()
      latest.abort()
      setWaiting(false)
      setFailed(undefined)
      setDrawn(undefined)
    }),
  )
  return { drawn, waiting, failed, again: ask }
}
