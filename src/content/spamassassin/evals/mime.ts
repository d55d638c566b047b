import type { Served } from './table.ts'

export const mimeFunctions: readonly (readonly [string, Served])[] = []
