/**
 * Least and greatest sample of each of `columns` stretches, in turns: [least, greatest, …]. Every sample is in one of
 * them; a stretch without any (fewer samples than columns) takes the sample that it lies on.
 */
export function soundPeaks(samples: Float32Array, columns: number): Float32Array {
  const peaks = new Float32Array(2 * columns)
  for (let x = 0; x < columns; x++) {
    const from = Math.min(samples.length - 1, Math.floor((x * samples.length) / columns))
    const end = Math.max(from + 1, Math.floor(((x + 1) * samples.length) / columns))
    let low = samples[from] ?? 0
    let high = low
    for (let i = from + 1; i < end; i++) {
      const value = samples[i] ?? 0
      if (value < low) low = value
      else if (value > high) high = value
    }
    peaks[2 * x] = low
    peaks[2 * x + 1] = high
  }
  return peaks
}
