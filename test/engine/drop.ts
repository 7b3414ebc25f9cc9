import { createEngine } from '../../src/engine/api.ts'
import { TrackioError } from '../../src/model/errors.ts'
import type { NamedFile, Notice } from '../../src/model/source.ts'

export interface DroppedRun {
  id: string | null
  name: string
  rows: number
  /** By metric: the values in row order, and where they stand. */
  metrics: Record<string, { steps: number[]; times: number[]; values: number[] }>
}

export interface Dropped {
  /** By file, in the order of the catalogue. */
  projects: { name: string; file: string; runs: DroppedRun[] }[]
  /** Whatever a person is told that is more than information: warnings, errors, and what a question threw. */
  said: string[]
  /** Notices that only inform. */
  informed: string[]
}

/**
 * Opens files as a drop on the page does, waits until they are read, and asks for everything. Only a
 * TrackioError counts as said: any other is thrown.
 */
export async function dropWhole(files: NamedFile[]): Promise<Dropped> {
  const engine = createEngine()
  const outcome: Dropped = { projects: [], said: [], informed: [] }
  const hear = (notices: readonly Notice[]): void => {
    for (const notice of notices) {
      const words = wordsOf(notice.subject, notice.text, notice.action)
      const to = notice.level === 'info' ? outcome.informed : outcome.said
      if (!to.includes(words)) to.push(words)
    }
  }
  const orSaid = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof TrackioError)) throw error
      hear([{ level: 'error', subject: error.subject, text: error.message, action: error.action }])
      return undefined
    }
  }
  const source = await orSaid(() => engine.open({ kind: 'files', name: 'drop', files, live: false }))
  if (!source) return outcome
  for (const project of source.projects) {
    await engine.ask('settled', { project: project.id })
    const before = await engine.ask('catalogue', { project: project.id })
    const runs: DroppedRun[] = []
    for (const { key, id, name, rows } of before.runs) {
      const metrics: [string, DroppedRun['metrics'][string]][] = []
      // one by one where they are not all to be had: those that are whole come
      const all = await orSaid(() => engine.ask('history', { project: project.id, run: key }))
      for (const metric of all ? [undefined] : before.metrics.map((one) => [one.name])) {
        const history =
          all ??
          (await orSaid(() => engine.ask('history', { project: project.id, run: key, metrics: metric })))
        for (const [of, series] of Object.entries(history ?? {}))
          metrics.push([
            of,
            { steps: [...series.steps], times: [...series.times], values: [...series.values] },
          ])
      }
      // by entries: a metric may be called __proto__
      runs.push({ id, name, rows, metrics: Object.fromEntries(metrics) })
    }
    // what is asked for may say more than what was read by itself
    hear((await engine.ask('catalogue', { project: project.id })).notices)
    outcome.projects.push({ name: project.name, file: project.file, runs })
  }
  hear(source.notices)
  await engine.close(source.id)
  return outcome
}

function wordsOf(subject: string, text: string, action = ''): string {
  return [subject, text, action].filter((part) => part !== '').join(': ')
}
