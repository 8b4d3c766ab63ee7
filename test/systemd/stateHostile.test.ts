import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { requireTool } from "../support/require.ts";
import { fill } from "./hostile/fill.ts";
import { layVictims, outside, VICTIM } from "./hostile/victim.ts";
import { onEverySystemd, onSystemd, type Scene } from "./onSystemd.ts";
import type { Part, Start } from "./program.ts";
import { SUITES } from "./root.ts";
import { removed, STATE } from "./state/removed.ts";

const PLACE = `${STATE}/+deleted`;

/** Starts the program with a script of the user microvm in it: before the line of a part that has this text. */
function meanwhile(line: string, script: string, where: Part = "state"): Start {
  const attack = `setpriv --reuid microvm --regid kvm --clear-groups --bounding-set=-all "$BASH" -c ${quote(`cd ${STATE}; ${script}`)}`;
  return {
    // The attack needs tools that the program has not.
    path: "/opt/sweep:/usr/bin:/bin",
    change: (text, part) => {
      if (part !== where) return text;
      expect(text).toContain(line);
      return text.replace(line, () => `${attack}\n${line}`);
    },
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The moments in which a swap could do harm, each by the line that comes after it. */
const MOMENTS = {
  "before the place is entered": "  enter_place ||",
  "before the rename": '  if ! move "$path"',
  "after the rename": "  if [[ $(stat --format=%d:%i:%F",
  "before the delete": "  rm --recursive --force",
} as const;

/** Exchanges the state directory and the places with links to a victim, without an end. */
const EXCHANGE = `
use strict;
use POSIX ();
my %numbers = (x86_64 => 316, aarch64 => 276, riscv64 => 276);
my $renameat2 = $numbers{(POSIX::uname())[4]} or die;
chdir "${STATE}" or die;
my @pairs = (["web", "link"], ["+deleted", "decoy"], ["+archive", "decoy"]);
while (1) {
  my ($one, $other) = @{$pairs[rand @pairs]};
  syscall($renameat2, -100, $one, -100, $other, 2);
}`;

onEverySystemd("archive and delete on a hostile host", (scene) => {
  /** A host of which the user microvm owns all that could be deleted by mistake, and root what must not be. */
  function lay(): void {
    const { host, container } = scene;
    removed(scene, "web", "prod");
    layVictims(container);
    host.file("/root/keep", "root's own");
  }

  it("deletes what a hostile guest has filled, and nothing outside", () => {
    const { container } = scene;
    removed(scene);
    layVictims(container);
    fill(container);
    const before = outside(container);
    const { status, stdout, stderr } = scene.host.sweep(
      2,
      "delete --yes deep locked tree wide microvm@fw.service -- -rf --help",
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/deleted deep\n/);
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
    expect(outside(container)).toBe(before);
    for (const name of ["link-root", "link-victim", "link-loop", "fifo", "socket", "file"]) {
      const refused = scene.host.sweep(2, `delete --yes ${name}`);
      expect(refused.status).toBe(1);
      expect(refused.stderr).toMatch(
        new RegExp(`/${name} is (a link|not a directory)|no MicroVM ${name}`),
      );
    }
    expect(outside(container)).toBe(before);
  });

  it.each(Object.entries(MOMENTS))("a link that takes its place %s harms nothing", (_, line) => {
    const { container } = scene;
    lay();
    const before = outside(container);
    const { status } = scene.host.sweep(
      2,
      "delete web --yes",
      meanwhile(line, `mv web away; ln -s ${VICTIM} web; ln -s ${VICTIM} '+deleted/web+'`),
    );
    expect(outside(container)).toBe(before);
    const isEarly = line.includes("enter_place") || line.includes("move");
    expect(status).toBe(isEarly ? 1 : 0);
    // Root has deleted what it had looked at, or nothing.
    if (isEarly) expect(container.must(`cat ${STATE}/away/disk.img`)).toBe("disk of web");
    expect(container.must(`readlink ${STATE}/web`)).toBe(`${VICTIM}\n`);
  });

  it("another VM's directory that takes its place goes back", () => {
    const { container } = scene;
    lay();
    const { status, stderr } = scene.host.sweep(
      2,
      "delete web --yes",
      meanwhile(MOMENTS["before the rename"], "mv web away; mv prod web"),
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `microvm-sweep: error: ${STATE}/web was exchanged meanwhile, so it stays\n`,
    });
    expect(container.must(`cd ${STATE}; cat web/disk.img away/disk.img; ls -A`)).toBe(
      "disk of proddisk of webaway\nfw\nweb\n",
    );
  });

  it.each([
    ["archive", "+archive/web"],
    ["delete", "+deleted/web+"],
  ])("%s puts back what somebody has opened before the rename", (verb) => {
    const { container } = scene;
    lay();
    const { status, stderr } = scene.host.sweep(
      2,
      `${verb} web --yes`,
      meanwhile(
        MOMENTS["before the rename"],
        "sleep 300 3< web/disk.img > /dev/null 2>&1 & echo $! > /tmp/pid; sleep 0.3",
      ),
    );
    const pid = container.must("cp /tmp/pid /root/pid; cat /tmp/pid").trim();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `microvm-sweep: error: web is in use, so it stays: process ${pid} (sleep) has a file of it open, or is in it; to go on: end that process\n`,
    });
    expect(container.must(`cat ${STATE}/web/disk.img`)).toBe("disk of web");
  });

  it("what cannot go back is named", () => {
    const { host, container } = scene;
    lay();
    const start = meanwhile(MOMENTS["before the rename"], "mv web away; mv prod web");
    const { status, stderr } = host.sweep(2, "archive web --yes", {
      ...start,
      change: (text, part) =>
        (start.change?.(text, part) ?? text).replace(
          '  move "./$1" "$path"\n',
          () => 'mkdir "$path"\n  move "./$1" "$path"\n',
        ),
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        `microvm-sweep: error: ${STATE}/web was exchanged meanwhile, so it stays\n` +
        `microvm-sweep: error: ${STATE}/+archive/web could not be moved back to ${STATE}/web\n`,
    });
    expect(container.must(`cat ${STATE}/+archive/web/disk.img`)).toBe("disk of prod");
  });

  const TRAPS = Object.entries(MOMENTS).flatMap(([moment, line]) => [
    [
      moment,
      "what would be deleted",
      line,
      `mkdir ${VICTIM}/web+; echo mine > ${VICTIM}/web+/disk.img`,
    ] as const,
    [moment, "room for what is moved", line, ":"] as const,
  ]);
  it.each(TRAPS)(
    "a place that is exchanged %s with one that has %s leads root nowhere",
    (_, __, line, script) => {
      const { container } = scene;
      lay();
      container.must(`mkdir -m 0700 ${PLACE}; ${script}`);
      const before = outside(container);
      scene.host.sweep(
        2,
        "delete web --yes",
        meanwhile(line, `mv +deleted gone; ln -s ${VICTIM} +deleted`),
      );
      expect(outside(container)).toBe(before);
      expect(container.must(`cat ${STATE}/prod/disk.img`)).toBe("disk of prod");
    },
  );

  it("a directory of root's that is put in the place of the place loses nothing", () => {
    const { container } = scene;
    lay();
    container.must(
      `cd ${STATE}; mkdir -m 0700 vault; mkdir vault/web vault/data; chmod 0755 vault`,
    );
    const { stdout } = scene.host.sweep(
      2,
      "delete web data --yes",
      meanwhile("find_place\n", "mv vault +deleted"),
    );
    expect(stdout).not.toContain("deleted");
    expect(scene.host.sweep(2, "delete web --yes").status).toBe(0);
    expect(container.must(`ls ${STATE}/+deleted`)).toBe("data\nweb\n");
  });

  it("a runner that leads out of the store is not read", () => {
    const { container } = scene;
    lay();
    container.must(`
      mkdir -p /srv/planted/bin; echo 'a=/srv/secret' > /srv/planted/bin/microvm-run
      ln -sfn /srv/planted /nix/store/planted
      mkfifo /srv/planted/bin/fifo
      for name in web prod; do rm -f ${STATE}/$name/current; done
      ln -s /nix/store/../../srv/planted ${STATE}/web/current; ln -s /srv/planted ${STATE}/prod/current`);
    expect(scene.host.sweep(2, "delete web prod --dry-run").stdout).not.toContain("secret");
  });

  it("what a runner names is shown as text", () => {
    const { host, container } = scene;
    lay();
    host.file("/nix/store/runner/bin/microvm-run", "'/srv/\x1b[31mred' /srv/\x07bell");
    container.must(`ln -s /nix/store/runner ${STATE}/web/current`);
    const { stdout } = host.sweep(2, "delete web --dry-run");
    expect(stdout).toContain("names these, which stay: ");
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it("a process that names itself a command for the terminal is shown as text", () => {
    const { container } = scene;
    lay();
    container.must(`cd ${STATE}/web; perl -e '$0 = "\\e[31m\\nred"; open my $f, "<", "disk.img"; chdir "/"; sleep 300' > /dev/null 2>&1 &
      echo $! > /root/pid; sleep 0.5`);
    const { status, stderr } = scene.host.sweep(2, "delete web --yes");
    expect(status).toBe(1);
    expect(stderr).toMatch(/process \d+ \(\?\[31m\)/);
    expect(stderr).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it("survives a user who exchanges all names as fast as it can", () => {
    const { host, container } = scene;
    lay();
    container.must(`cat > /opt/exchange.pl <<'END'
${EXCHANGE}
END
      mkdir -m 0700 ${PLACE} ${STATE}/+archive; mkdir ${VICTIM}/web+; echo mine > ${VICTIM}/web+/disk.img
      ln -s ${VICTIM} ${STATE}/link; ln -s ${VICTIM} ${STATE}/decoy; chown -h microvm:kvm ${STATE}/{link,decoy}`);
    const before = outside(container);
    container.must(
      `systemd-run --quiet --collect --unit=my-exchange --uid=microvm --gid=kvm perl /opt/exchange.pl`,
    );
    const statuses: (number | null)[] = [];
    for (let round = 0; round < 12; round += 1) {
      container.run(
        `cd ${STATE}; [ -e web ] || setpriv --reuid microvm --regid kvm --clear-groups cp -a prod web`,
      );
      statuses.push(host.sweep(2, `${round % 2 ? "archive" : "delete"} web --yes`).status);
    }
    expect(host.isActive("my-exchange.service")).toBe(true);
    container.must("systemctl stop my-exchange");
    expect(outside(container)).toBe(before);
    expect(container.must(`cat ${STATE}/prod/disk.img`)).toBe("disk of prod");
    expect(statuses.every((status) => status === 0 || status === 1)).toBe(true);
  });
});

onSystemd(SUITES.oldest, "archive and delete with devices", (scene: Scene) => {
  function makeLoops(): void {
    scene.container.must(`
      [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
      for number in {0..15}; do [ -e /dev/loop$number ] || mknod /dev/loop$number b 7 $number; done`);
  }

  it("a loop device over a disk is named", () => {
    const { host, container } = scene;
    removed(scene, "web");
    makeLoops();
    container.must(`truncate --size 1M ${STATE}/web/disk.img`);
    const loop = container.must(`losetup --find --show ${STATE}/web/disk.img`).trim();
    const { status, stderr } = host.sweep(2, "delete web --yes");
    container.must(`losetup --detach ${loop}`);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        `microvm-sweep: error: web is in use: ${loop} is attached to a file of it; to go on: losetup --detach ${loop}\n` +
        "microvm-sweep: nothing is changed\n",
    });
    expect(host.sweep(2, "delete web --yes").status).toBe(0);
  });

  it.skipIf(requireTool("mkfs.btrfs"))("btrfs: a subvolume can go, one below it is named", () => {
    const { host, container } = scene;
    removed(scene);
    makeLoops();
    const image = host.path("/srv/btrfs.img");
    execFileSync("truncate", ["--size", "128M", image]);
    execFileSync("mkfs.btrfs", ["--quiet", image]);
    container.must(`mount -o loop /srv/btrfs.img ${STATE}`);
    const subvolume = (path: string) =>
      execFileSync("btrfs", ["subvolume", "create", host.path(`${STATE}/${path}`)], {
        stdio: "ignore",
      });
    for (const path of ["web", "db", "mail", "mail/home", "other"]) subvolume(path);
    container.must(`cd ${STATE}; mkdir plain; for name in web db mail mail/home plain; do echo "$name" > $name/disk.img; done
      chmod 0700 other`);

    expect(host.sweep(2, "archive web --yes")).toMatchObject({ status: 0, stderr: "" });
    expect(container.must(`cat ${STATE}/+archive/web/disk.img`)).toBe("web\n");
    expect(host.sweep(2, "delete db --yes")).toMatchObject({ status: 0, stderr: "" });
    expect(host.exists(`${STATE}/db`)).toBe(false);
    // A rename out of a subvolume would have to copy.
    expect(host.sweep(2, `archive plain --to ${STATE}/other --yes`).stderr).toContain(
      `${STATE}/other is on another file system; to copy it: cp `,
    );
    const { status, stderr } = host.sweep(2, "delete mail --yes");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /mail\+\/home'?, since it's on a different device\n.*the rest of mail is in .*\+deleted\/mail\+/s,
    );
    expect(container.must(`cat ${STATE}/+deleted/mail+/home/disk.img`)).toBe("mail/home\n");
    container.must(`rm -r ${STATE}/+deleted/mail+/home`);
    expect(host.sweep(2, "delete mail --yes")).toMatchObject({ status: 0, stderr: "" });
  });
});
