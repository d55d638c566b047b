/**
 * All rules between settings. Each row says what must hold and what goes wrong otherwise; a new rule is a new row.
 *
 * Called with a configuration that the schema accepted.
 */
import type { Finding } from '#config/problem.ts'
import { fileRules } from '#config/rules/files.ts'
import { listenerRules } from '#config/rules/listeners.ts'
import type { Machine } from '#config/rules/machine.ts'
import { nextHopRules } from '#config/rules/next-hops.ts'
import { relationRules } from '#config/rules/relations.ts'
import { relayRules } from '#config/rules/relay.ts'
import type { Rule } from '#config/rules/rule.ts'
import { spamRules } from '#config/rules/spam.ts'
import type { Configuration } from '#config/schema.ts'

export const rules: readonly Rule[] = [
  ...relayRules,
  ...listenerRules,
  ...nextHopRules,
  ...fileRules,
  ...relationRules,
  ...spamRules,
]

export const checkRules = (configuration: Configuration, machine: Machine): readonly Finding[] =>
  rules.flatMap(rule => rule.check(configuration, machine))
