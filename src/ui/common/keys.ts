const MAC = /mac|iphone|ipad/i.test(navigator.platform)

/** A key with modifiers as this machine's keyboard names them: `⇧⌘C`, elsewhere `Ctrl Shift C`. */
export function modified(key: string): string {
  return MAC
    ? key
    : key.replace('⇧⌘', 'Ctrl Shift ').replace('⌘', 'Ctrl ').replace('⇧', 'Shift').replaceAll('⌥', 'Alt ')
}
