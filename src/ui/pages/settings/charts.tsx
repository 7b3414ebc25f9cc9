import { Show } from 'solid-js'
import { BAND_WORDS, STATISTIC_WORDS } from '../../../compute/group-words.ts'
import { KIND_NAMES } from '../../../compute/smoothing-words.ts'
import { BANDS, STATISTICS } from '../../../model/groups.ts'
import { SMOOTHING_KINDS } from '../../../model/view.ts'
import { type ChartDefaults, chartDefaults } from '../../../state/address/chart-defaults.ts'
import { same } from '../../../state/address/view-parameters.ts'
import { useApp } from '../../../state/app.ts'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { Switch } from '../../components/switch.tsx'
import { useSettings } from './model.ts'
import { Block, Row } from './row.tsx'

const USUAL = chartDefaults('')
/** Runs of a project that are drawn at first: all up to 50, or so many of the newest. */
const NEWEST = [1, 5, 10, 20, 50]

/** What charts begin with. */
export function Charts() {
  const { preferences } = useApp()
  const { charts, setChart } = useSettings()
  /** How to take some of the choices back; undefined where none of them was made. */
  const reset = (...keys: (keyof ChartDefaults)[]) =>
    keys.every((key) => same(charts()[key], USUAL[key]))
      ? undefined
      : () => setChart(Object.fromEntries(keys.map((key) => [key, USUAL[key]])))
  const smoothing = () => charts().smoothing
  const kind = () => (smoothing().auto ? 'auto' : smoothing().width === 0 ? 'off' : smoothing().kind)
  const shown = () => {
    const rule = charts().shown
    return rule.kind === 'latest' ? String(rule.count) : 'auto'
  }
  const linesReset = () => {
    const lines = reset('raw', 'envelope')
    if (!lines && preferences.value().alertMarks) return undefined
    return () => {
      lines?.()
      preferences.set({ alertMarks: true })
    }
  }

  return (
    <Block of="charts">
      <Row
        of="smoothing"
        note={kind() === 'auto' ? 'trackio’s mean of 11 rows, as logged under 20 points' : undefined}
        reset={reset('smoothing')}
      >
        <Select
          label="Smoothing to begin with"
          value={kind()}
          options={[
            { value: 'auto', text: 'Automatic' },
            { value: 'off', text: 'Off' },
            ...SMOOTHING_KINDS.map((name) => ({ value: name, text: KIND_NAMES[name] })),
          ]}
          onChange={(value) => {
            const name = SMOOTHING_KINDS.find((one) => one === value)
            const width = smoothing().width || USUAL.smoothing.width
            if (value === 'auto') setChart({ smoothing: USUAL.smoothing })
            else setChart({ smoothing: { kind: name ?? 'mean', width: name ? width : 0, factor: 1 } })
          }}
        />
        <Show when={kind() !== 'auto' && kind() !== 'off'}>
          <input
            type="range"
            class="slider"
            aria-label="Width to begin with"
            min="1"
            max="20"
            step="1"
            value={smoothing().width}
            style={{ '--at': `${(100 * (smoothing().width - 1)) / 19}%` }}
            onInput={({ currentTarget: { valueAsNumber: width } }) =>
              setChart({ smoothing: { kind: smoothing().kind, width, factor: 1 } })
            }
          />
          <span>{smoothing().width}</span>
        </Show>
      </Row>
      <Row of="x" reset={reset('x')}>
        <Segmented
          label="X axis to begin with"
          value={charts().x.kind}
          options={[
            { value: 'step', text: 'Step' },
            { value: 'relative', text: 'Relative time' },
            { value: 'wall', text: 'Wall time' },
          ]}
          onChange={(value) => {
            if (value !== 'metric') setChart({ x: { kind: value } })
          }}
        />
      </Row>
      <Row of="y" reset={reset('yScale')}>
        <Segmented
          label="Y scale to begin with"
          value={charts().yScale}
          options={[
            { value: 'linear', text: 'Linear' },
            { value: 'log', text: 'Log' },
          ]}
          onChange={(yScale) => setChart({ yScale })}
        />
      </Row>
      <Row of="range" reset={reset('range')}>
        <Segmented
          label="Range to begin with"
          value={charts().range}
          options={[
            { value: 'robust', text: 'Robust' },
            { value: 'full', text: 'Full' },
            { value: 'zero', text: 'From zero' },
          ]}
          onChange={(range) => setChart({ range })}
        />
      </Row>
      <Row of="columns" note="a phone has one" reset={reset('columns')}>
        <Segmented
          label="Columns to begin with"
          value={charts().columns}
          options={(['auto', 1, 2, 3, 4, 6] as const).map((value) => ({
            value,
            text: value === 'auto' ? 'Auto' : String(value),
          }))}
          onChange={(columns) => setChart({ columns })}
        />
      </Row>
      <Row
        of="shown"
        note={
          shown() === 'auto' ? 'of more than 50 the pinned and newest 50' : 'the others are one click away'
        }
        reset={reset('shown')}
      >
        <Select
          label="Runs shown at start"
          value={shown()}
          options={[
            { value: 'auto', text: 'All, to 50' },
            ...NEWEST.map((n) => ({ value: String(n), text: n === 1 ? 'The newest' : `The newest ${n}` })),
          ]}
          onChange={(value) =>
            setChart({
              shown: value === 'auto' ? { kind: 'auto' } : { kind: 'latest', count: Number(value) },
            })
          }
        />
      </Row>
      <Row of="lines" reset={linesReset()}>
        <Switch label="Raw line" value={charts().raw} onChange={(raw) => setChart({ raw })} />
        <Switch label="Envelope" value={charts().envelope} onChange={(envelope) => setChart({ envelope })} />
        <Switch
          label="Alert marks"
          value={preferences.value().alertMarks}
          onChange={(alertMarks) => preferences.set({ alertMarks })}
        />
      </Row>
      <Row of="groups" reset={reset('statistic', 'band')}>
        <Select
          label="Line of a group"
          value={charts().statistic}
          options={STATISTICS.map((value) => ({ value, text: STATISTIC_WORDS[value] }))}
          onChange={(value) => setChart({ statistic: STATISTICS.find((one) => one === value) ?? 'mean' })}
        />
        <Select
          label="Band of a group"
          value={charts().band}
          options={BANDS.map((value) => ({ value, text: BAND_WORDS[value] }))}
          onChange={(value) => setChart({ band: BANDS.find((one) => one === value) ?? 't95' })}
        />
      </Row>
    </Block>
  )
}
