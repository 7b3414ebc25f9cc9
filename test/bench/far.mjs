import { ensure } from './data/ensure.mjs'
import { serveFar } from './far-server.mjs'
import { drawn, median, visit } from './visit.mjs'

/**
 * A line of 50 Mbit/s with 40 ms to the first byte, for the times; bytes are counted without it, where
 * nothing holds requests back.
 */
const LINE = { mbs: 6.25, delay: 40 }

/** What is behind a network: MB until the first chart stands, and until all visible ones do. */
export const FAR = [
  {
    id: 'far-db',
    what: '2.1 GB `.db` of another host, `?db=`: MB until the first chart stands (a preview) / until the page rests',
    target: 10,
    unit: 'MB',
    big: true,
    run: (bench) => opening(bench, 'db', ensure('huge')),
  },
  {
    id: 'far-parquet',
    what: '500 MB Parquet of another host, `?parquet=`: the same',
    target: 10,
    unit: 'MB',
    big: true,
    run: (bench) => opening(bench, 'parquet', ensure('parquet')),
  },
]

async function opening(bench, as, file) {
  const visits = []
  for (const line of [undefined, undefined, LINE]) {
    const far = await serveFar(file, line)
    const tab = await visit(bench.browser, `${bench.app}?${as}=${encodeURIComponent(far.url)}`, {
      opens: true,
    })
    try {
      const { first, all, charts } = await drawn(tab, 240_000)
      // what still comes by itself after the last chart belongs to the look too
      await tab.page.waitForTimeout(1500)
      const origin = await tab.page.evaluate(() => performance.timeOrigin)
      const reading = await tab.page.evaluate(() => document.querySelector('.status')?.textContent ?? '')
      visits.push({
        first,
        all,
        charts,
        reading,
        atFirst: far.until(origin + first),
        atRest: far.until(Number.POSITIVE_INFINITY),
      })
    } finally {
      await tab.close()
      far.close()
    }
  }
  const [one, two, slow] = visits
  const fast = [one, two]
  return {
    ours: median(fast.map(({ atFirst }) => atFirst.bytes)) / 1e6,
    and: median(fast.map(({ atRest }) => atRest.bytes)) / 1e6,
    n: 2,
    note: `${one.atFirst.requests} / ${one.atRest.requests} requests, ${one.charts} charts; at 50 Mbit/s and 40 ms ${number(slow.atFirst.bytes / 1e6)} MB in ${number(slow.first / 1000)} s, all visible charts in ${number(slow.all / 1000)} s${/Preview/.test(one.reading) ? ', held as a preview' : ''}`,
  }
}

function number(value) {
  return value.toFixed(1)
}
