import { expect } from 'vitest'

/**
 * Where a test can run code: a page, or a frame in it. What the code is given and gives back is plain data.
 */
export interface Runs {
  evaluate<R, A>(work: (arg: A) => R | Promise<R>, arg: A): Promise<R>
}

/** A window of a browser that is not Chromium: the little that the cases of both need. */
export interface Tab extends Runs {
  goto(url: string): Promise<void>
  /** The first frame of the page. */
  frame: Runs
  /** Chooses files in the file input of that label. */
  setFiles(label: string, paths: string[]): Promise<void>
  /** A person's click on what has that role and name. */
  click(role: 'button' | 'checkbox' | 'menuitem', name: string | RegExp): Promise<void>
  close(): Promise<void>
}

export interface Driver {
  version: string
  /** A window of 1440×900; what was stored by earlier ones may still be there. */
  open(): Promise<Tab>
  close(): Promise<void>
}

/** ms. What takes WebKit a second took it half a minute beside 20 other jobs. */
const SLOWLY = 60_000

/** Waits for what the page does soon, also on a machine that has much to do. */
export async function until<A>(
  where: Runs,
  what: (arg: A) => boolean,
  arg: A,
  timeout = SLOWLY,
): Promise<void> {
  await expect
    .poll(() => where.evaluate(what, arg), { timeout, interval: 50, message: String(what) })
    .toBe(true)
}

export function ready(where: Runs): Promise<void> {
  return until(where, () => document.documentElement.dataset.ready === 'true', undefined)
}

export async function drawn(where: Runs): Promise<void> {
  await until(
    where,
    () =>
      document.documentElement.dataset.page === 'metrics' &&
      document.documentElement.dataset.ready === 'true',
    undefined,
  )
}

export async function says(where: Runs, words: string): Promise<void> {
  const said = (): Promise<string> =>
    where.evaluate(() => document.body.innerText.replaceAll(/\s+/g, ' '), undefined)
  await expect.poll(said, { timeout: SLOWLY, interval: 50 }).toContain(words)
}

/** Names of the shown runs, in list order. */
export function shownRuns(where: Runs): Promise<string[]> {
  return where.evaluate(
    () =>
      [...document.querySelectorAll('[role=checkbox][data-run-id][aria-checked=true]')].map(
        (box) => box.getAttribute('aria-label') ?? '',
      ),
    undefined,
  )
}

export interface Chart {
  metric: string
  state: string
  series: number
  /** Different pixels of its canvas. */
  colours: number
}

/** The charts in the window. */
export function charts(where: Runs): Promise<Chart[]> {
  return where.evaluate(
    () =>
      [...document.querySelectorAll<HTMLElement>('main figure[data-metric]')]
        .filter((figure) => {
          const { top, bottom } = figure.getBoundingClientRect()
          return bottom > 0 && top < innerHeight
        })
        .map((figure) => {
          const canvas = figure.querySelector('canvas')
          const pixels =
            canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.buffer ??
            new ArrayBuffer(0)
          const { metric = '', state = '', series = '0' } = figure.dataset
          return { metric, state, series: Number(series), colours: new Set(new Uint32Array(pixels)).size }
        }),
    undefined,
  )
}
