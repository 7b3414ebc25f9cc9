const MARK = '\u0000'

/** What a line of a system chart is of: one device of a run, the mean over some, or what belongs to none. */
export type LinePart = { kind: 'device'; device: string } | { kind: 'mean'; devices: string[] }

/** The key of a line: a run's own, with the part of it that the line shows. */
export function lineKey(run: string, part: LinePart | undefined): string {
  if (!part) return run
  const words = part.kind === 'device' ? [part.device] : ['', ...part.devices]
  return [run, ...words].join(MARK)
}

/** The run and the part that a key stands for. */
export function partOf(key: string): { run: string; part: LinePart | undefined } {
  const [run = '', first, ...rest] = key.split(MARK)
  if (first === undefined) return { run, part: undefined }
  return { run, part: first === '' ? { kind: 'mean', devices: rest } : { kind: 'device', device: first } }
}
