import type { Served } from './table.ts'

export const headerFunctions: readonly (readonly [string, Served])[] = []
