/**
 * Directives of SpamAssassin that say nothing about rules as they are run here, by class. They are counted in the report;
 * what stands neither here nor in `directives.ts` is reported as unknown, with its line.
 */

const classes: readonly (readonly [name: string, directives: RegExp])[] = [
  [
    'reports and header fields that SpamAssassin writes',
    /^(?:(?:unsafe_)?report(?:_\w+)?|clear_(?:unsafe_)?report_template|clear_headers|add_header|remove_header|rewrite_header|fold_headers|subjprefix|envelope_sender_header|always_trust_envelope_sender|add_.*_headers?|trim_whitespace|spamtrap|clear_spamtrap_template)$/,
  ],
  [
    'network tests and DNS',
    /^(?:dns_\w+|clear_dns_servers|skip_\w+_checks|util_rb_\w+|clear_util_rb|(?:no)?rbl\w*|uri(?:dns|rh|ns|full)\w*|askdns|parse_dkim_uris|asn_\w+|adsp_override|spf_\w+|dkim_\w+|dmarc_\w+|arc_\w+|use_(?:dcc|pyzor|razor2|spf|dkim|hashbl)\w*|dcc_\w+|pyzor_\w+|razor_\w+|hashbl_\w+|url_shortener\w*|spamcop_\w+|phishing_\w+|geodb_\w+|country_db\w*|decode_short_urls\w*|(?:originating|clear_originating)_ip_headers|dns_block_rule|rbl_headers)$/,
  ],
  ['trusted networks', /^(?:clear_)?(?:trusted|internal|msa)_networks$/],
  ['Bayes and learning', /^(?:bayes_\w+|use_bayes\w*|use_learner|learner_\w+|auto_learn\w*|autolearn\w*)$/],
  [
    'welcome lists and block lists of addresses',
    /^(?:(?:un)?(?:def_)?(?:whitelist|welcomelist|blacklist|blocklist)_\w+|(?:more|all)_spam_to|enlist_\w+|delist_\w+|freemail_\w+|fns_\w+|auto_(?:white|welcome)list\w*|use_auto_\w+|txrep_\w+|use_txrep\w*|user_(?:awl|scores)_\w+)$/,
  ],
  ['languages and locales', /^(?:ok_locales|ok_languages|inactive_languages|textcat_\w+|normalize_charset)$/],
  ['tests of rules, and reuse of results', /^(?:test|reuse|mimetests?)$/],
  ['the order in which rules run', /^(?:priority|shortcircuit\w*)$/],
  [
    'the engine of SpamAssassin itself',
    /^(?:(?:load|try)plugin|enable_compat|version_tag|allow_user_rules|redirector_pattern|time_limit|lock_method|required_hits|user_scores\w*|loadplugin|rules_matching|ignore_always_matching_regexps|body_part_scan_size|rawbody_part_scan_size|extracttext_\w+|pdfinfo\w*|ole\w*|antivirus\w*|accessdb\w*|access_database\w*|internal_\w+|default_\w+|resource_limit\w*|cron\w*)$/,
  ],
]

/** The class of a directive without effect; undefined for one that is unknown. */
export const ignoredClass = (directive: string): string | undefined =>
  classes.find(([, directives]) => directives.test(directive))?.[0]
