import { ensure } from './data/ensure.mjs'
import { median, visit } from './visit.mjs'

/** The Traces page. */
export const TRACES = [
  {
    id: 'traces-search',
    what: 'Traces: search over 1 GB as typed: first hits / all counted',
    target: 100,
    second: 1000,
    big: true,
    async run(bench) {
      const tab = await opened(bench, 'traces-gb')
      const found = []
      // each as if typed anew: a longer word is looked for only where a shorter one was
      for (const text of ['remainder', 'zqzq', 'remain'])
        found.push(
          await tab.page.evaluate(async (text) => {
            const field = document.querySelector('input[aria-label="Search traces"]')
            const count = () => document.querySelector('.trace-search .found').textContent
            const type = (words) => {
              field.value = words
              field.dispatchEvent(new InputEvent('input', { bubbles: true }))
            }
            const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
            type('')
            while (count() !== '' || document.documentElement.dataset.ready !== 'true') await frame()
            const begun = performance.now()
            type(text)
            while (count() === '') await frame()
            const first = performance.now() - begun
            while (document.documentElement.dataset.ready !== 'true') await frame()
            return { first, all: performance.now() - begun, words: count() }
          }, text),
        )
      await tab.close()
      return {
        ours: median(found.map(({ first }) => first)),
        and: median(found.map(({ all }) => all)),
        n: found.length,
        note: found.map(({ words }) => words).join('; '),
      }
    },
  },
  {
    id: 'traces-spans',
    what: 'Traces: 100,000 spans, 5,000 deep: first rows / unfolding all of them',
    target: 300,
    second: 10,
    async run(bench) {
      const tab = await opened(bench, 'traces-spans', '?tab=spans&sort=time')
      const seen = await tab.page.evaluate(async () => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
        // the first trace, which has them, is shown by itself: one without spans first
        document.querySelectorAll('.trace-line')[1].click()
        while (document.querySelector('.span-row')) await frame()
        await new Promise((resolve) => setTimeout(resolve, 500))
        const begun = performance.now()
        document.querySelector('.trace-line').click()
        while (!document.querySelector('.span-row')) await frame()
        const first = performance.now() - begun
        const unfolds = []
        for (let i = 0; i < 5; i++) {
          document.querySelector('.span-row .twist').click()
          await frame()
          const before = performance.now()
          document.querySelector('.span-row .twist').click()
          unfolds.push(performance.now() - before)
          await frame()
        }
        return { first, unfolds }
      })
      await tab.close()
      return {
        ours: seen.first,
        and: median(seen.unfolds),
        n: 1,
        note: `of ${seen.unfolds.length} unfoldings`,
      }
    },
  },
]

async function opened(bench, shape, query = '') {
  const tab = await visit(bench.browser, `${bench.app}#/traces${query}`)
  await tab.page.setInputFiles('input[type=file]', ensure(shape))
  await tab.page.waitForSelector('.trace-line', { timeout: 120_000 })
  await tab.page.waitForFunction(() => document.documentElement.dataset.ready === 'true', undefined, {
    timeout: 300_000,
  })
  return tab
}
