/**
 * Functions that are known and not served: what they need.
 */
const needs: readonly (readonly [plugin: string, functions: RegExp])[] = [
  ['network lists (plugin DNSEval)', /^check_(?:rbl\w*|dns_sender|dnsbl\w*|uridnsbl)$/],
  ['an HTML renderer (plugin HTMLEval)', /^html_\w+$/],
  ['Bayes (plugin Bayes)', /^check_bayes$/],
  ['plugin SPF', /^check_for_(?:def_)?spf_\w+$/],
  ['plugin DKIM', /^check_(?:dkim|arc)_\w+$|^check_for_(?:def_)?dkim_\w+$/],
  [
    'plugin WLBLEval, with lists of addresses',
    /^check_(?:from|to|subject|replyto|forged)_in_\w+$|^check_uri_host_(?:in_\w+|listed)$|^check_mailfrom_matches_rcvd$/,
  ],
  ['plugin FreeMail', /^check_freemail_\w+$/],
  [
    'the way through relays (plugin RelayEval or HeaderEval)',
    /^(?:check_for_(?:forged|fake|no|from)_\w+|check_(?:no_relays|all_trusted|relays_unparseable)|helo_ip_mismatch|gated_through_\w+|check_for_sender_no_reverse|check_for_numeric_helo|check_for_illegal_ip)$/,
  ],
  ['plugin AWL or TxRep', /^check_from_in_auto_\w+$|^check_senders_reputation$/],
  ['plugin ImageInfo', /^(?:image_\w+|pixel_coverage)$/],
  [
    'plugin HeaderEval',
    /^(?:check_(?:header|ratware|outlook|illegal|unresolved|access|equal|for_(?:shifted|matching|faraway|to_in|unique|round))\w*|sorted_recipients|similar_recipients|subject_is_all_caps)$/,
  ],
  [
    'plugin BodyEval',
    /^(?:check_(?:stock_info|blank_line_ratio|body_length)|tvd_vertical_words|multipart_alternative_difference\w*)$/,
  ],
  [
    'plugin MIMEEval',
    /^check_(?:for_(?:mime|uppercase|ascii|faraway)\w*|mime_\w+|base64_length|ma_non_text|msg_parse_flags|abundant_unicode_ratio|suspect_name|microsoft_executable|body_8bits|iframe_src|language)$/,
  ],
  ['plugin URIEval or HTTPSMismatch', /^check_(?:for_http_redirector|https_\w+|uri_truncated)$/],
  ['plugin VBounce', /^(?:have_any_bounce_relays|check_(?:white|welcome)list_bounce_relays)$/],
  ['plugin Shortcircuit', /^check_shortcircuit$/],
  ['plugin HashBL', /^check_hashbl_\w+$/],
]

export const missingFunctions = (name: string): string | undefined =>
  needs.find(([, functions]) => functions.test(name))?.[0]
