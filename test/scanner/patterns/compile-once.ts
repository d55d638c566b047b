/**
 * Compiles into the cache that is named, as another process would.
 */
import { preparePatterns } from '#scanner/patterns/prepare.ts'
import { literal } from './patterns.ts'

const patterns = [literal('next of kin'), literal('beneficiary')]
const prepared = await preparePatterns(patterns, { engine: 'native', cache: process.argv[2]! })
process.exitCode = prepared.kind === 'ready' ? 0 : 1
