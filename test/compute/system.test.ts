import { describe, expect, test } from 'vitest'
import { meanOfDevices } from '../../src/compute/device-mean.ts'
import { compareDevices, deviceOf, loggedName, mergeDevices } from '../../src/compute/devices.ts'
import { HEAT, heatPlace, makeHeatScale } from '../../src/compute/heat.ts'
import { lineKey, partOf } from '../../src/compute/line-key.ts'
import { outlierOf } from '../../src/compute/outlier.ts'
import { quantile } from '../../src/compute/quantile.ts'
import { gapsIn, integralOf, stepsAt } from '../../src/compute/sampling.ts'
import {
  formatEnergy,
  formatPower,
  orderSystem,
  roleMetric,
  systemUnit,
} from '../../src/compute/system-words.ts'
import { makeRandom } from '../random.ts'

describe('devices', () => {
  test('are the last number between two slashes, with what stands before it', () => {
    expect(deviceOf('gpu/0/power')).toEqual({ device: 'gpu/0', metric: 'gpu/power' })
    expect(deviceOf('node-03/gpu/1/sm/clock')).toEqual({
      device: 'node-03/gpu/1',
      metric: 'node-03/gpu/sm/clock',
    })
    expect(deviceOf('a/1/b/2/c')).toEqual({ device: 'a/1/b/2', metric: 'a/1/b/c' })
    for (const name of ['gpu/total_power', 'memory/percent', '0/x', 'layer/3', 'gpu0/power'])
      expect(deviceOf(name)).toEqual({ device: undefined, metric: name })
  })

  test('of a kind are one metric, in the order of their numbers; a whole that is logged keeps its name', () => {
    const names = ['cpu/0/utilization', 'cpu/utilization', 'gpu/10/power', 'gpu/2/power', 'gpu/total_power']
    const merged = mergeDevices(names)
    expect(merged.map(({ name, devices }) => [name, devices])).toEqual([
      ['cpu/*/utilization', ['cpu/0']],
      ['cpu/utilization', []],
      ['gpu/power', ['gpu/2', 'gpu/10']],
      ['gpu/total_power', []],
    ])
    for (const { name, devices, logged } of merged)
      for (const [i, device] of devices.entries()) expect(loggedName(name, device)).toBe(logged[i])
    expect(['gpu/10', 'gpu/9'].sort(compareDevices)).toEqual(['gpu/9', 'gpu/10'])
  })

  test('a key of a line tells its run and what of it', () => {
    expect(partOf(lineKey('run 1', undefined))).toEqual({ run: 'run 1', part: undefined })
    const device = { kind: 'device', device: 'gpu/3' } as const
    expect(partOf(lineKey('vae › r', device))).toEqual({ run: 'vae › r', part: device })
    const mean = { kind: 'mean', devices: ['gpu/0', 'gpu/1'] } as const
    expect(partOf(lineKey('r', { ...mean, devices: [...mean.devices] }))).toEqual({ run: 'r', part: mean })
  })
})

describe('the mean over devices', () => {
  const samples = (values: number[], rows?: number[]) => ({
    values: Float64Array.from(values),
    first: 0,
    rows: rows && Uint32Array.from(rows),
  })

  test('is of each row where all stand in the same ones; only finite values count', () => {
    const { rows, values } = meanOfDevices(
      [samples([1, Number.NaN, 5, Number.NaN]), samples([3, 4, Number.POSITIVE_INFINITY, Number.NaN])],
      Float64Array.of(0, 1, 2, 3),
      10,
    )
    expect([...rows]).toEqual([0, 1, 2, 3])
    expect([...values]).toEqual([2, 4, 5, Number.NaN])
  })

  test('holds a device with rows of its own until its sample is too old', () => {
    // device a at 0, 2, 4 s; b at 1 s alone: it counts up to 3 s after
    const { rows, values } = meanOfDevices(
      [samples([10, 20, 30], [0, 2, 4]), samples([40], [1])],
      Float64Array.of(0, 1000, 2000, 3000, 5000),
      3000,
    )
    expect([...rows]).toEqual([0, 1, 2, 4])
    expect([...values]).toEqual([10, 25, 30, 30])
  })
})

describe('samples', () => {
  test('have the step of the last row at or before them', () => {
    const at = stepsAt(
      Float64Array.of(5, 10, 10.5, 20, 99),
      Float64Array.of(Number.NaN, 10, 10, 20, 30),
      Float64Array.of(7, 0, 1, Number.NaN, 2),
    )
    // before the first none; of rows of one time the last; a row without a step leaves the one before
    expect([...at]).toEqual([Number.NaN, 1, 1, 1, 2])
  })

  test('begin anew after a pause of three usual intervals, also where the clock changes its pace', () => {
    const every = (from: number, to: number, by: number) =>
      Array.from({ length: Math.floor((to - from) / by) }, (_, i) => from + i * by)
    expect([...gapsIn(Float64Array.from([...every(0, 20, 1), ...every(24, 40, 1)]))]).toEqual([20])
    // two missed samples are no gap yet: 19 to 22 is three intervals
    expect([...gapsIn(Float64Array.from([...every(0, 20, 1), ...every(22, 40, 1)]))]).toEqual([])
    expect([...gapsIn(Float64Array.from([...every(0, 30, 1), ...every(40, 200, 10)]))]).toEqual([])
    expect([...gapsIn(Float64Array.of(0, 1, 50))]).toEqual([])
  })

  test('are summed over time by trapezoids, gaps and values that are no numbers left out', () => {
    // 100 W for 2 s, a gap of 10 s, then 300 to 100 W in 1 s, then NaN
    const times = Float64Array.of(0, 1000, 2000, 12_000, 13_000, 14_000)
    const values = Float64Array.of(100, 100, 100, 300, 100, Number.NaN)
    expect(integralOf(times, values, Uint32Array.of(3))).toEqual({ sum: 400, seconds: 3 })
    expect(integralOf(times, values, Uint32Array.of(3), 3, 5)).toEqual({ sum: 200, seconds: 1 })
  })
})

test('a quantile is the one of sorted values, whatever their order', () => {
  const random = makeRandom(7)
  for (const n of [1, 2, 3, 10, 101, 5000]) {
    const values = Float64Array.from({ length: n }, () => Math.round(random() * 50))
    const sorted = [...values].sort((a, b) => a - b)
    for (const q of [0, 0.05, 0.5, 0.93, 1]) {
      const place = (n - 1) * q
      const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0]
      expect(quantile(values.slice(), q)).toBeCloseTo(low + (high - low) * (place - Math.floor(place)), 12)
    }
  }
  expect(quantile(new Float64Array(0), 0.5)).toBeNaN()
})

test('one value that stands apart is told, of many that vary none', () => {
  expect(outlierOf([97, 97.1, 96.9, 97.2, 81])).toBe(4)
  expect(outlierOf([97, 95, 93, 99, 91])).toBe(-1)
  expect(outlierOf([1, 1, 1, 1, 5])).toBe(-1)
  expect(outlierOf([1, 9])).toBe(-1)
})

describe('words', () => {
  test('of units are those of trackio’s names', () => {
    const units: Record<string, string> = {
      'gpu/utilization': '%',
      'gpu/memory_utilization': '%',
      'gpu/allocated_memory': 'GiB',
      'gpu/memory_usage': '',
      'gpu/power': 'W',
      'gpu/power_percent': '%',
      'gpu/temp': '°C',
      'gpu/sm_clock': 'MHz',
      'gpu/fan_speed': '%',
      'gpu/energy_consumed': 'J',
      'gpu/pcie_tx': 'MB/s',
      'gpu/throttle_thermal': '',
      'gpu/corrected_memory_errors': '',
      'gpu/mean_utilization': '%',
      'gpu/total_allocated_memory': 'GiB',
      'gpu/total_power': 'W',
      'gpu/max_temp': '°C',
      'cpu/*/utilization': '%',
      'cpu/frequency': 'MHz',
      'cpu/count_logical': '',
      'memory/used': 'GiB',
      'memory/percent': '%',
      'swap/total': 'GiB',
      'disk/read_mb_per_sec': 'MB/s',
      'disk/read_iops': '',
      'network/sent_bytes': 'bytes',
      'temp/coretemp': '°C',
      'battery/percent': '%',
    }
    for (const [name, unit] of Object.entries(units)) expect([name, systemUnit(name)]).toEqual([name, unit])
  })

  test('roles are told by the GPUs, else by the processor', () => {
    const names = ['cpu/0/utilization', 'cpu/utilization', 'memory/used', 'memory/percent']
    const own = mergeDevices(names)
    expect(roleMetric(own, 'utilization')?.name).toBe('cpu/utilization')
    expect(roleMetric(own, 'memory')?.name).toBe('memory/used')
    expect(roleMetric(own, 'power')).toBeUndefined()
    const all = mergeDevices([...names, 'gpu/0/utilization', 'gpu/mean_utilization', 'gpu/0/power'])
    expect(roleMetric(all, 'utilization')?.name).toBe('gpu/utilization')
    expect(orderSystem(all).map(({ name }) => name)).toEqual([
      ...['gpu/utilization', 'gpu/power', 'gpu/mean_utilization', 'cpu/utilization', 'memory/used'],
      ...['memory/percent', 'cpu/*/utilization'],
    ])
  })

  test('energy and power are in the units that people read', () => {
    expect([
      formatEnergy(23_328_000),
      formatEnergy(68_400),
      formatEnergy(84),
      formatEnergy(Number.NaN),
    ]).toEqual([...['6.48 kWh', '19.0 Wh', '84.0 J', '–']])
    expect([formatPower(8170), formatPower(529)]).toEqual(['8.17 kW', '529 W'])
  })
})

test('the colours of a strip rise from pale to strong, shares by their cube', () => {
  const scale = makeHeatScale(HEAT.light)
  const hex = (i: number) => `#${(scale[i] ?? 0).toString(16).padStart(6, '0')}`
  expect([hex(0), hex(255)]).toEqual([HEAT.light[0], HEAT.light[2]])
  expect(heatPlace(50, [0, 100], false)).toBe(128)
  // 82 % and 97 % are apart
  expect(heatPlace(97, [0, 100], true) - heatPlace(82, [0, 100], true)).toBeGreaterThan(80)
  expect([heatPlace(-5, [0, 100], true), heatPlace(200, [0, 100], true)]).toEqual([0, 255])
})
