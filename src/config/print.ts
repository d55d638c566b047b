/**
 * A configuration as a file would say it: sizes and spans with their units, listeners in their short form.
 *
 * Promises: the text loads to the same configuration again. Paths are whole, so that it may be saved anywhere.
 */
import { stringify } from 'yaml'
import { writeEndpoint } from '#config/grammar/address.ts'
import { writeSize } from '#config/grammar/size.ts'
import { writeSpan } from '#config/grammar/span.ts'
import { type Path, schemasAt } from '#config/json-schema.ts'
import type { Configuration } from '#config/schema.ts'

export const printConfiguration = (configuration: Configuration): string =>
  stringify(written(configuration, []), { lineWidth: 0 })

function written(value: unknown, path: Path): unknown {
  if (typeof value === 'number') return quantity(value, path)
  if (Array.isArray(value)) return value.map((each, index) => written(each, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  const short = shortListener(value as Listener, path)
  if (short !== undefined) return short
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, written(each, [...path, name])]),
  )
}

function quantity(value: number, path: Path): number | string {
  const unit = schemasAt(path).find(branch => branch.unit !== undefined)?.unit
  if (unit === 'size') return writeSize(value)
  return unit === 'span' ? writeSpan(value) : value
}

type Listener = Configuration['zones']['outside']['listen'][number]

function shortListener(value: Listener, path: Path): string | undefined {
  if (path.at(-2) !== 'listen') return undefined
  const { address, port, tls = 'starttls', proxyFrom = [], requestClientCertificate = false } = value
  return tls === 'starttls' && proxyFrom.length === 0 && !requestClientCertificate
    ? writeEndpoint({ address, port })
    : undefined
}
