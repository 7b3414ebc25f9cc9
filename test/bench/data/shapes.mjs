// What the bench opens. `values` kinds: full = 16 to 17 digits, as a float that nobody rounded; round = 3
// decimals; int. Runs log `together` at a time, in batches, as trackio's writer thread flushes them.

const KINDS = [
  'loss',
  'accuracy',
  'lr',
  'grad_norm',
  'entropy',
  'reward',
  'throughput',
  'kl',
  'value_loss',
  'clip_frac',
]
const full = (names) => names.map((name) => ({ name, digits: 'full' }))
const train = (count) =>
  full(range(count, (i) => `train/${KINDS[i % 10]}${i < 10 ? '' : `_${Math.floor(i / 10)}`}`))
const STATS = ['mean', 'std', 'max', 'min', 'norm']

/** One-step spikes of the long run: a chart that loses one of them is wrong. */
export const SPIKES = [123_457, 271_829, 456_789, 618_034, 867_531]

export const SHAPES = {
  small: {
    about: '20 MB, 100 runs, 500 k values',
    runs: 100,
    steps: 200,
    together: 4,
    metrics: mixed(25, 0.4),
    values: 500_000,
  },
  half: {
    about: '500 MB, 21 M values',
    runs: 40,
    steps: 5350,
    together: 4,
    metrics: mixed(100, 0.25),
    values: 20_000_000,
  },
  rows: { about: '500 MB, 700 k rows', runs: 70, steps: 10_000, together: 4, metrics: train(8) },
  long: { about: '500 MB, one run of 700 k rows', runs: 1, steps: 700_000, together: 1, metrics: train(8) },
  huge: { about: '2.1 GB', runs: 100, steps: 30_000, together: 4, metrics: train(8) },
  tiny: { about: '200 kB', runs: 4, steps: 100, together: 4, metrics: train(8) },
  chart200: {
    about: '200 runs × 5,000 rows, one metric',
    runs: 200,
    steps: 5000,
    together: 8,
    metrics: train(1),
  },
  bands: {
    about: '50 groups × 20 runs × 500 rows, one metric',
    runs: 1000,
    steps: 500,
    together: 8,
    group: 20,
    metrics: train(1),
  },
  runs1000: { about: '1,000 runs', runs: 1000, steps: 100, together: 8, metrics: train(10) },
  charts12: { about: '12 charts × 200 runs', runs: 200, steps: 500, together: 8, metrics: train(12) },
  metrics5000: {
    about: '5,000 metrics',
    runs: 4,
    steps: 50,
    together: 1,
    metrics: full(
      range(5000, (i) => `layers/${three(Math.floor(i / 50))}/${STATS[i % 5]}_${Math.floor((i % 50) / 5)}`),
    ),
  },
  runs10000: {
    about: '10,000 runs × 100 config keys × 100 metrics',
    runs: 10_000,
    steps: 4,
    together: 4,
    metrics: train(100),
    keys: 97,
  },
  metrics12000: {
    about: '200 runs × 12,000 metrics',
    runs: 200,
    steps: 2,
    together: 1,
    metrics: mixed(12_000, 0.25),
    keys: 97,
  },
  raw: { ...peer('f', 1, 5_000_000, train(2)), about: 'one run of 5 M rows' },
  histograms: {
    about: '50 runs × 500 steps of one histogram of 64 bins',
    runs: 50,
    steps: 500,
    together: 4,
    metrics: train(2),
    histograms: { keys: ['grads/layers.13.mlp.down_proj'], bins: 64 },
  },
  machines: {
    about: 'three days of 8 GPUs × 10 metrics, a sample a second: 20.7 M',
    runs: 1,
    steps: 25_920,
    together: 1,
    metrics: train(2),
    msPerStep: 10_000,
    system: {
      rows: 259_200,
      devices: 8,
      metrics: [
        ...['utilization', 'memory_utilization', 'allocated_memory', 'power', 'temp'],
        ...['sm_clock', 'memory_clock', 'fan_speed', 'pcie_tx', 'pcie_rx'],
      ],
    },
  },
  tables: {
    about: 'tables of 100 steps × 10,000 rows × 6 columns',
    runs: 1,
    steps: 100,
    together: 1,
    metrics: train(2),
    tables: { every: 1, rows: 10_000 },
  },
  table200: {
    about: '200 MB in one table',
    runs: 1,
    steps: 20,
    together: 1,
    metrics: train(2),
    tables: { every: 20, rows: 700_000 },
  },
  keys2000: {
    about: '200 runs × 2,000 config keys',
    runs: 200,
    steps: 20,
    together: 8,
    metrics: train(8),
    keys: 1994,
  },
  A: peer('a', 3, 3000, train(20)),
  B: peer('b', 10, 10_000, train(20)),
  C: peer('c', 50, 2000, train(10)),
  D: peer('d', 20, 100, full(range(500, (i) => `layer${two(Math.floor(i / 10))}/${KINDS[i % 10]}`))),
  E: { ...peer('e', 1, 1_000_000, train(2)), spikes: true },
}

/** Parquet files, as trackio exports a project. */
export const PARQUET = {
  parquet: {
    about: '500 MB of Parquet, 2.4 M rows × 21',
    runs: 96,
    steps: 25_000,
    together: 4,
    metrics: train(21),
  },
}

/**
 * The shapes that other dashboards were measured on: one run after the other, the names run-000, run-001 …,
 * no log ids.
 */
function peer(letter, runs, steps, metrics) {
  return {
    about: `${runs} × ${steps.toLocaleString('en')} × ${metrics.length}`,
    runs,
    steps,
    together: 1,
    metrics,
    peer: letter,
  }
}

/** As people log them: a share of the values in full, the others rounded by the one who logged. */
function mixed(count, share) {
  return range(count, (i) => {
    const name =
      i < 3 ? `${['loss', 'lr', 'acc'][i]}` : `l${two(Math.floor((i - 3) / 5))}/${STATS[(i - 3) % 5]}`
    return { name, digits: (i * share) % 1 < share ? 'full' : i % 3 ? 'round' : 'int' }
  })
}

function range(count, of) {
  return Array.from({ length: count }, (_, i) => of(i))
}

function two(n) {
  return String(n).padStart(2, '0')
}

function three(n) {
  return String(n).padStart(3, '0')
}
