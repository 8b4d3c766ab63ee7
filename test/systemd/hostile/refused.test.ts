import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requireContainer, requireTool } from "../../support/require.ts";
import { Container } from "../container.ts";
import { TOOLS } from "../program.ts";
import { SUITES } from "../root.ts";
import { entries } from "./fill.ts";
import { HostileHost } from "./hostileHost.ts";

const needs = requireContainer(SUITES.oldest) ?? requireTool("inotifywait");

/** A `mv` that knows --no-copy, as that of coreutils 9.5 does, whatever the container has. */
const MV = `#!/bin/bash
[[ " $* " == *" --no-copy "* ]] || exec /usr/bin/mv "$@"
[[ " $* " == *" --version "* ]] && exit
exec /usr/bin/perl -e 'rename $ARGV[0], $ARGV[1] or die "mv: $!\\n"' -- "\${@: -2}"
`;

/** Lays an overlay over /var/lib: a directory that was there before cannot be renamed in it. */
const OVERLAY = `set -e
  mkdir -p /run/overlay; mount -t tmpfs none /run/overlay; mkdir /run/overlay/{lower,upper,work}
  cp -a /var/lib/. /run/overlay/lower
  mount -t overlay -o redirect_dir=off,lowerdir=/run/overlay/lower,upperdir=/run/overlay/upper,workdir=/run/overlay/work none /var/lib`;

describe.skipIf(needs)("a hostile state directory is refused", () => {
  let container: Container;
  let hostile: HostileHost;
  beforeAll(async () => {
    container = await Container.boot(SUITES.oldest);
    hostile = new HostileHost(container);
  });
  afterAll(() => container?.stop());
  beforeEach(() => {
    hostile.reset(["bar"]);
    hostile.host.state("bar");
  });

  it.each(["archive", "delete"] as const)(
    "%s: a mount point in it, whose name cannot forge a message",
    (state) => {
      // The user can mount with fusermount.
      const point = String.raw`$'/var/lib/microvms/bar/a\e[31m\nmicrovm-sweep: error: b'`;
      container.must(`mkdir ${point} && mount -t tmpfs none ${point}`);
      const { status, stderr } = hostile.switch({ state, stateDelete: ["bar"] });
      container.must(`umount ${point}`);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^microvm-sweep: error: (?:\$')?\/var\/lib\/microvms\/bar is left alone: [\x20-\x7e]* is a mount point'?\n$/,
      );
      expect(hostile.host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    },
  );

  it("archive: what the kernel does not rename, which mv would copy by paths that the user can change", () => {
    container.must(`cp -P ${TOOLS}/mv /root/mv && rm ${TOOLS}/mv`);
    hostile.host.file(`${TOOLS}/mv`, MV);
    container.must(`chmod +x ${TOOLS}/mv; ${OVERLAY}`);
    const { status, stderr } = hostile.switch({ state: "archive" });
    const left = entries(container);
    const archived = entries(container, "/var/lib/microvm-sweep/archive");
    container.must(`umount /var/lib /run/overlay; mv /root/mv ${TOOLS}/mv`);
    expect([status, left, archived]).toEqual([1, ["bar"], []]);
    expect(stderr).toContain("microvm-sweep: error: /var/lib/microvms/bar could not be archived\n");
  });
});
