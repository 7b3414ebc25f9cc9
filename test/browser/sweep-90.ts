import { memoryDatabase } from '../engine/sqlite-files.ts'
import { makeRandom } from '../random.ts'

/*
 * The sweep of test/make/sweep.py, made without Python: 30 configurations of DPO × 3 seeds, with names and 96
 * config keys as transformers has them. The best configuration is known: learning rate 1e-5, beta 0.1, sigmoid.
 */

export const SWEEP = 'gpt2-xl-dpo-sweep'
const LOSSES = ['sigmoid', 'hinge']
const RATES: readonly [number, string][] = [
  [5e-6, '5e-06'],
  [1e-5, '1e-05'],
  [2e-5, '2e-05'],
  [5e-5, '5e-05'],
  [1e-4, '0.0001'],
]
const BETAS = [0.05, 0.1, 0.3]
const CONFIGS = LOSSES.flatMap((loss) => RATES.flatMap((rate) => BETAS.map((beta) => ({ loss, rate, beta }))))
const SAME = {
  model_name_or_path: 'gpt2-xl',
  optim: 'adamw_torch',
  bf16: true,
  max_length: 1024,
  per_device_train_batch_size: 4,
  gradient_accumulation_steps: 8,
  warmup_ratio: 0.1,
  lr_scheduler_type: 'cosine',
  ...Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`accelerator_config.option_${i}`, i % 3 === 0]),
  ),
  ...Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`flag_${i}`, i % 5 === 0 ? null : i])),
}

/** The bytes of its database. */
export async function sweepOf90(): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(`
    CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL);
    CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
    BEGIN;
  `)
  for (let run = 0; run < 90; run++) {
    const { loss, rate, beta } = CONFIGS[run % CONFIGS.length] as (typeof CONFIGS)[number]
    const seed = 42 + Math.floor(run / CONFIGS.length)
    const normal = makeNormal(1000 * seed + run)
    const name = `${loss}-lr${rate[1]}-b${beta}-s${seed}`
    const distance = Math.abs(Math.log10(rate[0] / 1e-5)) + 0.8 * Math.abs(Math.log10(beta / 0.1))
    const goal = 0.75 - 0.035 * distance - (loss === 'hinge' ? 0.006 : 0) + 0.002 * normal()
    const diverges = loss === 'hinge' && rate[0] >= 1e-4
    const start = 1_790_000_000 + run * 3000
    const config = {
      ...SAME,
      learning_rate: rate[0],
      beta,
      loss_type: loss,
      seed,
      output_dir: `out/${name}`,
    }
    db.exec('INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?, ?, ?, ?)', {
      bind: [name, name, JSON.stringify(config), stamp(start)],
    })
    const put = (step: number, after: number, values: object): void => {
      db.exec('INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)', {
        bind: [name, stamp(start + step * 1.2 + after), name, step, JSON.stringify(values)],
      })
    }
    for (let step = 0; step <= 2400; step += 20) {
      const share = step / 2400
      put(step, 0, {
        'train/loss':
          diverges && step > 900 ? 'NaN' : 0.69 - 0.4 * (1 - Math.exp(-step / 500)) * goal + 0.02 * normal(),
        'train/learning_rate': rate[0] * 0.5 * (1 + Math.cos(Math.PI * share)),
        'train/samples_per_second': 105 + 0.6 * normal(),
        'train/epoch': share,
      })
      if (step === 0 || step % 200 !== 0) continue
      const last = goal - (diverges ? 0.1 : 0)
      const reached = 0.5 + (last - 0.5) * (1 - Math.exp(-step / 450)) + 0.0015 * normal()
      put(step, 0.5, {
        'eval/rewards/accuracies': reached,
        'eval/rewards/margins': reached * 1.4 - 0.3 + 0.02 * normal(),
        'eval/kl': ((3e5 * rate[0] * share) / beta) * (1 + 0.05 * normal()),
        'eval/loss': 1.2 - reached + 0.004 * normal(),
      })
    }
  }
  db.exec('COMMIT')
  const bytes = file()
  close()
  return bytes
}

/** Normally distributed numbers, by Box and Muller. */
function makeNormal(seed: number): () => number {
  const random = makeRandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function stamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('Z', '+00:00')
}
