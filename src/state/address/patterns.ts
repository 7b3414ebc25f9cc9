import { type Accessor, batch, createSignal, onCleanup } from 'solid-js'
import type { PatternRunner } from '../../bridge/pattern-runner.ts'
import { costOf, runPattern, usePatternRunner } from '../../compute/pattern.ts'
import type { Match } from '../../model/pattern.ts'
import type { Notice } from '../../model/source.ts'
import type { ViewState } from './link.ts'

export interface Patterns {
  /**
   * What `work` gives with all that is known of its patterns; while something is not, what `before` gives.
   * Runs again, in a memo, when more is known.
   */
  attempt<T>(work: () => T, before: () => T): T
  /** An answer is waited for. */
  waits: Accessor<boolean>
  /** Why a pattern is not tried, and matches nothing; undefined where it is. */
  refused(source: string): string | undefined
  /** The same for all that the view asks for, by the name of its parameter. */
  notices(view: ViewState): Notice[]
}

/**
 * Steps that are taken on the page's own thread: a millisecond for one text, and a fifth of a second for all
 * texts of a pattern.
 */
const STEPS_PER_TEXT = 200_000
const STEPS_PER_PATTERN = 20_000_000
/** Patterns whose answers are kept: those on screen, and the last that were typed. */
const KEPT = 16

interface Known {
  matches: Map<string, Match | null>
  steps: number
  /** Texts to be tried elsewhere. */
  wanted: Set<string>
  refused: string | undefined
}

/** Runs the patterns of a page: cheap ones at once, the others in a worker that can be ended. */
export function createPatterns(load: () => Promise<PatternRunner> = loadRunner): Patterns {
  const known = new Map<string, Known>()
  const [answers, setAnswers] = createSignal(0)
  const [running, setRunning] = createSignal(0)
  let missed = false
  let elsewhere: Promise<PatternRunner> | undefined

  usePatternRunner((source, text) => {
    const pattern = knownOf(source)
    const found = pattern.matches.get(text)
    if (found !== undefined) return found
    if (pattern.refused === undefined) {
      const steps = costOf(source, text.length)
      if (steps <= STEPS_PER_TEXT && pattern.steps + steps <= STEPS_PER_PATTERN) {
        pattern.steps += steps
        const match = runPattern(source, text)
        pattern.matches.set(text, match)
        return match
      }
      if (pattern.wanted.size === 0) queueMicrotask(() => void ask(source, pattern))
      pattern.wanted.add(text)
      missed = true
    }
    answers() // whoever asked here asks again
    return null
  })
  onCleanup(() => usePatternRunner())

  function knownOf(source: string): Known {
    const pattern = known.get(source) ?? {
      matches: new Map(),
      steps: 0,
      wanted: new Set(),
      refused: undefined,
    }
    known.delete(source) // to the young end
    known.set(source, pattern)
    for (const [old, { wanted }] of known) if (known.size > KEPT && wanted.size === 0) known.delete(old)
    return pattern
  }

  async function ask(source: string, pattern: Known): Promise<void> {
    const texts = [...pattern.wanted]
    setRunning((now) => now + 1)
    try {
      elsewhere ??= load()
      const tried = await (await elsewhere).run(source, texts)
      if (tried.kind === 'found')
        texts.forEach((text, i) => void pattern.matches.set(text, tried.matches[i] ?? null))
      else pattern.refused = tried.kind === 'slow' ? SLOW : NOWHERE
    } catch {
      elsewhere = undefined // its code could not be fetched; the next pattern tries again
      pattern.refused = NOWHERE
    }
    for (const text of texts) pattern.wanted.delete(text)
    // asked for while the others were tried
    if (pattern.wanted.size > 0 && pattern.refused === undefined) void ask(source, pattern)
    batch(() => {
      setAnswers((now) => now + 1)
      setRunning((now) => now - 1)
    })
  }

  function refused(source: string): string | undefined {
    answers()
    return known.get(source)?.refused
  }

  return {
    attempt(work, before) {
      const outer = missed
      missed = false
      const result = work()
      const waits = missed
      missed = outer
      return waits ? before() : result
    },
    waits: () => running() > 0,
    refused,
    notices(view) {
      answers()
      const { search, filter, group, metrics } = view
      const fields: [string, string][] = [
        ['metric_filter', search.regex ? search.text : ''],
        ['filter', filter],
        ['group', group.kind === 'regex' ? group.source : ''],
        ['metrics', metrics ?? ''],
      ]
      return fields.flatMap(([subject, text]): Notice[] => {
        const [source, pattern] =
          [...known].find(([one, { refused }]) => refused !== undefined && text.includes(one)) ?? []
        if (source === undefined || pattern?.refused === undefined) return []
        return [{ level: 'warn', subject, text: `${source} ${pattern.refused}`, action: ACTION }]
      })
    },
  }
}

const SLOW = 'takes longer than 0.2 s to try, so it matches nothing'
const NOWHERE = 'may take long to try, and this page can start no worker for it, so it matches nothing'
const ACTION = 'Write it without a repeat inside of a repeat.'

async function loadRunner(): Promise<PatternRunner> {
  const { makePatternRunner } = await import('../../bridge/pattern-runner.ts')
  return makePatternRunner()
}
