/** Configurations and clients for the tests of admission. */
import { type Configuration, type ConfigurationInput, schema } from '../../src/config/schema.ts'
import type { Client } from '../../src/mail/admission.ts'

export const configure = (input: ConfigurationInput = {}): Configuration => schema.parse(input)

/** A gateway on the internet with two domains, as a site would have it. */
export const site: ConfigurationInput = {
  zones: {
    outside: {
      listen: ['203.0.113.25:25'],
      relayFrom: ['198.51.100.0/28'],
      relayForCertificates: ['AB'.repeat(32)],
    },
    inside: { listen: ['10.0.0.1:25'] },
  },
  domains: { 'example.org': {}, 'bücher.example': {} },
}

/** A stranger on the internet, unless told otherwise. */
export const client = (facts: Partial<Client> = {}): Client => ({
  address: '192.0.2.66',
  zone: 'outside',
  secure: false,
  ...facts,
})
