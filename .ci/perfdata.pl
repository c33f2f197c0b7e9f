# Reads performance data from stdin with the library of the Monitoring Plugins,
# and fails when it does not read what was written.
use strict;
use warnings;
use Monitoring::Plugin::Performance;

local $/;
my $written = <STDIN>;
$written =~ s/\s+\z//;
my $read = join ' ', map { $_->perfoutput =~ s/;+\z//r } Monitoring::Plugin::Performance->parse_perfstring($written);
die "performance data\n  written: $written\n  read:    $read\n" if $written eq '' or $read ne $written;
