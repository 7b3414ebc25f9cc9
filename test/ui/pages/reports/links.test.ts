import { expect, test } from 'vitest'
import { slugIn, viewOf } from '../../../../src/ui/pages/reports/links.ts'

const here = new URL('https://app.example/lite/?dataset=me/logs&smoothing=4#/reports?project=p')

test.each([
  ['#/metrics?metrics=train/loss', '#/metrics?metrics=train/loss'],
  ['#/runs', '#/runs'],
  ['?metrics=loss,acc&smoothing=10', '#/metrics?metrics=loss%2Cacc&smoothing=10'],
  ['https://app.example/lite/#/runs', '#/runs'],
  ['https://app.example/lite/?dataset=me/logs&smoothing=4#/runs', '#/runs'],
  ['?dataset=me/logs&metrics=loss', '#/metrics?metrics=loss'],
  ['?x_axis=time#/metrics?metrics=a', '#/metrics?metrics=a&x_axis=time'],
])('stays in the app: %s', (href, hash) => {
  const found = viewOf(href, here)
  expect(found && decodeURIComponent(found)).toBe(decodeURIComponent(hash))
})

test.each([
  'https://elsewhere.example/lite/#/runs',
  'https://app.example/other/#/runs',
  '?dataset=somebody/else&metrics=loss',
  '?db=https://evil.example/x.db',
  'https://app.example/lite/?server=https://evil.example#/metrics',
  // where the page is opened anew with it, its hash names data as well
  '#/metrics?db=https://evil.example/x.db',
  'https://app.example/lite/#/runs?server=https://evil.example',
  'javascript:alert(1)',
  '#next',
  '',
  'notes.md',
  '//app.example/lite/#/runs',
  'http://[',
])('leads elsewhere, or nowhere: %s', (href) => {
  expect(viewOf(href, here)).toBeUndefined()
})

test('a heading of the text', () => {
  expect(slugIn('#next')).toBe('next')
  expect(slugIn('#was-%C3%BC')).toBe('was-ü')
  expect(slugIn('#100%')).toBe('100%')
  expect(slugIn('#/runs')).toBeUndefined()
  expect(slugIn('https://x.y/#next')).toBeUndefined()
})
