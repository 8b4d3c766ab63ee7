import { expect, it } from "vitest";
import { onEverySystemd } from "./onSystemd.ts";
import type { Start } from "./program.ts";
import { removed, STATE } from "./state/removed.ts";

const ROOTS = "/nix/var/nix/gcroots/microvm";

onEverySystemd("archive and delete refuse", (scene) => {
  /** Expects that a command says these lines and nothing else, fails, and changes nothing. */
  function expectRefused(words: string, lines: readonly string[], start: Start = {}): void {
    const { host } = scene;
    const before = host.snapshot();
    const result = host.sweep(2, words, start);
    expect(result).toEqual({
      status: 1,
      stdout: "",
      stderr: [
        ...lines.map((line) => `microvm-sweep: error: ${line}\n`),
        "microvm-sweep: nothing is changed\n",
      ].join(""),
    });
    expect(host.snapshot()).toBe(before);
  }

  it("who is not root", () => {
    const { host, container } = scene;
    removed(scene, "web");
    host.sweep(2, "delete web --dry-run");
    const { status, stderr } = container.run(
      "chmod 0755 /root; setpriv --reuid microvm --regid kvm --clear-groups /root/sweep-microvms delete web --yes",
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "microvm-sweep: error: delete needs root; to go on: sudo sweep-microvms delete web --yes\n" +
        "microvm-sweep: nothing is changed\n",
    });
    expect(host.exists(`${STATE}/web/disk.img`)).toBe(true);
  });

  it("a VM that is declared", () => {
    removed(scene, "web");
    expectRefused("delete fw --yes", [
      "fw is declared: the configuration declares it; take it out of the configuration, switch, and run this again",
    ]);
  });

  it("a VM that the policy keeps, and then all the others of the command", () => {
    removed(scene, "web", "db");
    expectRefused(
      "archive db web --yes",
      ["web is in the keep list of the policy; take it off, switch, and run this again"],
      { policy: { keep: ["web"] } },
    );
  });

  it("a VM that a specialisation declares", () => {
    const { host } = scene;
    removed(scene, "web");
    host.build(2, { vms: ["fw"], specialisations: { big: { vms: ["fw", "web"] } } });
    expectRefused("delete web --yes", [
      "web is declared by the system that boots next, or by a specialisation; switch to a system without it, and run this again",
    ]);
  });

  it("a VM that the system declares that boots next", () => {
    const { host } = scene;
    removed(scene, "web");
    host.profile(1);
    expectRefused("delete web --yes", [
      "web is declared by the system that boots next, or by a specialisation; switch to a system without it, and run this again",
    ]);
  });

  it("a VM that runs, with the command that stops it", () => {
    const { host } = scene;
    removed(scene, "web", "a\\x2db");
    host.start("web");
    const units = host.container
      .must("systemctl list-units --plain --no-legend 'microvm*@web.service' | cut -d' ' -f1")
      .trim()
      .replaceAll("\n", " ");
    expect(units).toContain("microvm@web.service");
    expectRefused("delete web --yes", [
      `web is active (${units}); to stop it: systemctl stop ${units}`,
    ]);
    host.container.must(`systemctl stop ${units}`);
    expect(host.sweep(2, "delete web --yes").stdout).toContain("deleted web\n");
  });

  it("every VM where systemd does not answer", () => {
    removed(scene, "web");
    expectRefused(
      "delete web --yes",
      ["systemd does not answer, so nothing is stopped or removed", "the host cannot be read"],
      { change: (text, part) => (part === "act" ? text.replace("$(list_units)", "") : text) },
    );
  });

  it("every VM where it is not known who uses it", () => {
    removed(scene, "web");
    expectRefused(
      "delete web --yes",
      ["not every file of web can be read", "it is not known who uses web"],
      {
        change: (text, part) =>
          part === "uses" ? text.replace("without_power find", "false") : text,
      },
    );
  });

  it("a VM that there is not, and one of which there is nothing to remove", () => {
    const { host } = scene;
    removed(scene, "web");
    host.dropIn("microvm@old.service");
    expectRefused("delete wep old --yes", [
      "old has no state directory and no garbage collection roots; if it has unit files: sweep-microvms run",
      "there is no MicroVM wep; the nearest name is web; to see all: sweep-microvms plan",
    ]);
  });

  it("a VM that is not there to archive, but has roots", () => {
    const { host } = scene;
    removed(scene);
    host.imperative("web");
    host.container.must(`rm -r ${STATE}/web`);
    expectRefused("archive web --yes", [
      "web has no state directory; to remove what else is left of it: sweep-microvms delete web",
    ]);
  });

  it("a link", () => {
    removed(scene, "db");
    scene.container.must(`ln -s db ${STATE}/web`);
    expectRefused("delete web --yes", [
      `${STATE}/web is a link, and no link is followed; to remove the link: rm ${STATE}/web`,
    ]);
  });

  it("what is not a directory", () => {
    const { host, container } = scene;
    removed(scene);
    container.must(`mkfifo ${STATE}/web`);
    host.link(`${ROOTS}/web`, `${STATE}/web/current`);
    expectRefused("delete web --yes", [
      `${STATE}/web is not a directory; to remove it: rm ${STATE}/web`,
    ]);
  });

  it.each(["web", "web/tank/data"])("the mount point %s", (point) => {
    const { container } = scene;
    removed(scene, "web");
    container.must(`mkdir -p ${STATE}/${point}; mount -t tmpfs tank/vms/web ${STATE}/${point}`);
    expectRefused("delete web --yes", [
      `web is in use: ${STATE}/${point} is a mount point of tmpfs tank/vms/web; to go on: umount ${STATE}/${point}`,
    ]);
  });

  it("a bind mount, with where its files are", () => {
    const { container } = scene;
    removed(scene, "web");
    container.must(`mkdir -p /srv/persist/web; mount --bind /srv/persist/web ${STATE}/web`);
    expect(scene.host.sweep(2, "delete web --yes").stderr).toMatch(
      /web is in use: \/var\/lib\/microvms\/web is a mount point of \w+ \S+\[\/\S*srv\/persist\/web\]; to go on: umount /,
    );
  });

  it("a directory that is mounted elsewhere", () => {
    const { container } = scene;
    removed(scene, "web");
    container.must(
      `mkdir -p ${STATE}/web/data /srv/data; mount --bind ${STATE}/web/data /srv/data`,
    );
    expectRefused("delete web --yes", [
      "web is in use: process 1 (systemd) sees it mounted at /srv/data; to go on: umount /srv/data there",
    ]);
  });

  it("a directory that is mounted in another namespace", () => {
    const { container } = scene;
    removed(scene, "web");
    const pid = container
      .must(
        `unshare --mount bash -c 'mount --bind ${STATE}/web /srv; exec sleep 300' > /dev/null 2>&1 & echo $! | tee /root/pid; sleep 0.5`,
      )
      .trim();
    expectRefused("delete web --yes", [
      `web is in use: process ${pid} (sleep) sees it mounted at /srv; to go on: umount /srv there`,
    ]);
  });

  it.each([
    ["has open", "exec 3< disk.img; cd /; exec sleep 300"],
    ["has as its working directory", "exec sleep 300"],
    ["runs", `cp /bin/sleep program; cd /; exec ${STATE}/web/program 300`],
  ])("a directory with what a process %s", (_, script) => {
    const { container } = scene;
    removed(scene, "web");
    container.must(
      `cd ${STATE}/web; { bash -c '${script}' > /dev/null 2>&1 & } ; echo $! > /root/pid; cd /; sleep 0.5`,
    );
    const [line = ""] = scene.host.sweep(2, "delete web --yes").stderr.split("\n");
    expect(line).toMatch(
      /error: web is in use: process \d+ \(\w+\) has a file of it open, or is in it; to go on: end that process$/,
    );
    expect(scene.host.exists(`${STATE}/web/disk.img`)).toBe(true);
  });

  it("a directory that a process has open by another path, in another namespace", () => {
    const { container } = scene;
    removed(scene, "web");
    // As with impermanence: all state directories are bind mounts. The mount itself is gone, the file is open.
    container.must(
      `unshare --mount bash -c 'mount --bind ${STATE} /srv; exec sleep 300 3< /srv/web/disk.img' > /dev/null 2>&1 & echo $! > /root/pid; sleep 0.5`,
    );
    const pid = container.must("cat /root/pid").trim();
    expectRefused("archive web --yes", [
      `web is in use: process ${pid} (sleep) has a file of it open, or is in it; to go on: end that process`,
    ]);
  });

  it("an archive directory on another file system, with the command that copies", () => {
    const { host, container } = scene;
    removed(scene, "web");
    container.must("mkdir -p /srv/archive; mount -t tmpfs -o mode=0700 none /srv/archive");
    expectRefused("archive web --to /srv/archive --yes", [
      `/srv/archive is on another file system; to copy it: cp --archive --sparse=always ${STATE}/web /srv/archive/` +
        "; to delete it then: sweep-microvms delete web",
    ]);
    container.must(`cp --archive --sparse=always ${STATE}/web /srv/archive/`);
    expect(host.sweep(2, "delete web --yes").status).toBe(0);
    expect(container.must("cat /srv/archive/web/disk.img")).toBe("disk of web");
  });

  it("an archive directory on another mount of the same file system", () => {
    removed(scene, "web");
    scene.container.must("mkdir -p /srv/archive; mount --bind /srv/archive /srv/archive");
    expectRefused("archive web --to=/srv/archive --yes", [
      `/srv/archive is on another file system; to copy it: cp --archive --sparse=always ${STATE}/web /srv/archive/` +
        "; to delete it then: sweep-microvms delete web",
    ]);
  });

  it("an archive directory where the name is in use already", () => {
    const { container } = scene;
    removed(scene, "web");
    container.must(`mkdir -m 0700 ${STATE}/+archive; ln -s nowhere ${STATE}/+archive/web`);
    expectRefused("archive web --yes", [
      `${STATE}/+archive/web is in the way; to archive to another directory: --to DIR`,
    ]);
  });

  it("an archive directory that there is not", () => {
    removed(scene, "web");
    expectRefused("archive web --to /srv/nowhere --yes", [
      "there is no directory /srv/nowhere; to make it: mkdir --mode=0700 /srv/nowhere",
    ]);
  });

  it.each([
    ["belongs to somebody else", "mkdir PLACE; chown microvm PLACE"],
    ["others can write to", "mkdir --mode=0770 PLACE"],
    ["everybody can write to", "mkdir --mode=1777 PLACE"],
    ["is a link", "mkdir --mode=0700 /srv/roots; ln -s /srv/roots PLACE"],
    ["is a file", "touch PLACE"],
    ["is a FIFO", "mkfifo PLACE"],
    ["leads nowhere", "ln -s nowhere PLACE"],
  ])("a directory to move to that %s", (_, script) => {
    const { container } = scene;
    removed(scene, "web");
    for (const [verb, name] of [
      ["archive", "+archive"],
      ["delete", "+deleted"],
    ] as const) {
      const place = `${STATE}/${name}`;
      container.must(`rm -rf /srv/roots; ${script.replaceAll("PLACE", place)}`);
      expectRefused(`${verb} web --yes`, [`${place} is not a directory that only root can change`]);
    }
  });

  it.each([
    ["delete web", "delete asks for the names on a terminal; to go on without one: --yes"],
    ["delete", "delete needs the name of a MicroVM; usage: "],
    ["delete --yes ../x", "../x cannot be the name of a MicroVM"],
    ["delete --yes 'a b'", "a b cannot be the name of a MicroVM"],
    ["delete --yes +deleted", "+deleted cannot be the name of a MicroVM"],
    ["delete web --yes --to /srv", "delete takes no --to; usage: "],
    ["archive web --yes --to", "--to needs a directory; usage: "],
    ["archive web --yes --to=", "there is no option --to=; the nearest is --to; "],
    ["delete web --force", "there is no option --force; the nearest is "],
    ["delete web --dryrun", "there is no option --dryrun; the nearest is --dry-run; "],
  ])("the words %s", (words, message) => {
    const { host } = scene;
    removed(scene, "web");
    const before = host.snapshot();
    const { status, stderr } = host.sweep(2, words);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(`microvm-sweep: error: ${message}`),
    });
    expect(host.snapshot()).toBe(before);
  });
});
