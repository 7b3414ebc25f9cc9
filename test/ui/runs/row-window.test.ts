import { createEffect, createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { createRowWindow } from '../../../src/ui/pages/runs/row-window.ts'
import { settle } from '../../settle.ts'

test('lines in sight and some beyond are drawn once each; of those that stay nothing is looked at', async () => {
  const [first, setFirst] = createSignal(0)
  const [room, setRoom] = createSignal(10)
  let looks = 0
  const { rows, dispose } = createRoot((dispose) => {
    const rows = createRowWindow({ first, room })
    for (const slot of rows.slots())
      createEffect(() => {
        rows.indexOf(slot)
        looks++
      })
    return { rows, dispose }
  })
  await settle()
  const drawn = () =>
    rows
      .slots()
      .map(rows.indexOf)
      .sort((a, b) => a - b)
  expect(drawn()).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(looks).toBe(20)
  // three lines further from line 40 on: three slots draw another one
  setFirst(40)
  looks = 0
  setFirst(43)
  expect(drawn()).toEqual(Array.from({ length: 20 }, (_, i) => 38 + i))
  expect(looks).toBe(3)
  expect([rows.holds(37), rows.holds(38), rows.holds(57), rows.holds(58)]).toEqual([false, true, true, false])
  setRoom(12)
  expect(drawn()).toEqual(Array.from({ length: 22 }, (_, i) => 38 + i))
  dispose()
})
