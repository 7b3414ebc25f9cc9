import { createMemo, For } from 'solid-js'

/** Marks that the strip has room for. */
const MOST = 160

/** Where in a text the hits are, from its top to its end. */
export function HitStrip(props: {
  lines: Float64Array | undefined
  rows: number
  now: number | undefined
  from: number
  end: number
  onGo(hit: number): void
}) {
  const marks = createMemo(() => {
    const bins = new Map<number, number>()
    const lines = props.lines ?? new Float64Array(0)
    for (let i = 0; i < lines.length; i++) {
      const bin = Math.floor((MOST * (lines[i] as number)) / Math.max(1, props.rows))
      if (!bins.has(bin)) bins.set(bin, i)
    }
    return [...bins.keys()]
  })
  const place = (line: number): string => `${(100 * line) / Math.max(1, props.rows)}%`
  const current = () => (props.now === undefined ? undefined : props.lines?.[props.now])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go from hit to hit
    // biome-ignore lint/a11y/noStaticElementInteractions: the same
    <div
      class="hit-strip"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        const wanted = ((event.clientY - box.top) / Math.max(1, box.height)) * props.rows
        const lines = props.lines
        if (!lines || lines.length === 0) return
        let best = 0
        for (let i = 1; i < lines.length; i++)
          if (Math.abs((lines[i] as number) - wanted) < Math.abs((lines[best] as number) - wanted)) best = i
        props.onGo(best)
      }}
    >
      <u style={{ top: place(props.from), height: place(Math.max(1, props.end - props.from)) }} />
      <For each={marks()}>{(bin) => <i style={{ top: `${(100 * bin) / MOST}%` }} />}</For>
      {current() === undefined ? null : <b style={{ top: place(current() ?? 0) }} />}
    </div>
  )
}
