import { closeSync, cpSync, openSync, truncateSync, writeSync } from 'node:fs'
import { DEMO_FILE } from './steps.ts'

/**
 * Writes the demo with as many empty pages behind it as make it `bytes` long; they take no room on the disk.
 */
export function writeFarFile(path: string, bytes: number): void {
  cpSync(DEMO_FILE, path)
  truncateSync(path, bytes)
  const pages = Buffer.alloc(4)
  pages.writeUInt32BE(bytes / 4096)
  const file = openSync(path, 'r+')
  writeSync(file, pages, 0, 4, 28) // where the header counts the pages
  closeSync(file)
}
