# SpamAssassin in one process, without network. Files from standard input, settings from the command line; for each file a
# line: file, score, and the score that its rules have where Bayes is not in use. The last line is CPU seconds from the first
# file on.
use strict;
use warnings;
use Mail::SpamAssassin;

my $engine = Mail::SpamAssassin->new({
  local_tests_only => 1,
  dont_copy_prefs => 1,
  userprefs_filename => '/dev/null',
  post_config_text => $ARGV[0],
});
$engine->init(1);
my $scores = $engine->{conf}{scoreset}[0];
sub cpu { my $sum = 0; $sum += $_ for times; return $sum }
my $ready = cpu();
while (my $path = <STDIN>) {
  chomp $path;
  open(my $file, '<:raw', $path) or die "$path: $!";
  my $text = do { local $/; <$file> };
  my $message = $engine->parse($text);
  my $status = $engine->check($message);
  my $alone = 0;
  $alone += $scores->{$_} // 0 for split /,/, $status->get_names_of_tests_hit();
  printf "%s\t%s\t%.3f\n", $path, $status->get_score(), $alone;
  $status->finish;
  $message->finish;
}
printf "CPU %.2f\n", cpu() - $ready;
