/**
 * What is left of a stored message when the trace fields that each host put on top are taken away (RFC 5321 §4.4): the
 * message as its author sent it. Line ends are those of the store.
 */

const trace = /^(Return-Path|Delivered-To|X-Original-To|Received):[^\n]*\n(?:[ \t][^\n]*\n)*/i

export function withoutTrace(stored: Buffer): Buffer {
  let rest = stored.toString('latin1')
  for (let match = trace.exec(rest); match; match = trace.exec(rest)) rest = rest.slice(match[0].length)
  return Buffer.from(rest, 'latin1')
}

/** As a store with LF line ends keeps what was sent with CRLF. */
export const withLineFeeds = (wire: string | Buffer): Buffer =>
  Buffer.from(
    (typeof wire === 'string' ? Buffer.from(wire, 'latin1') : wire)
      .toString('latin1')
      .replaceAll('\r\n', '\n'),
    'latin1',
  )
