const MAC = /mac|iphone|ipad/i.test(navigator.platform)

/** A key with modifiers as this machine's keyboard names them: `⇧⌘C`, elsewhere `Ctrl Shift C`. */
export function modified(key: string): string {
  return MAC
    ? key
    : key.replace('⇧⌘', 'Ctrl Shift ').replace('⌘', 'Ctrl ').replace('⇧', 'Shift').replaceAll('⌥', 'Alt ')
}

/** What is pressed goes into a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement)
    return !['range', 'checkbox', 'radio', 'button', 'file'].includes(target.type)
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  )
}
