/** Samples of one device among the rows of its run: row `rows[i]`, or `first + i` where every row has one. */
export interface DeviceSamples {
  values: Float64Array
  first: number
  rows: Uint32Array | undefined
}

/** The mean over devices at every row in which one of them was sampled. */
export interface DeviceMean {
  rows: Uint32Array
  values: Float64Array
}

/**
 * Mean over devices. Where they are sampled in the same rows, of each row; where each has rows of its own (a
 * monitor for each process), a device counts with its last sample until that is older than `limit`. Only
 * finite values count; a row without any is NaN. `times`: of the rows, ms.
 */
export function meanOfDevices(
  devices: readonly DeviceSamples[],
  times: Float64Array,
  limit: number,
): DeviceMean {
  const [one] = devices
  if (one && devices.every((other) => sameRows(one, other))) return inSameRows(devices, one)
  const next = devices.map(() => 0)
  const held = devices.map(() => Number.NaN)
  const heldAt = devices.map(() => Number.NEGATIVE_INFINITY)
  const room = devices.reduce((sum, { values }) => sum + values.length, 0)
  const rows = new Uint32Array(room)
  const values = new Float64Array(room)
  let n = 0
  for (;;) {
    let row = Number.POSITIVE_INFINITY
    devices.forEach((device, d) => {
      if ((next[d] as number) < device.values.length) row = Math.min(row, rowOf(device, next[d] as number))
    })
    if (row === Number.POSITIVE_INFINITY) break
    const time = times[row] as number
    let sum = 0
    let count = 0
    devices.forEach((device, d) => {
      const i = next[d] as number
      if (i < device.values.length && rowOf(device, i) === row) {
        held[d] = device.values[i] as number
        heldAt[d] = time
        next[d] = i + 1
      }
      const value = held[d] as number
      if (value - value !== 0 || !(time - (heldAt[d] as number) <= limit)) return
      sum += value
      count++
    })
    rows[n] = row
    values[n++] = count > 0 ? sum / count : Number.NaN
  }
  return { rows: rows.slice(0, n), values: values.slice(0, n) }
}

function rowOf({ rows, first }: DeviceSamples, i: number): number {
  return rows ? (rows[i] as number) : first + i
}

function sameRows(a: DeviceSamples, b: DeviceSamples): boolean {
  const n = a.values.length
  if (n !== b.values.length) return false
  if (!a.rows && !b.rows) return a.first === b.first
  for (let i = 0; i < n; i++) if (rowOf(a, i) !== rowOf(b, i)) return false
  return true
}

function inSameRows(devices: readonly DeviceSamples[], one: DeviceSamples): DeviceMean {
  const n = one.values.length
  const sums = new Float64Array(n)
  const counts = new Uint16Array(n)
  for (const { values } of devices)
    for (let i = 0; i < n; i++) {
      const value = values[i] as number
      if (value - value !== 0) continue
      sums[i] = (sums[i] as number) + value
      counts[i] = (counts[i] as number) + 1
    }
  // 0 / 0 is NaN: nothing finite stood there
  for (let i = 0; i < n; i++) sums[i] = (sums[i] as number) / (counts[i] as number)
  return { rows: Uint32Array.from({ length: n }, (_, i) => rowOf(one, i)), values: sums }
}
