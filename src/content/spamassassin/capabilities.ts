/**
 * What this loader says of itself when a file asks with `if`: the version whose syntax it reads, the plugins whose rules it
 * serves, the features it has.
 *
 * A plugin counts as loaded when at least some of its rules can be served; a rule of it that cannot is refused by name, not
 * skipped. The others count as not loaded, so that the fallbacks that a file has for that case come into force.
 */

export const version = 4.000001
export const perlVersion = 5.036

const prefix = 'Mail::SpamAssassin::Plugin::'

const plugins = new Set(
  [
    'Check',
    'ReplaceTags',
    'MIMEHeader',
    'HeaderEval',
    'MIMEEval',
    'BodyEval',
    'HTMLEval',
    'RelayEval',
    'FreeMail',
    'URIEval',
    'WLBLEval',
    'VBounce',
  ].map(name => prefix + name),
)

/** Names of `can(…)` and `has(…)` that are true. */
const features = new Set([
  'Mail::SpamAssassin::Conf::feature_bug6558_free',
  'Mail::SpamAssassin::Conf::perl_min_version_5010000',
  'Mail::SpamAssassin::Conf::feature_yesno_takes_args',
  'Mail::SpamAssassin::Conf::feature_originating_ip_headers',
  'Mail::SpamAssassin::Conf::feature_registryboundaries',
  'Mail::SpamAssassin::Conf::feature_dns_local_ports_permit_avoid',
  'Mail::SpamAssassin::Conf::feature_welcomelist_blocklist',
  'Mail::SpamAssassin::Conf::compat_welcomelist_blocklist',
  'Mail::SpamAssassin::Conf::feature_header_address_parser',
  'Mail::SpamAssassin::Conf::feature_header_first_last',
  'Mail::SpamAssassin::Conf::feature_header_match_many',
  'Mail::SpamAssassin::Conf::feature_local_tests_only',
  'Mail::SpamAssassin::Plugin::BodyEval::has_check_body_length',
  'Mail::SpamAssassin::Plugin::MIMEEval::has_check_for_ascii_text_illegal',
  'Mail::SpamAssassin::Plugin::MIMEEval::has_check_abundant_unicode_ratio',
])

export const hasPlugin = (name: string): boolean => plugins.has(name)
export const hasFeature = (name: string): boolean => features.has(name)
/** `DKIM` for `Mail::SpamAssassin::Plugin::DKIM`. */
export const shortName = (plugin: string): string => plugin.replace(prefix, '')
