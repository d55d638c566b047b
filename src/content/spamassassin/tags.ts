/**
 * `replace_rules`: `<V><I>` in an expression becomes what `replace_tag` says, with what `<pre …>`, `<inter …>` and
 * `<post …>` put before, between and behind.
 *
 * Promises: linear passes, at most six (tags within tags); the result has a bound.
 */
import type { TagTables } from './definition.ts'

const passes = 6
const maximumLength = 262_144

/** The expression with its tags replaced; a sentence when it grows beyond bounds. */
export function replaceTags(expression: string, tables: TagTables): { readonly text: string } | string {
  let text = expression
  for (let pass = 0; pass < passes; pass++) {
    const next = replaceOnce(text, tables)
    if (next.length > maximumLength) return 'its tags grow without bound'
    if (next === text) break
    text = next
  }
  return { text }
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

function replaceOnce(expression: string, { tag, pre, inter, post, start, end }: TagTables): string {
  const [open, close] = [escaped(start), escaped(end)]
  let text = expression
  const wishes = new Map<string, string>()
  for (const kind of ['pre', 'post', 'inter']) {
    const wish = new RegExp(`${open}${kind} ([^${close}]+?)${close}`).exec(text)
    if (wish === null) continue
    wishes.set(kind, wish[1]!)
    text = text.slice(0, wish.index) + text.slice(wish.index + wish[0].length)
  }
  const before = pre.get(wishes.get('pre') ?? '') ?? ''
  const between = inter.get(wishes.get('inter') ?? '') ?? ''
  const behind = post.get(wishes.get('post') ?? '') ?? ''
  let result = ''
  let at = 0
  for (const found of text.matchAll(new RegExp(`${open}([^<>]+?)${close}`, 'g'))) {
    // Between two tags that touch, also where one of them has no replacement.
    result += text.slice(at, found.index) || (at > 0 ? between : '')
    const replacement = tag.get(found[1]!)
    result += replacement === undefined ? before + found[0] + behind : before + replacement + behind
    at = found.index + found[0].length
  }
  return result + text.slice(at)
}
