/**
 * Why a bundle is not installed: a name for scripts and tests, and a sentence for people.
 */

export const refusalReasons = {
  unreachable: 'the file or the mirror could not be read',
  malformed: 'it is not in the form of a bundle',
  untrusted: 'no trusted key has signed it',
  damaged: 'a file in it is not what was signed',
  expired: 'its time is over',
  version: 'it needs a newer Sluice',
  series: 'it belongs to another series than what is installed',
  replayed: 'as new a bundle was installed before',
  unusable: 'its rules do not compile, fail their own tests, or its model does not load',
  'not-taken': 'the running gateway did not take it over',
  busy: 'another update is at work',
  storage: 'it could not be written',
  none: 'there is nothing to go back to',
} as const

export type RefusalReason = keyof typeof refusalReasons

export interface BundleRefusal {
  readonly kind: 'refused'
  readonly reason: RefusalReason
  /** Goes on after "The bundle is refused: "; without a full stop. */
  readonly sentence: string
}

export const refuse = (reason: RefusalReason, sentence: string): BundleRefusal => ({
  kind: 'refused',
  reason,
  sentence,
})
