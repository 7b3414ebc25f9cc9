/** Moves the focus on from a row that is about to go: to the same control of the next one, else of the one before. False where there is no other. */
export function focusBeside(row: Element | null | undefined, control: string): boolean {
  for (const other of [row?.nextElementSibling, row?.previousElementSibling]) {
    const found = other?.querySelector<HTMLElement>(control)
    found?.focus()
    if (found) return true
  }
  return false
}
