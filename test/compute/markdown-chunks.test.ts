import { Marked } from 'marked'
import { expect, test } from 'vitest'
import { markdownChunks } from '../../src/compute/markdown-chunks.ts'
import { makeRandom, pick } from '../random.ts'

const marked = new Marked({ gfm: true, async: false })
const html = (text: string): string => marked.parse(text) as string
/** Read piece by piece. */
const pieces = (text: string, least: number): string => [...markdownChunks(text, least)].map(html).join('')

const BLOCKS = [
  '# A heading\n',
  'A paragraph\nof two lines with `code` and *marks*.\n',
  'Underlined\n----------\n',
  '- one\n- two\n\n  still two\n\n      code in two\n- three\n',
  '1. one\n\n   ```\n   # no heading\n\n   text\n   ```\n2. two\n',
  '```\n# no heading\n\ntext\n\n# none either\n```\n',
  '~~~py\n```\n\n# no heading\n\n```\n~~~\n',
  '> quoted\n>\n> # in it\n\n',
  '| a | b |\n|---|--:|\n| 1 | 2 |\n',
  '    indented\n\n    code\n',
  'See [this] and [that][name].\n',
  '[this]: https://a.example "title"\n[name]: https://b.example\n',
  '* * *\n',
  '**bold** at the margin\n',
  'ünïcode at the margin\n',
]

test('pieces put together are the text, and read as it is read', () => {
  const random = makeRandom(11)
  let cut = 0
  for (let n = 0; n < 200; n++) {
    const text = Array.from({ length: 14 }, () => pick(random, BLOCKS)).join('\n')
    const chunks = [...markdownChunks(text, 60)]
    if (chunks.length > 1) cut++
    if (!text.includes('[this]:')) expect(chunks.join('')).toBe(text)
    expect(pieces(text, 60), text).toBe(html(text))
  }
  expect(cut).toBeGreaterThan(150)
})

test('HTML that may go over empty lines keeps a text whole, and so does a fence that is never closed', () => {
  const comment = `${'a paragraph\n\n'.repeat(20)}<!-- a comment\n\n# no heading\n\n-->\n`
  expect([...markdownChunks(comment, 20)]).toEqual([comment])
  const open = `text\n\n\`\`\`\n${'# no heading\n\n'.repeat(20)}`
  expect([...markdownChunks(open, 20)]).toEqual([open])
  expect([...markdownChunks('', 20)]).toEqual([''])
  expect([...markdownChunks('short', 20)]).toEqual(['short'])
})
