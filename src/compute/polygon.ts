/** A closed polygon: x and y of its corners in turn. */
export type Polygon = readonly number[]

/** The least and the greatest x, then y, of its corners. */
export function extentOf(polygon: Polygon): [left: number, right: number, top: number, bottom: number] {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let k = 0; k < polygon.length; k += 2) {
    left = Math.min(left, polygon[k]!)
    right = Math.max(right, polygon[k]!)
    top = Math.min(top, polygon[k + 1]!)
    bottom = Math.max(bottom, polygon[k + 1]!)
  }
  return [left, right, top, bottom]
}

/**
 * Which points lie in a polygon, 1 for each; by the even-odd rule, so a line that crosses itself leaves holes.
 * NaNs lie nowhere.
 */
export function pointsInside(x: ArrayLike<number>, y: ArrayLike<number>, polygon: Polygon): Uint8Array {
  const inside = new Uint8Array(x.length)
  const [left, right, top, bottom] = extentOf(polygon)
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!]
    if (!(px >= left && px <= right && py >= top && py <= bottom)) continue
    let odd = 0
    for (let k = 0, j = polygon.length - 2; k < polygon.length; j = k, k += 2) {
      const [ay, by] = [polygon[k + 1]!, polygon[j + 1]!]
      if (ay > py !== by > py && px < ((polygon[j]! - polygon[k]!) * (py - ay)) / (by - ay) + polygon[k]!)
        odd ^= 1
    }
    inside[i] = odd
  }
  return inside
}
