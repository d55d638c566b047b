import type { Served } from './table.ts'

export const bodyFunctions: readonly (readonly [string, Served])[] = []
