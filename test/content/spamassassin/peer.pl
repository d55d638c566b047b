# Real SpamAssassin, without network, Bayes and lists of senders: a line for each file of a message: score, rules that hit, sub-rules.
use strict;
use warnings;
use Mail::SpamAssassin;

my $engine = Mail::SpamAssassin->new({
  local_tests_only => 1,
  dont_copy_prefs => 1,
  userprefs_filename => '/dev/null',
  rules_filename => $ENV{RULES},
  site_rules_filename => '/nonexistent',
  pre_config_text => $ENV{PLUGINS},
  post_config_text => "use_bayes 0\nuse_auto_welcomelist 0\n",
});
$engine->init(1);
for my $path (@ARGV) {
  open(my $file, '<:raw', $path) or die "$path: $!";
  my $text = do { local $/; <$file> };
  my $message = $engine->parse($text);
  my $status = $engine->check($message);
  print join("\t", $status->get_score(), $status->get_names_of_tests_hit(), $status->get_names_of_subtests_hit()), "\n";
  $status->finish;
  $message->finish;
}
