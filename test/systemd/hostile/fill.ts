import type { Container } from "../container.ts";
import { VICTIM } from "./victim.ts";

/** What the user microvm puts in the place of removed VMs' state directories. */
export const DIRECTORIES = ["deep", "locked", "tree", "wide"];
export const LINKS = ["link-etc", "link-loop", "link-root", "link-victim"];
export const NO_DIRECTORIES = ["fifo", "file", "socket"];

/** Odd names that systemd could have, with a `toplevel`, as if a generation had declared them. */
export const ODD_NAMES = [
  "--help",
  "--",
  "-",
  "-rf",
  "...",
  ".hidden",
  "@",
  "a\\x2db",
  "a:b",
  "dbus",
  "microvm@fw.service",
  "n".repeat(200),
];

/** Bytes in names that systemd cannot have; made in the state directory and inside of `tree`. */
const WILD_NAMES = String.raw`(
  " ", "a b", " fw ", "a\nb", "\n", "fw\n", "\e[31mred", "\x07", "\xff\xfe", "*", "?", "[a-z]*", "{fw,x}",
  "~", "~root", "\$(touch owned)", "\`touch owned\`", "; touch owned;", "&", "|", ">", "'", '"', "\\",
  "%s%n", "!!", "#", "\$IFS", "-n fw", "--target-directory=\t", "f\xc3\xbcr", "o" x 255, "x," x 100,
)`;

const PROGRAM = "/opt/hostile/fill.pl";

const FILL = String.raw`
use strict;
use POSIX ();
use Socket;
my @odd = split /\n/, <<'END';
${ODD_NAMES.join("\n")}
END

sub file { open my $file, ">", $_[0] or die "$_[0]: $!"; print $file "of the user"; close $file }
sub dir { mkdir $_[0] or die "$_[0]: $!" }
sub fifo { POSIX::mkfifo($_[0], 0666) or die "$_[0]: $!" }
sub to { symlink $_[0], $_[1] or die "$_[1]: $!" }
sub unix {
  socket my $socket, AF_UNIX, SOCK_STREAM, 0 or die $!;
  bind $socket, pack_sockaddr_un($_[0]) or die "$_[0]: $!";
}
# A state directory as a declared VM has it, with a link to all that there is outside.
sub vm { dir $_[0]; to "/nix/store/x-guest", "$_[0]/toplevel"; to "${VICTIM}", "$_[0]/out" }

# One of each kind, by turns, under a name that no unit has.
sub wild {
  my $kind = 0;
  my @kinds = (\&vm, sub { to "${VICTIM}", $_[0] }, \&file, sub { to "/", $_[0] }, \&fifo, sub { to "/etc", $_[0] });
  $kinds[$kind++ % @kinds]->($_) for ${WILD_NAMES};
}

# Far deeper than a path can be long.
sub deep { for (1 .. 100) { dir "d" x 255; chdir "d" x 255 or die $!; } to "/etc/hostile-victim", "out"; fifo "fifo" }

chdir $ARGV[0] or die $!;
vm $_ for @odd;
wild;
to "/", "link-root";
to "/etc", "link-etc";
to "${VICTIM}", "link-victim";
to "link-loop", "link-loop";
# No generation declares it, and the toplevel behind the link is no evidence.
to "${VICTIM}", "stray";
fifo "fifo";
unix "socket";
file "file";
vm "locked"; file "locked/disk.img"; chmod 0, "locked";
vm "wide"; file "wide/$_" for 1 .. 500;
vm "tree"; chdir "tree"; wild; fifo "fifo"; unix "socket"; to "..", "up"; to ".", "here"; to "/proc/self/cwd", "cwd";
chdir ".."; vm "deep"; chdir "deep"; deep;
`;

/** Fills the state directory, as the user whose it is. */
export function fill(container: Container): void {
  container.must(`set -e
    mkdir -p /opt/hostile; cat > ${PROGRAM} <<'PROGRAM'\n${FILL}\nPROGRAM
    setpriv --reuid microvm --regid kvm --clear-groups perl ${PROGRAM} /var/lib/microvms`);
}

/** The names in the state directory, escaped as `ls` does it. */
export function entries(container: Container, directory = "/var/lib/microvms"): readonly string[] {
  const listed = container.must(`mkdir -p ${directory}; LC_ALL=C ls -A --escape ${directory}`);
  return listed.split("\n").filter((name) => name !== "");
}

/** Every file in the state directory and in the archive: where it is does not count, so a rename does not. */
export function inodes(container: Container): readonly string[] {
  const places = "/var/lib/microvms /var/lib/microvm-sweep/archive";
  const listed = container.must(
    `find ${places} -mindepth 1 -printf '%i %y %s %m %U %T@\\n' 2> /dev/null | sort`,
  );
  return listed.split("\n").filter((line) => line !== "");
}
