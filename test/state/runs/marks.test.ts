import { createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { RunMark } from '../../../src/model/mark.ts'
import type { ProjectId } from '../../../src/model/source.ts'
import { createMarks } from '../../../src/state/runs/marks.ts'
import { engineDouble } from '../../engine-double.ts'

/** A project of one run whose metadata have a note and a tag. */
function open(writable: boolean) {
  const held: Record<string, RunMark> = { a: { note: 'first', tags: ['paper'] } }
  const kept: { marks: Record<string, Record<string, RunMark>> } = { marks: {} }
  const engine = engineDouble({
    marks: async () => ({ ...held }),
    async setMark({ run, mark }) {
      held[run] = mark
    },
  })
  const marks = createRoot(() => {
    const [project] = createSignal<ProjectId>('p')
    return createMarks({
      engine,
      preferences: { value: () => kept, set: (change: object) => Object.assign(kept, change) } as never,
      project,
      projectName: () => 'p',
      writable: () => writable,
      ended: () => true,
      failed: () => {},
    })
  })
  return { marks, held, kept }
}

test('a tag written before the marks of a project were read leaves its note alone', async () => {
  const { marks, held } = open(true)
  const before = await marks.change('a', ({ tags = [], ...mark }) => ({ ...mark, tags: [...tags, 'rerun'] }))
  expect(before).toEqual({ note: 'first', tags: ['paper'] })
  expect(held.a).toEqual({ note: 'first', tags: ['paper', 'rerun'] })
  expect(marks.of('a')).toEqual({ note: 'first', tags: ['paper', 'rerun'] })
})

test('where the project is only read, what is written is kept in this browser beside what the project says', async () => {
  const { marks, held, kept } = open(false)
  await marks.change('a', (mark) => ({ ...mark, note: 'second' }))
  expect(held.a).toEqual({ note: 'first', tags: ['paper'] })
  expect(kept.marks).toEqual({ p: { a: { note: 'second', tags: ['paper'] } } })
  // nobody else has it, so it goes on no account of those of other projects
  const others = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`q${i}`, { a: { note: 'mine' } }]))
  Object.assign(kept.marks, others)
  await marks.change('a', (mark) => ({ ...mark, note: 'third' }))
  expect(Object.keys(kept.marks)).toHaveLength(61)
})
