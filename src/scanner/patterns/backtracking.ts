/**
 * How many ways a RegExp may try at one place of a text, at most: what its quantifiers and alternatives multiply to.
 *
 * Promises: never less than what V8 tries; infinite for anything that repeats without end, or that this does not know. An
 * interruptible call costs a thread and its end, a few hundred microseconds: an expression that cannot get lost needs none.
 */
export function waysAtOnePlace(source: string): number {
  // What escapes and classes hold is a character like others; a backreference repeats what was found.
  if (/(?<!\\)(?:\\\\)*\\(?:[1-9]|k<)/.test(source)) return Number.POSITIVE_INFINITY
  const bare = source
    .replace(/\\(?:[pPux]\{[^}]*\}|.)/gs, 'x')
    .replace(/\[[^\]]*\]/g, 'x')
    // What follows an opening parenthesis is no quantifier, and one behind a quantifier makes it lazy.
    .replace(/\(\?(?:<?[=!]|:|<\w+>|[a-z-]+:)/g, '(')
  if (/[*+]|\{\d+,\}|\(\?/.test(bare)) return Number.POSITIVE_INFINITY
  let ways = 1
  for (const [found, most, fixed] of bare.matchAll(/\{\d+,(\d+)\}|\{(\d+)\}|\?|\|/g)) {
    if (most !== undefined) ways *= Number(most) + 1
    else ways *= fixed === undefined || found === '|' ? 2 : 1
  }
  // A repeated group tries its alternatives anew each time.
  return /\)\{/.test(bare) ? Number.POSITIVE_INFINITY : ways
}
