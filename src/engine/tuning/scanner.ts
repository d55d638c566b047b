/**
 * Which scanner reads the mail, and what the native one found on this processor.
 */
import { type Finding, findingsOf } from '#engine/tuning/finding.ts'
import { chooseEngine } from '#scanner/engine.ts'

const finding = findingsOf('scanner')

/** HS_CPU_FEATURES_… of hs_common.h. */
const features: readonly (readonly [number, string])[] = [
  [2, 'AVX2'],
  [3, 'AVX-512'],
  [4, 'AVX-512 VBMI'],
]

export function scannerFindings(): Finding[] {
  const choice = chooseEngine()
  if (choice.kind !== 'native')
    return [
      finding('scanner', 'TypeScript', {
        sentence: `Mail is scanned many times slower than this machine could, because ${choice.reason}.`,
        command: 'npm run setup',
      }),
    ]
  const { library, features: found } = choice.core.platform()
  const known = features.filter(([bit]) => Math.floor(found / 2 ** bit) % 2 === 1).map(([, name]) => name)
  return [
    finding('scanner', 'native'),
    finding('Hyperscan', `${library}, with code for ${known.length > 0 ? known.join(', ') : 'SSSE3'}`),
  ]
}
