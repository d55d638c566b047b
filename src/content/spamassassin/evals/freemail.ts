import type { Served } from './table.ts'

export const freemailFunctions: readonly (readonly [string, Served])[] = []
