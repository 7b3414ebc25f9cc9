/**
 * What the drawing of a chart asks of a canvas. `figure/svg-pen.ts` writes the same as SVG, so there is one
 * drawing for the screen, PNG and SVG. `rect` with `clip` alone, and only around what is restored again.
 */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'globalAlpha'
  | 'lineWidth'
  | 'lineJoin'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'setLineDash'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'closePath'
  | 'rect'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'fillText'
  | 'strokeText'
  | 'save'
  | 'restore'
  | 'clip'
  | 'translate'
  | 'rotate'
> & { measureText(text: string): { width: number } }
