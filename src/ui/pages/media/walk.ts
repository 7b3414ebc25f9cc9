/** Arrow keys walk the cards of a grid; a line that is not in the page yet is scrolled to first. */
export function moveFocus(event: KeyboardEvent): void {
  const target = event.target
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return
  const place = target.closest<HTMLElement>('[data-place]')?.dataset.place
  const grid = target.closest<HTMLElement>('[role="grid"]')
  if (place === undefined || !grid) return
  const [line = 0, column = 0] = place.split(':').map(Number)
  const to = {
    ArrowRight: [line, column + 1],
    ArrowLeft: [line, column - 1],
    ArrowDown: [line + 1, column],
    ArrowUp: [line - 1, column],
    Home: [line, 0],
  }[event.key]
  if (!to) return
  event.preventDefault()
  event.stopPropagation()
  const [row = 0, across = 0] = to
  const sheet = grid.closest<HTMLElement>('.sheet')
  const own = target.closest<HTMLElement>('[data-line]')
  const focus = (): boolean => {
    const card = grid.querySelector<HTMLElement>(`[data-place="${row}:${across}"] .card-open`)
    if (!card) return false
    card.focus({ preventScroll: true })
    const cell = card.getBoundingClientRect()
    const box = sheet?.getBoundingClientRect()
    if (sheet && box) {
      // heads stick over the top
      if (cell.top < box.top + 40) sheet.scrollTop -= box.top + 40 - cell.top
      else if (cell.bottom + 30 > box.bottom) sheet.scrollTop += cell.bottom + 30 - box.bottom
    }
    return true
  }
  if (focus() || row === line || !sheet || !own) return
  sheet.scrollTop += (row - line) * own.offsetHeight
  let tries = 10
  const look = (): void => {
    if (!focus() && tries-- > 0) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
