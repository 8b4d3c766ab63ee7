import type { Container } from "../container.ts";
import { LIFTED, VICTIM } from "./victim.ts";

/** The VMs whose state directories are swapped. */
export const SWAPPED = ["bar0", "bar1", "bar2", "bar3", "bar4", "bar5", "bar6", "bar7"];

const PROGRAM = "/opt/hostile/swapper.pl";
const UNIT = "hostile-swapper.service";
const COUNTS = "/run/hostile-swaps";

/**
 * Until it is told to end, exchanges a state directory or a directory in it with a link to a victim, or
 * moves a directory out of it and back. renameat2(2) with RENAME_EXCHANGE (2) leaves no moment in which
 * a name is missing; where its number is not known, three renames have to do.
 */
const SWAPPER = String.raw`
use strict;
use POSIX ();
my %numbers = (x86_64 => 316, aarch64 => 276, riscv64 => 276);
my $renameat2 = $numbers{(POSIX::uname())[4]};
my ($done, $count) = (0, 0);
$SIG{TERM} = sub { $done = 1 };
my @names = qw(${SWAPPED.join(" ")});

sub swap {
  my ($one, $other) = @_;
  return syscall($renameat2, -100, $one, -100, $other, 2) == 0 if defined $renameat2;
  return rename($one, "$one.away") && rename($other, $one) && rename("$one.away", $other);
}

sub lift {
  my ($dir) = @_;
  rename($dir, "${LIFTED}") or return 0;
  for (my $i = int rand 300; $i > 0; $i--) { }
  return rename("${LIFTED}", $dir) || rename("${LIFTED}", "/var/lib/microvms/.lost$count");
}

until ($done) {
  my $name = $names[rand @names];
  my ($vm, $decoy) = ("/var/lib/microvms/$name", "/var/lib/microvms/.decoy-$name");
  my $real = -l $vm ? $decoy : $vm;
  my ($kind, $number) = (int rand 3, int rand 8);
  $count++ if $kind == 0 ? swap($vm, $decoy)
    : $kind == 1 ? swap("$real/tree/d$number", "$real/decoy$number")
    : lift("$real/tree/d$number/e" . int rand 4);
}
print "$count\n";
`;

const START = `systemd-run --quiet --collect --unit=${UNIT} --uid=microvm --gid=kvm \
  --property=StartLimitIntervalSec=0 --property=StandardOutput=append:${COUNTS} perl ${PROGRAM}`;

/** A process of the user microvm that changes the state directories while the sweep runs. */
export class Swapper {
  private readonly container: Container;

  constructor(container: Container) {
    this.container = container;
    container.must(`mkdir -p /opt/hostile; cat > ${PROGRAM} <<'END'\n${SWAPPER}\nEND`);
  }

  /** Lays the state directories out anew, with links to a victim beside them and inside. */
  lay(): void {
    this.container.must(`
      setpriv --reuid microvm --regid kvm --clear-groups bash -ec '
        cd /var/lib/microvms
        rm -rf -- bar* .decoy* .lost* ${LIFTED}
        for name in ${SWAPPED.join(" ")}; do
          cp -a /opt/hostile/state "$name"
          ln -s ${VICTIM} ".decoy-$name"
          for number in {0..7}; do ln -s ${VICTIM}/tree/d$number "$name/decoy$number"; done
        done'`);
  }

  start(): void {
    this.container.must(START);
  }

  stop(): void {
    this.container.run(`systemctl stop ${UNIT}`);
  }

  /** How often it has swapped, all its runs since the last call together. */
  swaps(): number {
    const counts = this.container.must(`cat ${COUNTS} && rm ${COUNTS}`);
    return counts.split("\n").reduce((sum, count) => sum + Number(count), 0);
  }
}
