import { expect, test } from 'vitest'
import { splitToken, takeWriteToken } from '../../src/model/write-token.ts'

test('a write token is taken out of an address as it was typed, with the origin it is for', () => {
  const [origin, token] = ['http://127.0.0.1:7860', 'a+b']
  for (const [text, plain] of [
    ['http://127.0.0.1:7860/?write_token=a%2Bb', 'http://127.0.0.1:7860/'],
    ['127.0.0.1:7860/metrics?write_token=a%2Bb#x', '127.0.0.1:7860/metrics#x'],
    ['http://127.0.0.1:7860/?a=1&write_token=a%2Bb&b=%20', 'http://127.0.0.1:7860/?a=1&b=%20'],
  ] as const)
    expect(splitToken(text)).toEqual({ text: plain, origin, token })
})

test('what carries none stays as it was typed, and what is empty or no address has none to send', () => {
  for (const text of ['me/demo', 'https://host.example/x.db?token=1', ''])
    expect(splitToken(text)).toEqual({ text })
  expect(splitToken('http://h/?write_token=')).toEqual({ text: 'http://h/' })
  expect(splitToken('http://[/?write_token=x')).toEqual({ text: 'http://[/' })
})

test('it is not left in the address', () => {
  const address = new URL('http://h/?write_token=x&a=1')
  expect([takeWriteToken(address), address.href, takeWriteToken(address)]).toEqual([
    'x',
    'http://h/?a=1',
    undefined,
  ])
})
