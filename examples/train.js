import * as trackio from '../trackio.js'
import { evaluate, makeNetwork, mulberry, predict, spirals, trainStep } from './network.js'

const PROJECT = 'spirals'
const COLOURS = [
  [37, 99, 235],
  [217, 119, 6],
  [5, 150, 105],
]
const picture = document.getElementById('picture')
const said = document.getElementById('said')
const dashboard = document.getElementById('dashboard')
const train = spirals(600, 1)
const held = spirals(300, 2)

document.getElementById('settings').addEventListener('submit', async (event) => {
  event.preventDefault()
  const settings = Object.fromEntries(
    [...new FormData(event.target)].map(([name, value]) => [name, Number(value)]),
  )
  event.submitter.disabled = true
  try {
    await run(settings)
  } finally {
    event.submitter.disabled = false
  }
})

document
  .getElementById('save')
  .addEventListener('click', () =>
    trackio.download(PROJECT).catch((error) => (said.textContent = error.message)),
  )

async function run({ rate, width, steps }) {
  const config = { rate, width, steps, batch: 32, momentum: 0.9 }
  const { name } = await trackio.init({ project: PROJECT, config })
  const network = makeNetwork(width, 7)
  const random = mulberry(3)
  let shown = performance.now()
  for (let step = 0; step < steps; step++) {
    const { loss, accuracy, gradient } = trainStep(network, train, { rate, batch: config.batch, random })
    trackio.log({ 'train/loss': loss, 'train/accuracy': accuracy, 'train/gradient': gradient })
    if (step % 50 === 0 || step === steps - 1) {
      const { loss: heldLoss, accuracy: heldAccuracy } = evaluate(network, held)
      trackio.log({ 'held-out/loss': heldLoss, 'held-out/accuracy': heldAccuracy }, step)
      said.textContent = `${name}: step ${step + 1} of ${steps}, ${(heldAccuracy * 100).toFixed(1)} % of held-out points right`
    }
    if (step % 500 === 0 || step === steps - 1) {
      draw(network)
      trackio.log(
        {
          boundary: new trackio.Image(picture, `step ${step}`),
          weights: new trackio.Histogram(network.layers[1].weights, { numBins: 32 }),
        },
        step,
      )
    }
    if (!Number.isFinite(loss)) {
      trackio.alert('loss is not finite', { text: `at a rate of ${rate}`, level: trackio.AlertLevel.ERROR })
      break
    }
    if (step === 0) showDashboard()
    // give the thread back sixty times a second, to draw and to be pressed; rows leave without it
    if (performance.now() - shown > 16) {
      await new Promise(requestAnimationFrame)
      shown = performance.now()
    }
  }
  const { rows, kept } = await trackio.finish()
  said.textContent += ` — ${rows} rows, ${kept === 'stored' ? 'stored in this browser' : 'in memory: save them before you leave'}`
}

async function showDashboard() {
  if (!dashboard.firstChild)
    await trackio.show({ project: PROJECT, into: dashboard, height: '100%', view: 'sidebar=collapsed' })
}

/** What the network says of each point, and the training points on it. */
function draw(network) {
  const context = picture.getContext('2d')
  const { width, height } = picture
  const image = context.createImageData(width, height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const guess = predict(network, (x / width) * 2 - 1, (y / height) * 2 - 1)
      for (let c = 0; c < 3; c++) {
        const mixed = COLOURS.reduce((sum, colour, k) => sum + colour[c] * guess[k], 0)
        image.data[(y * width + x) * 4 + c] = 255 - (255 - mixed) * 0.5
      }
      image.data[(y * width + x) * 4 + 3] = 255
    }
  }
  context.putImageData(image, 0, 0)
  for (let i = 0; i < train.count; i++) {
    context.fillStyle = `rgb(${COLOURS[train.labels[i]]})`
    context.fillRect(
      ((train.points[i * 2] + 1) / 2) * width,
      ((train.points[i * 2 + 1] + 1) / 2) * height,
      1,
      1,
    )
  }
}
