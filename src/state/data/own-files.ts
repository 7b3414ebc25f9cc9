/** Where the page's own files are: the engine puts them beside what it writes. */
export function ownFiles(): string {
  return document.baseURI.replace(/[?#].*$/, '')
}
