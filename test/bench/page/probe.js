// Runs in the page before its own scripts and only watches: it notes when a chart's picture reached the
// screen. A picture counts as shown when the frame that holds it was produced: in a task that was posted from
// that frame.
;(() => {
  if (self !== top) return
  const FIGURES = 'figure:is([data-metric], [data-histogram])'
  const request = window.requestAnimationFrame.bind(window)
  const channel = new MessageChannel()
  let inFrame = false
  let now = new Set() // figures drawn in the running frame
  let next = new Set() // figures drawn between frames: the next one shows them
  const probe = {
    given: 0,
    first: undefined,
    all: undefined,
    shown: [], // [time, metric] while recording
    recording: false,
    deltas: undefined, // frame intervals while asked for
    released: 0,
    usable: undefined,
    answers: { frames: 0, bytes: 0, catalogues: 0 }, // what the engine sent so far
  }
  window.__probe = probe

  window.Worker = class extends window.Worker {
    constructor(...args) {
      super(...args)
      this.addEventListener('message', ({ data }) => {
        const answer = data?.value?.value
        if (answer?.main?.xs) {
          probe.answers.frames++
          for (const part of [answer.main, answer.raw, answer.marks]) {
            for (const array of Object.values(part)) probe.answers.bytes += array.byteLength
          }
        } else if (answer?.counts) probe.answers.catalogues++
      })
    }
  }

  window.requestAnimationFrame = (callback) =>
    request((time) => {
      inFrame = true
      try {
        callback(time)
      } finally {
        inFrame = false
      }
    })

  let last = 0
  const eachFrame = () => {
    const t = performance.now()
    if (probe.deltas && last) probe.deltas.push(t - last)
    last = t
    channel.port2.postMessage(0)
    request(eachFrame)
  }
  request(eachFrame)

  channel.port1.onmessage = () => {
    const t = performance.now()
    if (
      probe.usable === undefined &&
      document.querySelector('input[type=file]') &&
      document.documentElement.dataset.ready === 'true'
    ) {
      const paint = performance.getEntriesByName('first-contentful-paint')[0]
      if (paint) probe.usable = Math.max(t, paint.startTime)
    }
    for (const figure of now) {
      figure.__shown = t
      if (probe.recording) probe.shown.push([t, figure.dataset.metric])
    }
    now = next
    next = new Set()
    if (!probe.given || probe.all !== undefined) return
    const figures = onScreen()
    if (!probe.first) {
      const figure = figures.find(
        (f) => f.__shown > probe.given && f.dataset.state === 'ready' && coloured(f),
      )
      if (figure) probe.first = { at: t - probe.given, metric: figure.dataset.metric }
    }
    if (
      probe.first &&
      document.documentElement.dataset.ready === 'true' &&
      figures.length &&
      figures.every((f) => f.dataset.state !== 'loading')
    ) {
      probe.all = { at: t - probe.given, charts: figures.length }
    }
  }

  const note = (context) => {
    const figure = context.canvas?.closest?.(FIGURES)
    if (figure) (inFrame ? now : next).add(figure)
  }
  const grey = new Map()
  const isColour = (style) => {
    if (typeof style !== 'string') return true
    let known = grey.get(style)
    if (known === undefined) {
      const parts =
        style[0] === '#'
          ? [1, 3, 5].map((i) => Number.parseInt(style.slice(i, i + 2), 16))
          : (style.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
      known = Math.max(...parts) - Math.min(...parts) > 28
      grey.set(style, known)
    }
    return known
  }
  const wrap = (prototype, name, style) => {
    const original = prototype[name]
    prototype[name] = function (...args) {
      if (!style || isColour(this[style])) note(this)
      return original.apply(this, args)
    }
  }
  const flat = CanvasRenderingContext2D.prototype
  for (const name of ['stroke', 'strokeRect']) wrap(flat, name, 'strokeStyle')
  for (const name of ['fill', 'fillRect']) wrap(flat, name, 'fillStyle')
  for (const name of ['drawImage', 'putImageData']) wrap(flat, name)
  wrap(ImageBitmapRenderingContext.prototype, 'transferFromImageBitmap')

  function onScreen() {
    return [...document.querySelectorAll(FIGURES)].filter((figure) => {
      const r = figure.getBoundingClientRect()
      return r.width > 50 && r.bottom > 60 && r.top < innerHeight - 60
    })
  }

  /** At least 20 pixels of a colour: lines are coloured, axes and grids are grey. */
  function coloured(figure) {
    for (const canvas of figure.querySelectorAll('canvas')) {
      if (!canvas.width || !canvas.height) continue
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')
      copy.drawImage(canvas, 0, 0)
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
      let count = 0
      for (let i = 0; i < data.length; i += 4) {
        if (
          data[i + 3] > 60 &&
          Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 28 &&
          ++count >= 20
        )
          return true
      }
    }
    return false
  }

  document.addEventListener(
    'change',
    ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === 'file') probe.given = performance.now()
    },
    true,
  )
  const release = () => {
    probe.released = performance.now()
  }
  document.addEventListener('pointerup', release, true)
  document.addEventListener('mouseup', release, true)

  probe.onScreen = onScreen
  probe.coloured = coloured

  /** Does something and waits until no chart was redrawn for `quiet` ms. Times are from the doing. */
  probe.after = async (act, { quiet = 250, limit = 20_000 } = {}) => {
    probe.shown = []
    probe.recording = true
    let start = performance.now()
    const given = await act()
    if (typeof given === 'number') start = given
    const end = start + limit
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      const t = performance.now()
      const latest = probe.shown.at(-1)?.[0]
      const calm = t - (latest ?? start) > (latest ? quiet : 1500)
      if ((calm && document.documentElement.dataset.ready === 'true') || t > end) break
    }
    probe.recording = false
    const of = probe.shown
    return {
      first: of.length ? of[0][0] - start : undefined,
      last: of.length ? of.at(-1)[0] - start : undefined,
      draws: probe.shown.length,
      charts: new Set(probe.shown.map(([, m]) => m)).size,
    }
  }

  probe.slide = (value) => {
    const input = [...document.querySelectorAll('input[type=range]')].find((i) =>
      /smoothing/i.test(i.getAttribute('aria-label') ?? i.labels?.[0]?.textContent ?? ''),
    )
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, String(value))
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }

  /** A sum over the pixels of the visible charts: to be sure that something did change. */
  probe.picture = () => {
    let sum = 0
    for (const figure of onScreen()) {
      for (const canvas of figure.querySelectorAll('canvas')) {
        if (!canvas.width) continue
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')
        copy.drawImage(canvas, 0, 0)
        const data = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer)
        for (let i = 0; i < data.length; i++) sum = (Math.imul(sum, 31) + data[i]) | 0
      }
    }
    return sum
  }
})()
