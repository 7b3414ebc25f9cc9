import { ensure } from './data/ensure.mjs'
import { visit } from './visit.mjs'

const TASK = 50
const MOVES = 60

/** A lineage of 2,000 nodes, none folded: opened, moved, zoomed, walked, searched, and as a list. */
export const LINEAGE = [
  {
    id: 'lineage',
    what: 'lineage of 2,000 nodes, unfolded: longest task of the page while it is opened and laid out / panned, zoomed, walked, searched, listed',
    target: TASK,
    second: TASK,
    slack: 1.5,
    async run(bench) {
      const tab = await visit(bench.browser, `${bench.app}#/lineage?fold=off`)
      const { page } = tab
      const input = page.locator('input[type=file]').first()
      await input.waitFor({ state: 'attached', timeout: 30_000 })
      await page.waitForTimeout(1000)
      // the start of the page is measured by other rows: from the giving of the file on
      await page.evaluate(() => {
        window.tasks = []
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) window.tasks.push(duration)
        }).observe({ type: 'longtask' })
      })
      await input.setInputFiles(ensure('lineage2000'))
      await page.waitForFunction(() => document.querySelector('.lineage-graph canvas') !== null, undefined, {
        timeout: 120_000,
      })
      await page.waitForTimeout(800)
      const laid = await page.locator('footer.status').innerText()
      const opening = await longest(page)
      const notes = []
      const graph = page.getByRole('application', { name: 'Lineage graph' })
      const box = await graph.boundingBox()
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      const act = async (what, run) => {
        await page.evaluate(() => {
          window.tasks.length = 0
        })
        await run()
        await page.waitForTimeout(400)
        notes.push(`${what} ${(await longest(page)).toFixed(0)}`)
      }
      const drag = async () => {
        await page.mouse.move(x, y)
        await page.mouse.down()
        for (let i = 1; i <= MOVES; i++) await page.mouse.move(x - 6 * i, y + 4 * i)
        await page.mouse.up()
      }
      const worst = () => Math.max(...notes.map((note) => Number(note.split(' ').at(-1))))
      await act('pan', drag)
      await act('fit', () => page.getByRole('button', { name: 'Fit' }).click())
      await act('pan of all', drag)
      await act('hover', async () => {
        for (let i = 0; i < MOVES; i++) await page.mouse.move(box.x + 20 + i * 9, y + (i % 7) * 20)
      })
      await act('zoom', async () => {
        await page.keyboard.down('Control')
        for (let i = 0; i < 30; i++) await page.mouse.wheel(0, i < 20 ? -20 : 20)
        await page.keyboard.up('Control')
      })
      await act('walk', async () => {
        await graph.focus()
        for (let i = 0; i < 40; i++)
          await page.keyboard.press(['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowDown'][i % 4])
      })
      await act('find', async () => {
        await page.getByRole('searchbox', { name: 'Find a version or run' }).pressSequentially('run-12')
      })
      await act('list', () => page.getByRole('radio', { name: 'List' }).click())
      await act('list walked', async () => {
        await page.getByRole('tree').focus()
        for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowDown')
      })
      const errors = tab.errors
      await tab.close()
      if (errors.length > 0) throw new Error(errors.join('; '))
      return { ours: opening, and: worst(), n: 1, note: `${laid.split('\n')[0]}; ${notes.join(', ')} ms` }
    },
  },
]

/** The longest task that was seen; those of less than 50 ms are not told of. */
function longest(page) {
  return page.evaluate(() => Math.max(0, ...window.tasks))
}
