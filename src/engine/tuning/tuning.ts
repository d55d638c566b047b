/**
 * The machine as a mail gateway sees it: what it has, what Sluice makes of it, and what would be better.
 *
 * Promises: changes nothing; reads small files below /sys and /proc; what a machine does not tell is left out.
 */
import type { Configuration } from '#config/schema.ts'
import { type Placement, planPlacement } from '#engine/placement/plan.ts'
import { readTopology } from '#engine/placement/read-topology.ts'
import type { Topology } from '#engine/placement/topology.ts'
import { diskFindings } from '#engine/tuning/disk.ts'
import type { Finding } from '#engine/tuning/finding.ts'
import { memoryFindings } from '#engine/tuning/memory.ts'
import { networkFindings } from '#engine/tuning/network.ts'
import { processorFindings } from '#engine/tuning/processor.ts'
import { scannerFindings } from '#engine/tuning/scanner.ts'
import { systemFindings } from '#engine/tuning/system.ts'

export interface TuningReport {
  readonly topology: Topology
  readonly threads: number
  readonly placement: Placement
  readonly findings: readonly Finding[]
}

export interface TuningOptions {
  readonly configuration: Configuration
  /** Engine threads, as the configuration and the machine have it. */
  readonly threads: number
  /** Data directory. */
  readonly data: string
  /** Where /sys and /proc are; tests choose. */
  readonly root?: string
}

export function inspectMachine({ configuration, threads, data, root = '/' }: TuningOptions): TuningReport {
  const topology = readTopology(root)
  const placement = planPlacement(topology, threads, configuration.placement)
  const findings = [
    ...processorFindings({ root, topology, placement, threads }),
    ...scannerFindings(),
    ...memoryFindings(root, threads),
    ...diskFindings(root, data, configuration.spool.minimumFree),
    ...networkFindings(root, topology),
    ...systemFindings(root, configuration),
  ]
  return { topology, threads, placement, findings }
}
