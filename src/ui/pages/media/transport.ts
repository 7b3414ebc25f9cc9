import { createSignal } from 'solid-js'

export type Transport = ReturnType<typeof createTransport>

/** Of moving pictures that are played together, what each pane has to be able to do. */
export interface Player {
  /** s; NaN while it is not known. */
  duration(): number
  time(): number
  seek(time: number): void
  play(rate: number): void
  pause(): void
}

/** So near its end a video is over, s. */
const AT_END = 0.01

/** Videos played, scrubbed and slowed down together: the longest tells the time, shorter ones wait at their end. */
export function createTransport() {
  const players = new Set<Player>()
  const [playing, setPlaying] = createSignal(false)
  const [rate, setRate] = createSignal(1)
  const [time, setTime] = createSignal(0)
  const [duration, setDuration] = createSignal(0)
  let frame = 0

  function longest(): Player | undefined {
    let found: Player | undefined
    for (const player of players)
      if (!found || (player.duration() || 0) > (found.duration() || 0)) found = player
    return found
  }
  function follow(): void {
    cancelAnimationFrame(frame)
    const lead = longest()
    if (!playing() || !lead) return
    setTime(lead.time())
    if (lead.time() >= (lead.duration() || 0) - AT_END) return pause()
    frame = requestAnimationFrame(follow)
  }
  function play(): void {
    const lead = longest()
    if (!lead) return
    if (time() >= (lead.duration() || 0) - 0.05) seek(0)
    setPlaying(true)
    // they start from the same place
    for (const player of players) player.seek(Math.min(time(), player.duration() || 0))
    move()
    frame = requestAnimationFrame(follow)
  }
  /** What is at its end stays there: a video that is played from there begins anew. */
  function move(): void {
    for (const player of players) if (player.time() < (player.duration() || 0) - AT_END) player.play(rate())
  }
  function pause(): void {
    const stops = playing()
    setPlaying(false)
    cancelAnimationFrame(frame)
    for (const player of players) player.pause()
    // they ran apart by a picture or two, and are looked at beside each other now
    if (stops) seek(longest()?.time() ?? 0)
  }
  function seek(to: number): void {
    setTime(to)
    for (const player of players) player.seek(Math.min(to, player.duration() || 0))
  }
  return {
    ...{ playing, rate, time, duration, play, pause, seek },
    setRate(next: number): void {
      setRate(next)
      if (playing()) move()
    },
    /** Lets it play along; gives back how to take it out. */
    add(player: Player): () => void {
      players.add(player)
      return () => {
        players.delete(player)
        if (players.size === 0) pause()
        setDuration(longest()?.duration() || 0)
      }
    },
    /** A player knows its duration now. */
    measured: (): void => void setDuration(longest()?.duration() || 0),
  }
}
