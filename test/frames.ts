import type { Frame, LineEnd } from '../src/model/view.ts'

/** What a frame says of itself where a test does not care. */
export const PLAIN: Pick<Frame, 'treatment' | 'decades' | 'carried' | 'leftOut'> = {
  treatment: { logged: 0, points: 0, from: 0, to: 0, unit: 'rows' },
  decades: 0,
  carried: 0,
  leftOut: 0,
}

/** A line's end of which only the last value matters. */
export function plainEnd(run: number, x: number, logged: number, rows: number, drawn = logged): LineEnd {
  const seen = {
    ending: logged,
    seen: logged,
    seenX: x,
    seenDrawn: drawn,
    least: logged,
    greatest: logged,
    bestX: Number.NaN,
  }
  return { run, x, drawn, logged, rows, rowsInView: rows, ...seen }
}
