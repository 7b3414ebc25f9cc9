const PATHS = {
  table: 'M2 3h12v10H2zM2 6.3h12M2 9.7h12M6.5 3v10',
  chart: 'M2.5 2.5v11h11M4.5 10.5l3-4 2.5 2 3.5-4.5',
  expand: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  close: 'M4 4l8 8M12 4l-8 8',
  pin: 'M6 2h4M6.5 2v4.5L4.5 9.5h7L9.5 6.5V2M8 9.5V14',
  left: 'M9.5 4 5.5 8l4 4',
  right: 'M6.5 4l4 4-4 4',
} as const

/** 16 px icons of the chart's tools, drawn with the text colour. */
export function ChartIcon(props: { name: keyof typeof PATHS }) {
  return (
    <svg class="chart-icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[props.name]}
        fill="none"
        stroke="currentColor"
        stroke-width={props.name === 'more' ? 1.8 : 1.4}
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
