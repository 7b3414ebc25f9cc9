import { createSignal, onCleanup } from 'solid-js'
import { formatBytes } from '../../../compute/format.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { type NumberStyle, USUAL } from '../../../compute/number-style.ts'
import { formatClock } from '../../../compute/ticks.ts'
import { useApp } from '../../../state/app.ts'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { Block, Row } from './row.tsx'

const DIGITS = [
  { value: 'few', text: '3 in labels, 4 in tooltips' },
  { value: 'usual', text: '4 in labels, 5 in tooltips' },
  { value: 'many', text: '6 in labels, 7 in tooltips' },
] as const
const MARKS = [
  { value: 'point', text: '12,400.5' },
  { value: 'comma', text: '12.400,5' },
  { value: 'space-comma', text: '12 400,5' },
  { value: 'space-point', text: '12 400.5' },
] as const

/** How numbers and times are printed. */
export function Numbers() {
  const { preferences } = useApp()
  const style = () => preferences.value().numbers
  const zone = () => preferences.value().timeZone
  const set = (change: Partial<NumberStyle>) => preferences.set({ numbers: { ...style(), ...change } })
  const reset = (key: keyof NumberStyle) =>
    style()[key] === USUAL[key] ? undefined : () => set({ [key]: USUAL[key] })
  const [now, setNow] = createSignal(Date.now())
  const timer = setInterval(() => setNow(Date.now()), 10_000)
  onCleanup(() => clearInterval(timer))
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Block of="numbers">
      <Row
        of="digits"
        note={`as ${formatValue(Math.PI / 100)}, ${formatValue(Math.PI / 100, 5)}; tables and copies always hold all`}
        reset={reset('digits')}
      >
        <Select
          label="Digits"
          value={style().digits}
          options={DIGITS}
          onChange={(value) => set({ digits: DIGITS.find((one) => one.value === value)?.value ?? 'usual' })}
        />
      </Row>
      <Row
        of="notation"
        note={`as ${formatValue(431_234)} and ${formatValue(0.000152)}`}
        reset={reset('notation')}
      >
        <Segmented
          label="Large numbers"
          value={style().notation}
          options={[
            { value: 'short', text: 'k, M, G' },
            { value: 'plain', text: 'In full' },
            { value: 'powers', text: 'Powers of ten' },
          ]}
          onChange={(notation) => set({ notation })}
        />
      </Row>
      <Row of="marks" note="for thousands and decimals" reset={reset('marks')}>
        <Select
          label="Marks"
          value={style().marks}
          options={MARKS}
          onChange={(value) => set({ marks: MARKS.find((one) => one.value === value)?.value ?? 'point' })}
        />
      </Row>
      <Row
        of="sizes"
        note={`${formatCount(12_400_000)} bytes are ${formatBytes(12_400_000)}`}
        reset={reset('sizes')}
      >
        <Segmented
          label="Sizes"
          value={style().sizes}
          options={[
            { value: 'decimal', text: 'kB, MB' },
            { value: 'binary', text: 'KiB, MiB' },
          ]}
          onChange={(sizes) => set({ sizes })}
        />
      </Row>
      <Row
        of="zone"
        note={`${zone() === 'utc' ? 'UTC' : here}, ${formatClock(now(), zone()).slice(0, -3)} now`}
        reset={zone() === 'local' ? undefined : () => preferences.set({ timeZone: 'local' })}
      >
        <Segmented
          label="Times"
          value={zone()}
          options={[
            { value: 'local', text: 'Local' },
            { value: 'utc', text: 'UTC' },
          ]}
          onChange={(timeZone) => preferences.set({ timeZone })}
        />
      </Row>
      <Row of="naive">
        <p class="set-words">
          {`trackio 0.1 to 0.16 stored the clock of the machine that logged, and not its zone. Such times are read as those of this place (${here}): logged in another zone, they are off by the difference. The releases before 0.1 stored UTC, those since 0.17 the offset, so their times are exact.`}
        </p>
      </Row>
    </Block>
  )
}
