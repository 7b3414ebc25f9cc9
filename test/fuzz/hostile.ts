import { pick } from '../random.ts'

type Random = () => number

const encoder = new TextEncoder()

function below(random: Random, end: number): number {
  return Math.floor(random() * Math.max(1, end))
}

const NUMBERS = [
  '0',
  '-0',
  '-0.0',
  '1',
  '1.0',
  '01',
  '1.',
  '.5',
  '+1',
  '-',
  '--1',
  '1e5',
  '1E+5',
  '1e-5',
  '1e',
  '1e+',
  '0e0',
  '1e400',
  '-1e400',
  '1e-400',
  '4.9e-324',
  '2.4703282292062327e-324',
  '1.7976931348623157e308',
  '1.7976931348623159e308',
  '9007199254740993',
  '-9007199254740993',
  '18446744073709551616',
  '123456789012345678901234567890',
  '0x10',
  '1_000',
  '0.1234567890123456789012345678901234567890',
  '100000000000000000000000e-23',
  '3.0000000000000000000000000000001',
  '1e00005',
  '0.000000000000000000000000000000000000001',
  'NaN',
  'Infinity',
  '-Infinity',
  '-NaN',
  'nan',
  'inf',
  '1 2',
  '1\t',
  '9'.repeat(400),
  `0.${'0'.repeat(400)}1`,
]
const STRINGS = [
  '"NaN"',
  '"Infinity"',
  '"-Infinity"',
  '"\\u004eaN"',
  '"nan"',
  '""',
  '"a\\"b"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"é"',
  '"\u0001"',
  '"\t"',
  '"\\x41"',
  '"\\u12"',
  '"\u2028"',
  '"\u0000"',
  '"a',
  "'a'",
  '"\\u0000"',
  '"\\/"',
  '"\u007f"',
  '"\u00a0"',
  '"\ufeff"',
]
const OTHERS = [
  'null',
  'true',
  'false',
  'True',
  'None',
  'undefined',
  '[]',
  '[1,2]',
  '{}',
  '{"_type":"trackio.image","file_path":"a.png"}',
  '{"_type":""}',
  '{"_type":1}',
  '[1,]',
  '{"a":}',
  '[[[[[[]]]]]]',
]
const KEYS = [
  'loss',
  'acc',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  'a.b',
  'a/b',
  'é',
  'e\u0301',
  '\\u006coss',
  'lo\\u0073s',
  '\\n',
  '\\"',
  '0',
  '1',
  '-1',
  'NaN',
  'length',
  '\u0001',
  '\t',
  '\ud83d\ude00',
  'x'.repeat(300),
  '\\ud800',
  '\\q',
  '\u2028',
]
const SPACES = ['', '', '', ' ', ' ', '  ', '\n', '\r\n', '\t', '\u00a0', '\u000b', '\ufeff']

/** The text of a payload that is JSON, nearly JSON, or none, as bytes. */
export function hostilePayload(random: Random): Uint8Array {
  const space = (): string => (random() < 0.6 ? '' : pick(random, SPACES))
  const rare = (text: string, chance: number): string => (random() < chance ? '' : text)
  const value = (): string => {
    const kind = random()
    if (kind < 0.35)
      return String(
        pick(random, [
          random(),
          -random() * 1e-7,
          Math.floor(random() * 1e6),
          random() * 1e300,
          random() * 2 ** 60,
        ]),
      )
    if (kind < 0.7) return pick(random, NUMBERS)
    if (kind < 0.85) return pick(random, STRINGS)
    return pick(random, OTHERS)
  }
  const members = Array.from({ length: below(random, 5) }, () => {
    const key = random() < 0.6 ? pick(random, ['loss', 'acc']) : pick(random, KEYS)
    return `${space()}"${key}"${space()}${rare(':', 0.01)}${space()}${random() < 0.4 ? String(random()) : value()}${space()}`
  })
  const separators = (): string => (random() < 0.02 ? pick(random, [',,', ';', '']) : ',')
  let text = `${space()}${rare('{', 0.01)}`
  members.forEach((member, i) => {
    text += (i > 0 ? separators() : '') + member
  })
  text += `${random() < 0.02 ? ',' : ''}${rare('}', 0.01)}${space()}`
  if (random() < 0.03)
    text = pick(random, [
      '',
      'null',
      '[]',
      '5',
      '"a"',
      'NaN',
      `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
      text + text,
      `\ufeff${text}`,
      `${text}x`,
    ])
  let bytes = encoder.encode(text)
  if (random() < 0.15 && bytes.length > 0) {
    bytes = bytes.slice()
    bytes[below(random, bytes.length)] = pick(random, [
      0,
      1,
      9,
      10,
      0x1f,
      0x22,
      0x5c,
      0x80,
      0xc3,
      0xed,
      0xff,
      below(random, 256),
    ])
  }
  return random() < 0.03 ? bytes.slice(0, below(random, bytes.length)) : bytes
}

/** Lines of log calls, some of them cut, doubled, or no JSON. */
export function hostileLines(random: Random): Uint8Array {
  const parts: Uint8Array[] = []
  const lines = 2 + below(random, 12)
  for (let i = 0; i < lines; i++) {
    const payload =
      random() < 0.5 ? encoder.encode(`{"loss":${random()},"acc":${i}}`) : hostilePayload(random)
    const step = random() < 0.2 ? 'null' : String(Math.floor(i / 2))
    const kind = random() < 0.93 ? 'metric' : pick(random, ['system_metric', 'alert', 'other', ''])
    const project = random() < 0.95 ? 'demo' : pick(random, ['', 'other'])
    const head = `{"kind":"${kind}","project":"${project}","run":"run ${i % 2}","run_id":"id${i % 2}","timestamp":"2026-08-21T10:00:${String(i).padStart(2, '0')}+00:00","step":${step},"log_id":${random() < 0.5 ? `"l${below(random, 6)}"` : 'null'},"metrics":`
    let line = joined([encoder.encode(head), payload, encoder.encode('}')])
    if (random() < 0.05) line = line.slice(0, below(random, line.length))
    if (random() < 0.05) {
      line = line.slice()
      line[below(random, line.length)] = below(random, 256)
    }
    parts.push(line)
    if (i < lines - 1 || random() < 0.8)
      parts.push(encoder.encode(pick(random, ['\n', '\n', '\n', '\r\n', '\n\n', '\n \n'])))
  }
  return joined(parts)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
