/** Hands a file to the browser's downloads. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // the download has taken its own hold of the blob by then
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
