import { type Accessor, createSignal } from 'solid-js'
import { IncompleteError } from '../../model/errors.ts'
import type { ProjectId } from '../../model/source.ts'

export type PartAnswer = 'part' | 'on' | 'none'

/** What a person is asked where not all rows could be read. */
export interface PartQuestion {
  /** How many of how many: `8,082 of 30,000 rows`. */
  read: string
  why: string
  answer(answer: PartAnswer): void
}

export interface Parts {
  question: Accessor<PartQuestion | undefined>
  /**
   * What `act` gives: of all rows, or of those that were read where a person says so, after reading on as
   * often as they want. Undefined where they want neither, or `signal` fires while they are asked.
   */
  offer<T>(
    project: ProjectId,
    act: (part: boolean) => Promise<T>,
    signal?: AbortSignal | undefined,
  ): Promise<T | undefined>
}

/** Asks before a part is saved: one question at a time. `readOn` takes a reading up again. */
export function createParts(readOn: (project: ProjectId) => Promise<void>): Parts {
  const [question, setQuestion] = createSignal<PartQuestion>()
  let last: Promise<unknown> = Promise.resolve()

  function ask({ read, why }: IncompleteError, signal: AbortSignal | undefined): Promise<PartAnswer> {
    const asked = last.then(
      () =>
        new Promise<PartAnswer>((resolve) => {
          const answer = (given: PartAnswer): void => {
            signal?.removeEventListener('abort', giveUp)
            setQuestion(undefined)
            resolve(given)
          }
          const giveUp = (): void => answer('none')
          if (signal?.aborted) return resolve('none')
          signal?.addEventListener('abort', giveUp)
          setQuestion({ read, why, answer })
        }),
    )
    last = asked
    return asked
  }

  return {
    question,
    async offer(project, act, signal) {
      let part = false
      for (;;) {
        try {
          return await act(part)
        } catch (error) {
          if (!(error instanceof IncompleteError)) throw error
          const answer = await ask(error, signal)
          if (answer === 'none') return undefined
          if (answer === 'part') part = true
          else await readOn(project)
        }
      }
    },
  }
}

/** Whether a CSV says of itself that it is a part. */
export async function isPart(csv: Blob): Promise<boolean> {
  return (await csv.slice(0, 7).text()) === '# part:'
}
