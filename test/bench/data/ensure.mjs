import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LINEAGES } from './lineage-shapes.mjs'
import { PARQUET, SHAPES } from './shapes.mjs'
import { TRACES } from './trace-shapes.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const CACHE = fileURLToPath(new URL('../../../.cache/bench/', import.meta.url))
const RECIPE = 1 // raise when the generator writes other bytes than before: cached files are made anew

/**
 * Path of the generated database, or Parquet file, of a shape; made on the first call, and again when its
 * recipe changed.
 */
export function ensure(shape) {
  mkdirSync(CACHE, { recursive: true })
  const known = SHAPES[shape] ?? PARQUET[shape] ?? TRACES[shape] ?? LINEAGES[shape]
  const [generator, suffix] = PARQUET[shape]
    ? ['generate-parquet.mjs', 'parquet']
    : [
        TRACES[shape] ? 'generate-traces.mjs' : LINEAGES[shape] ? 'generate-lineage.mjs' : 'generate.mjs',
        'db',
      ]
  const recipe = createHash('sha256')
    .update(`${RECIPE} ${JSON.stringify(known)}`)
    .digest('hex')
    .slice(0, 8)
  const path = join(CACHE, `${shape}-${recipe}.${suffix}`)
  if (existsSync(path)) return path
  for (const old of readdirSync(CACHE)) if (old.startsWith(`${shape}-`)) rmSync(join(CACHE, old))
  console.log(`making ${known.about} …`)
  const { status } = spawnSync(process.execPath, [join(HERE, generator), shape, path], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`no data for ${shape}: the generator ended with ${status}`)
  return path
}
