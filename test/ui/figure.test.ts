import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Frame, FrameQuery } from '../../src/model/view.ts'
import type { ShownRun } from '../../src/state/view/chart-context.ts'
import { drawFigure } from '../../src/ui/charts/figure/draw.ts'
import { planFigure } from '../../src/ui/charts/figure/figure-layout.ts'
import { type FigureOptions, figureOptions } from '../../src/ui/charts/figure/figure-options.ts'
import { FONT, figureRuns, figureTokens, INKS, themeOf } from '../../src/ui/charts/figure/look.ts'
import { SvgPen } from '../../src/ui/charts/figure/svg-pen.ts'
import { makeScene, type Scene } from '../../src/ui/charts/scene.ts'
import { PLAIN, plainEnd } from '../frames.ts'

// every letter is half as wide as its font is high
const measure = (text: string, font: string): number =>
  text.length * 0.5 * Number(/([\d.]+)px/.exec(font)?.[1])
const pen = (): SvgPen => new SvgPen('sans-serif', measure)
const body = (drawn: SvgPen): string[] => drawn.end(10, 10, 't', 'w').split('\n').slice(1, -2)

describe('the pen that writes SVG', () => {
  test('paths: lines after a move, breaks, circles, closed shapes', () => {
    const p = pen()
    p.strokeStyle = '#123456'
    p.lineWidth = 1.5
    p.setLineDash([5, 2.5])
    p.beginPath()
    p.moveTo(0, 0.123)
    p.lineTo(10, 20.999)
    p.moveTo(5, 5)
    p.lineTo(6, -6)
    p.stroke()
    p.beginPath()
    p.arc(4, 4, 2)
    p.fillStyle = 'transparent'
    p.fill()
    p.beginPath()
    p.moveTo(0, 0)
    p.lineTo(1, 0)
    p.lineTo(1, 1)
    p.closePath()
    p.fillStyle = '#fff'
    p.fill()
    expect(body(p)).toEqual([
      '<path d="M0 0.12 10 21M5 5 6 -6" fill="none" stroke="#123456" stroke-width="1.5" stroke-dasharray="5 2.5"/>',
      '<path d="M2 4a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z" fill="none"/>',
      '<path d="M0 0 1 0 1 1z" fill="#fff"/>',
    ])
  })

  test('what is saved is restored: colours, opacity, place and clipping', () => {
    const p = pen()
    p.fillStyle = '#111'
    p.save()
    p.beginPath()
    p.rect(1, 2, 3, 4)
    p.clip()
    p.globalAlpha = 0.2
    p.translate(5, 6)
    p.rotate(-Math.PI / 2)
    p.fillStyle = '#222'
    p.fillRect(0, 0, 1, 1)
    p.restore()
    p.fillRect(0, 0, 2, 2)
    expect(body(p)).toEqual([
      '<clipPath id="clip-1"><rect x="1" y="2" width="3" height="4"/></clipPath>',
      '<rect x="0" y="0" width="1" height="1" fill="#222" opacity="0.2" transform="translate(5 6)rotate(-90)" clip-path="url(#clip-1)"/>',
      '<rect x="0" y="0" width="2" height="2" fill="#111"/>',
    ])
  })

  test('text from data stays text, and is always XML', () => {
    const p = pen()
    p.font = '600 20px sans-serif'
    p.textAlign = 'right'
    p.textBaseline = 'middle'
    p.fillStyle = '"><script>'
    p.fillText('<script>alert("1 & 2")</script>\u0000\ud800 \u{1f600}', 1, 2)
    // 9 = 2 + 0.35 × 20
    expect(body(p)).toEqual([
      '<text x="1" y="9" font-size="20" font-weight="600" text-anchor="end" fill="&#34;&#62;&#60;script&#62;" xml:space="preserve">&#60;script&#62;alert(&#34;1 &#38; 2&#34;)&#60;/script&#62;\ufffd\ufffd \u{1f600}</text>',
    ])
    expect(p.end(1, 2, '<b>', 'a&b')).toContain('<title>&#60;b&#62;</title><desc>a&#38;b</desc>')
  })
})

const options: FigureOptions = { ...figureOptions('train/loss', 'light'), width: 800, height: 480 }

function runsOf(names: string[]): ShownRun[] {
  return names.map((name, slot) => ({ key: String(slot), name, slot, style: { color: '#2d69e9', dash: [] } }))
}

/** Each run goes from (0, i) to (10, i + 1); with `single` it has one value. */
function sceneOf(names: string[], single = false): Scene {
  const points = single ? 1 : 2
  const n = names.length
  const query: FrameQuery = {
    project: 'p',
    metric: 'train/loss',
    runs: names.map((_, i) => String(i)),
    x: { kind: 'step' },
    xScale: 'linear',
    yScale: 'linear',
    range: { kind: 'full' },
    smoothing: { kind: 'mean', width: 0, factor: 1 },
    raw: false,
    width: 800,
  }
  const frame: Frame = {
    version: '1',
    x: [0, 10],
    y: [0, n + 1],
    xFull: [0, 10],
    main: {
      xs: Float64Array.from({ length: points * n }, (_, i) => (i % points) * 10),
      ys: Float64Array.from({ length: points * n }, (_, i) => Math.floor(i / points) + (i % points)),
      starts: Uint32Array.from({ length: n + 1 }, (_, i) => points * i),
    },
    raw: { xs: new Float64Array(0), ys: new Float64Array(0), starts: new Uint32Array(n + 1) },
    ends: names.map((_, i) => plainEnd(i, 10, i + 1, points)),
    ...PLAIN,
    marks: { run: Uint32Array.of(0), x: Float64Array.of(5), kind: Uint8Array.of(0) },
    above: 0,
    below: 0,
    nonPositive: 0,
    nonFinite: 1,
    single,
    fidelity: { rows: points * n, drawn: points * n, kind: 'exact' },
  }
  const scene = makeScene(frame, query, runsOf(names), 'light', false, 'utc')
  return Object.defineProperty(scene, 'tokens', { value: figureTokens('light') })
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `run-${i}`)
const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1] ?? '')

function draw(
  scene: Scene,
  asked: Partial<FigureOptions> = {},
  words = ['project', 'as logged', '2 rows, exact'],
): string {
  const p = pen()
  drawFigure(p, scene, { ...options, ...asked }, words)
  return p.end(800, 480, 't', 'w')
}

describe('a figure', () => {
  test('has title, axes and their titles, lines, marks, last values, legend and the words', () => {
    const svg = draw(sceneOf(['a', 'b']), { title: 'Loss of both' })
    // the x axis is 0 to 10, last values of a and b are 1 and 2
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['Loss of both', '0', '10', '1.000', '2.000', 'Step', 'train/loss', 'b', 'a']),
    )
    expect(texts(svg)).toContain('project, as logged, 2 rows, exact')
    expect(
      svg.match(/<path d="M[\d.]+ [\d.]+ [\d.]+ [\d.]+" fill="none" stroke="#2d69e9" stroke-width="1.5"/g),
    ).toHaveLength(2)
    // NaN: a triangle, filled with paper
    expect(svg).toMatch(/<path d="M[\d. ]+z" fill="#ffffff"/)
    expect(texts(draw(sceneOf(['a']), { axisTitles: false, title: '', legend: 'none' }, []))).not.toEqual(
      expect.arrayContaining(['train/loss']),
    )
  })

  test('single values are bars with their names, in any number', () => {
    const svg = draw(sceneOf(['a', 'b'], true))
    expect(texts(svg)).toEqual(expect.arrayContaining(['b', '2.000', 'a', '1.000']))
    const many = texts(draw(sceneOf(names(200), true)))
    const named = many.filter((text) => text.startsWith('run-')).length
    expect(named).toBeGreaterThan(5)
    expect(many).toContain(`and ${200 - named} more runs`)
  })

  test('a legend wraps, and what has no room is counted', () => {
    for (const legend of ['right', 'below'] as const) {
      for (const count of [1, 8, 23, 24, 60, 61, 200]) {
        const plan = planFigure(pen(), sceneOf(names(count)), { ...options, legend }, ['w'])
        const said = Number(/\d+/.exec(plan.more?.text ?? '0')?.[0])
        expect([legend, count, plan.legend.length + said]).toEqual([legend, count, count])
        if (count <= 24) expect(plan.more).toBeUndefined()
        for (const { x, y } of plan.legend) expect(x >= 0 && x < 800 && y > 0 && y < 480).toBe(true)
        expect(plan.plot.width).toBeGreaterThan(300)
        expect(plan.plot.height).toBeGreaterThan(150)
      }
    }
  })

  test('very long names keep both their ends', () => {
    const long = `sweep-${'x'.repeat(400)}-seed7`
    for (const legend of ['right', 'below'] as const) {
      const [entry] = planFigure(pen(), sceneOf([long]), { ...options, legend }, []).legend
      expect(entry?.text).toMatch(/^sweep-x+…x+-seed7$/)
    }
  })

  test('words that are too long for a line take more lines', () => {
    const words = Array.from({ length: 12 }, (_, i) => `word number ${i} of them`)
    const plan = planFigure(pen(), sceneOf(['a']), options, words)
    expect(plan.words.length).toBeGreaterThan(1)
    expect(plan.words.map(({ text }) => text).join(', ')).toBe(words.join(', '))
    for (const { y } of plan.words) expect(y).toBeLessThan(480)
  })
})

describe('colours', () => {
  test('are those of the style sheet', () => {
    const css = readFileSync(
      join(import.meta.dirname, '..', '..', 'src', 'ui', 'styles', 'tokens.css'),
      'utf8',
    )
    for (const theme of ['light', 'dark'] as const) {
      const block = css.slice(css.indexOf(`:root[data-theme="${theme}"]`))
      for (const [name, color] of Object.entries(INKS[theme])) {
        const token = name.replace(/(\d)$/, '-$1')
        expect([theme, token, new RegExp(`--${token}: (#[0-9a-f]+);`).exec(block)?.[1]]).toEqual([
          theme,
          token,
          color,
        ])
      }
    }
    expect(FONT).toMatch(/, sans-serif$/)
  })

  test('are of the figure’s background, not of the page', () => {
    const [run] = figureRuns(runsOf(['a']), 'light', 'dark')
    expect(run?.style.color).toBe('#4c70e6')
    expect(themeOf('transparent')).toBe('light')
    expect(figureTokens('transparent').paper).toBe('transparent')
    expect(
      draw(Object.defineProperty(sceneOf(['a']), 'tokens', { value: figureTokens('transparent') })),
    ).not.toContain('#ffffff')
  })
})
