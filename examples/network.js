// A network of two hidden layers (tanh) with softmax, trained by gradient descent with momentum. Plain
// arrays: small enough to read.

/** Points of three spirals in [-1, 1]², with some noise; the same for the same seed. */
export function spirals(count, seed) {
  const random = mulberry(seed)
  const points = new Float32Array(count * 2)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const label = i % 3
    const along = Math.sqrt(random())
    const angle = along * 4.5 + (label * 2 * Math.PI) / 3 + (random() - 0.5) * 0.5
    points[i * 2] = along * Math.cos(angle)
    points[i * 2 + 1] = along * Math.sin(angle)
    labels[i] = label
  }
  return { points, labels, count }
}

export function makeNetwork(width, seed) {
  const random = mulberry(seed)
  const sizes = [2, width, width, 3]
  const layers = sizes.slice(1).map((to, i) => {
    const from = sizes[i]
    const scale = Math.sqrt(2 / (from + to))
    const weights = Float32Array.from({ length: from * to }, () => (random() * 2 - 1) * scale * 1.7)
    return {
      from,
      to,
      weights,
      bias: new Float32Array(to),
      speed: new Float32Array(from * to),
      biasSpeed: new Float32Array(to),
    }
  })
  return {
    layers,
    out: sizes.map((size) => new Float32Array(size)),
    back: sizes.map((size) => new Float32Array(size)),
  }
}

/** Probabilities of the three classes for a point; also leaves each layer's output in `out`. */
export function predict(network, x, y) {
  const { layers, out } = network
  out[0][0] = x
  out[0][1] = y
  layers.forEach((layer, l) => {
    const last = l === layers.length - 1
    for (let j = 0; j < layer.to; j++) {
      let sum = layer.bias[j]
      for (let i = 0; i < layer.from; i++) sum += out[l][i] * layer.weights[i * layer.to + j]
      out[l + 1][j] = last ? sum : Math.tanh(sum)
    }
  })
  const result = out[layers.length]
  const most = Math.max(...result)
  let total = 0
  for (let j = 0; j < result.length; j++) total += result[j] = Math.exp(result[j] - most)
  for (let j = 0; j < result.length; j++) result[j] /= total
  return result
}

/** One step over `batch` random points: mean loss, share of right answers, norm of the gradient. */
export function trainStep(network, data, { rate, batch, random, momentum = 0.9 }) {
  const { layers, out, back } = network
  const sums = layers.map((layer) => ({
    weights: new Float32Array(layer.weights.length),
    bias: new Float32Array(layer.to),
  }))
  let loss = 0
  let right = 0
  for (let n = 0; n < batch; n++) {
    const i = Math.floor(random() * data.count)
    const guess = predict(network, data.points[i * 2], data.points[i * 2 + 1])
    const label = data.labels[i]
    loss -= Math.log(Math.max(guess[label], 1e-12))
    if (guess.indexOf(Math.max(...guess)) === label) right++
    for (let j = 0; j < 3; j++) back[layers.length][j] = guess[j] - (j === label ? 1 : 0)
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l]
      for (let i2 = 0; i2 < layer.from; i2++) {
        let sum = 0
        for (let j = 0; j < layer.to; j++) {
          const error = back[l + 1][j]
          sums[l].weights[i2 * layer.to + j] += (error * out[l][i2]) / batch
          sum += error * layer.weights[i2 * layer.to + j]
        }
        back[l][i2] = sum * (1 - out[l][i2] ** 2)
      }
      for (let j = 0; j < layer.to; j++) sums[l].bias[j] += back[l + 1][j] / batch
    }
  }
  let norm = 0
  layers.forEach((layer, l) => {
    for (let k = 0; k < layer.weights.length; k++) {
      norm += sums[l].weights[k] ** 2
      layer.weights[k] -= layer.speed[k] = momentum * layer.speed[k] + rate * sums[l].weights[k]
    }
    for (let j = 0; j < layer.to; j++)
      layer.bias[j] -= layer.biasSpeed[j] = momentum * layer.biasSpeed[j] + rate * sums[l].bias[j]
  })
  return { loss: loss / batch, accuracy: right / batch, gradient: Math.sqrt(norm) }
}

export function evaluate(network, data) {
  let right = 0
  let loss = 0
  for (let i = 0; i < data.count; i++) {
    const guess = predict(network, data.points[i * 2], data.points[i * 2 + 1])
    loss -= Math.log(Math.max(guess[data.labels[i]], 1e-12)) / data.count
    if (guess.indexOf(Math.max(...guess)) === data.labels[i]) right++
  }
  return { loss, accuracy: right / data.count }
}

/** Random numbers in [0, 1) from a seed. */
export function mulberry(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
