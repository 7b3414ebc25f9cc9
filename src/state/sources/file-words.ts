import { formatBytes } from '../../compute/format.ts'
import { formatCount } from '../../compute/number.ts'
import type { WantedFile } from '../address/link.ts'

/* Loaded where a link of files is opened: no other page needs the words. */

/** Which files a link shows and does not hold, and what to do, in two sentences. */
export function absentWords(files: readonly WantedFile[]): [string, string] {
  return files.length === 1
    ? [
        `This link shows ${wordsOf(files)}, which is on the disk of whoever made it.`,
        'Drop that file to see it.',
      ]
    : [
        `This link shows ${wordsOf(files)}, which are on the disk of whoever made it.`,
        'Drop those files to see them.',
      ]
}

/** How a file of the link's name differs from what the link was made of: by its size. */
export function otherSize(here: number, there: number): string {
  const [a, b] = [formatBytes(here), formatBytes(there)]
  // to the byte where the words would be the same
  const sizes = a === b ? `${formatCount(here)} bytes here, ${formatCount(there)}` : `${a} here, ${b}`
  return `${sizes} in the link: it may show other rows than whoever made it saw`
}

export function otherFile(files: readonly WantedFile[]): string {
  return `not the file of the link, which is of ${wordsOf(files)}`
}

/** `a.db, 218 MB, and b.db, 3.1 MB` */
function wordsOf(files: readonly WantedFile[]): string {
  const words = files.map(({ name, bytes }) => `${name}, ${formatBytes(bytes)}`)
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`
}
