import { expect, test } from 'vitest'
import { makeImage, makePages } from '../../src/engine/formats/sqlite/database-image.ts'
import { readSchema } from '../../src/engine/formats/sqlite/schema.ts'
import { readRunTables } from '../../src/engine/formats/sqlite/sqlite-run-tables.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'
import { headerOf, memoryDatabase } from './sqlite-files.ts'

test('configs that lie all over a far database are asked for side by side', async () => {
  const { db, file, close } = await memoryDatabase(4096)
  db.exec(
    'CREATE TABLE filler (x); CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT, config TEXT)',
  )
  for (let i = 0; i < 60; i++) {
    db.exec({
      sql: 'INSERT INTO configs (run_name, config) VALUES (?, ?)',
      bind: [`run ${i}`, JSON.stringify({ i, text: 'x'.repeat(3000) })],
    })
    db.exec('INSERT INTO filler VALUES (zeroblob(40000))')
  }
  const data = file()
  close()
  let under = 0
  let most = 0
  let waves = 0
  const bytes = {
    ...memoryBytes(data),
    async load(offset: number, length: number) {
      if (under === 0) waves++
      most = Math.max(most, ++under)
      // an answer takes until everybody who can has asked
      await new Promise((resolve) => setImmediate(resolve))
      under--
      return data.subarray(offset, offset + length)
    },
  }
  const pages = makePages(makeImage(headerOf(data), bytes), { block: 4096, keep: 512, ahead: 0 })
  const schema = await readSchema(pages)
  waves = 0
  const { tables } = await readRunTables(pages, schema, [])
  expect(tables.configs?.rows).toBe(60)
  expect(most).toBe(16)
  // the way down, and four times sixteen
  expect(waves).toBeLessThanOrEqual(6)
})
