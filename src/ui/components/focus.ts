/**
 * Moves the focus on from a row that is about to go: to the same control of the next one, else of the one
 * before. False where there is no other.
 */
export function focusBeside(row: Element | null | undefined, control: string): boolean {
  return focusOneOf(rowsBeside(row), control)
}

/** The next row and the one before, as long as the row stands among them. */
export function rowsBeside(row: Element | null | undefined): Element[] {
  return [row?.nextElementSibling, row?.previousElementSibling].filter((other) => other instanceof Element)
}

export function focusOneOf(rows: readonly Element[], control: string): boolean {
  for (const row of rows) {
    const found = row.querySelector<HTMLElement>(control)
    found?.focus()
    if (found) return true
  }
  return false
}

/** First of what can take the focus in there, as Tab would find it. */
export function firstFocusable(within: Element | undefined): HTMLElement | null | undefined {
  return within?.querySelector<HTMLElement>(
    ':is(button, input, select, a[href], [tabindex]):not(:disabled, [tabindex="-1"])',
  )
}

/** Nothing has the focus: what had it is gone. */
export function focusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

export function blur(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

/**
 * Gives the focus to the first of `selector` as soon as there is one, unless something else takes it before.
 */
export function focusWhenThere(within: Element, selector: string): void {
  const before = document.activeElement
  const look = (): boolean => {
    if (document.activeElement !== before && !focusLost()) return true
    const found = within.querySelector<HTMLElement>(selector)
    found?.focus({ preventScroll: true })
    return found !== null
  }
  if (look()) return
  const seen = new MutationObserver(() => look() && seen.disconnect())
  seen.observe(within, { childList: true, subtree: true })
}
