/** The chart that has the focus, else the one under the pointer. */
export function currentFigure(): HTMLElement | null {
  return (
    document.activeElement?.closest<HTMLElement>('figure[data-metric]') ??
    document.querySelector('figure[data-metric]:hover')
  )
}
