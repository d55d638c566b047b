/**
 * A machine as the rules see it, with nothing wrong: tests change what they are about.
 */
import type { Machine } from '../../src/config/rules/machine.ts'

export const healthy: Machine = {
  hostname: 'mx1.example.org',
  addresses: ['127.0.0.1', '::1', '192.0.2.1', '10.0.0.1'],
  now: Date.UTC(2030, 0, 1),
  files: new Map(),
  data: { kind: 'usable', free: 2 ** 40 },
}

export const on = (machine: Partial<Machine> = {}) => ({
  inspect: async () => ({ ...healthy, ...machine }),
})
