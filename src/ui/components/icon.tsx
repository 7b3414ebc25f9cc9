const PATHS = {
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2',
  down: 'M4 6.5l4 4 4-4',
  right: 'M6.5 4l4 4-4 4',
  left: 'M9.5 4l-4 4 4 4',
  play: 'M5 3.2v9.6L12.6 8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  close: 'M4 4l8 8M12 4l-8 8',
  file: 'M4 1.8h5l3 3v9.4H4zM9 1.8v3h3',
  folder: 'M1.8 4h4.4l1.4 1.6h6.6v7H1.8z',
  gear: 'M8 5.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6zM8 1.6v1.8M8 12.6v1.8M1.6 8h1.8M12.6 8h1.8M3.5 3.5l1.3 1.3M11.2 11.2l1.3 1.3M12.5 3.5l-1.3 1.3M4.8 11.2l-1.3 1.3',
  link: 'M6.7 9.3a2.4 2.4 0 0 0 3.4 0l2.4-2.4a2.4 2.4 0 0 0-3.4-3.4l-1 1M9.3 6.7a2.4 2.4 0 0 0-3.4 0L3.5 9.1a2.4 2.4 0 0 0 3.4 3.4l1-1',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  side: 'M2 3h12v10H2zM6 3v10',
  check: 'M3.2 8.4 6.4 11.4l6-7',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  cloud: 'M4.5 12a2.8 2.8 0 0 1-.3-5.6 3.9 3.9 0 0 1 7.6 1A2.3 2.3 0 0 1 11.5 12z',
  sliders: 'M2.5 4.5h7M12.5 4.5h1M2.5 11.5h1M6.5 11.5h7M11 3v3M5 10v3',
  open: 'M6.5 3H3v10h10V9.5M9 2.5h4.5V7M13.2 2.8 7.5 8.5',
  chart: 'M2.5 2.5v11h11M4.5 10.5l3-4 2.5 2 3.5-4.5',
  solo: 'M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  tag: 'M2.5 7.5V2.5h5l6 6-5 5zM5.5 5.5h.01',
  table: 'M2 3h12v10H2zM2 6.3h12M2 9.6h12M6.5 3v10',
  image: 'M2 3h12v10H2zM2 11l3.5-3.5L8 10l2.5-2.5L14 11',
  box: 'M2.5 5 8 2.2 13.5 5v6L8 13.8 2.5 11zM2.5 5 8 7.8 13.5 5M8 7.8v6',
  db: 'M8 2c3 0 5 .9 5 2s-2 2-5 2-5-.9-5-2 2-2 5-2zM3 4v8c0 1.1 2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2 2 5 2s5-.9 5-2',
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3',
} as const

export type IconName = keyof typeof PATHS

/** An icon on a grid of 16, drawn with the text colour. */
export function Icon(props: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[props.name]} stroke-width={props.name === 'more' ? 1.8 : undefined} />
    </svg>
  )
}

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 18 18" fill="none" aria-hidden="true">
      <path d="M2 2v14h14" stroke="currentColor" stroke-width="1.5" opacity=".45" />
      <path d="M4.5 4c1.5 6 3.5 8.5 11.5 8.5" stroke="currentColor" stroke-width="2" />
      <circle cx="16" cy="12.5" r="1.5" fill="currentColor" />
    </svg>
  )
}
