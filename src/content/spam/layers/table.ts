/**
 * All symbols, layer by layer, cheapest first. A new one is a row here, a function that finds it beside its neighbours, and
 * a row in the test of its layer.
 *
 * A weight is what the symbol adds to the log-odds of spam: 0.7 doubles them, 2.3 makes them ten times as large. It says what
 * is right in general, beside a model that has seen the words of the message; no symbol alone is enough.
 */
import type { FoundSymbol } from '#content/spam/symbol.ts'

export const symbols: readonly FoundSymbol[] = []
