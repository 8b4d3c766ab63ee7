import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROGRAM } from "../sandbox/data.ts";
import { requireContainer } from "../support/require.ts";
import { Container } from "./container.ts";
import { SUITES } from "./root.ts";

const RELEASE = /^release=(.+)$/m.exec(readFileSync(join(PROGRAM, "common.bash"), "utf8"))?.[1];
/** Those whom a host has something of; `decide` runs as none of them. */
const OWNERS = ["root", "microvm", "nobody"];

/** What may be tried with a directory, a process or a service of somebody; each has its own. */
const FILE_ATTEMPTS = [
  "rm -f $it/file",
  "rm -rf $it/directory",
  "rmdir $it/empty",
  "echo x > $it/file",
  "echo x >> $it/file",
  "truncate -s 0 $it/file",
  "touch $it/file",
  "touch $it/new",
  "mkdir $it/new",
  "ln -s /x $it/new",
  "ln -sf /x $it/file",
  "ln $it/file $it/new",
  "mv $it/file $it/new",
  "mv $it/file /tmp/$RANDOM",
  "chmod 777 $it/file",
  "chmod 777 $it",
  "chown 65533 $it/file",
  "cp /dev/null $it/file",
  "mount -t tmpfs none $it/directory",
];
const PROCESS_ATTEMPTS = [
  "kill -TERM $it",
  "kill -KILL $it",
  "kill -STOP $it",
  "kill -0 $it",
  "renice -n 19 $it",
  "echo 1000 > /proc/$it/oom_score_adj",
  "nsenter --target $it --mount true",
];
const SERVICE_ATTEMPTS = [
  "systemctl stop $it",
  "systemctl kill $it",
  "systemctl restart $it",
  "systemctl set-property --runtime $it CPUWeight=50",
];
/** What may be tried with the machine; as root, each succeeds. */
const OTHER_ATTEMPTS = [
  "systemctl daemon-reload",
  "systemctl start power-late",
  "systemd-run --quiet true",
  "setpriv --reuid 0 true",
  "setpriv --reuid 65534 --clear-groups true",
  "chroot / true",
  "unshare --mount true",
  "hostname other",
  "echo x > /run/x",
  "echo x > /etc/x",
  "echo x > /etc/systemd/system/x.service",
  "echo x > /run/systemd/system/x.service",
  "rm -rf /root/mine",
];

/** A script that makes what is tried on, and writes /root/attempts: a line for each attempt. */
function setUp(): string {
  const lines = [
    "set -e",
    "useradd --system microvm",
    "mkdir -p /srv /root/mine",
    ": > /root/attempts",
  ];
  lines.push("printf '[Service]\\nExecStart=true\\n' > /etc/systemd/system/power-late.service");
  lines.push("systemctl daemon-reload");
  const attempt = (command: string) => `printf '%s\\n' '${command}' >> /root/attempts`;
  for (const owner of OWNERS) {
    for (const [at, command] of FILE_ATTEMPTS.entries()) {
      const it = `/srv/${owner}-${at}`;
      lines.push(
        `mkdir -p ${it}/directory ${it}/empty; echo text > ${it}/file; echo text > ${it}/directory/file`,
        `chown -R ${owner} ${it}; chmod ${at % 2 === 0 ? 700 : 755} ${it}`,
        attempt(command.replaceAll("$it", it)),
      );
    }
    for (const command of PROCESS_ATTEMPTS)
      lines.push(
        `setpriv --reuid ${owner} --clear-groups sleep 1000 > /dev/null 2>&1 & pid=$!`,
        `printf '%s\\n' "${command.replaceAll("$it", "$pid")}" >> /root/attempts`,
      );
    for (const [at, command] of SERVICE_ATTEMPTS.entries()) {
      const it = `power-${owner}-${at}.service`;
      lines.push(
        `systemd-run --quiet --unit=${it} --uid=${owner} sleep 1000`,
        attempt(command.replaceAll("$it", it)),
      );
    }
  }
  for (const command of OTHER_ATTEMPTS) lines.push(attempt(command));
  return lines.join("\n");
}

/** Says of each attempt that succeeds that it was done: a note is a line that `act` passes on. */
const TRY = `
  while IFS= read -r command; do
    if (eval "$command") > /dev/null 2>&1; then printf 'note\\tdone: %s\\n' "$command"; fi
  done < /root/attempts
  if kill -0 "$PPID" 2> /dev/null; then printf 'note\\tdone: kill act\\n'; fi
  printf 'note\\ttried as %s, root %s\\n' "$EUID" "$(< /root/secret)"`;

/** All that an attempt could have changed. */
const STATE = `
  find /srv /etc /root -xdev -printf '%p %M %u %s %T@ %l\\n' | sort
  systemctl list-units --plain --no-legend 'power-*' | sort
  for pid in /proc/[0-9]*; do
    grep -sq sleep "$pid/comm" && echo "$pid $(grep -E '^(State|Uid):' "$pid/status" | tr '\\n' ' ') $(cut -d' ' -f19 "$pid/stat")"
  done
  hostname`;

describe.each(Object.values(SUITES))(
  "systemd $systemd: a decide that turns on its host",
  (suite) => {
    const reason = requireContainer(suite);
    let container: Container | undefined;
    beforeAll(async () => {
      if (reason !== undefined) return;
      container = await Container.boot(suite);
      cpSync(PROGRAM, `${container.files}/root/program`, { recursive: true });
      container.must(setUp());
      // It may read everything, also what root alone may.
      container.must(
        "umask 077; echo knows > /root/secret; mkdir -p /nix/store/g/etc/systemd/system",
      );
      container.must("ln -sfn /nix/store/g /run/current-system");
      container.must(
        `cat > /root/try <<'EOF'\n${TRY}\nEOF\nsed -i '$ i source /root/try' /root/program/decide.bash`,
      );
    }, 600_000);
    afterAll(() => container?.stop());

    it.skipIf(reason)("can change, stop and kill nothing of root, of microvm and of nobody", () => {
      if (container === undefined) throw new Error("the container is not booted");
      const before = container.must(STATE);
      const { status, stdout, stderr } = container.run(
        `env -i PATH=/usr/bin:/usr/sbin bash /root/program/act.bash --release=${RELEASE} -- plan`,
      );
      expect([status, stderr]).toEqual([0, ""]);
      const notes = stdout.split("\n").filter((line) => line.startsWith("note\t"));
      expect(notes).toEqual(["note\ttried as 65533, root knows"]);
      expect(container.must(STATE)).toBe(before);
    });

    it.skipIf(reason)("has only tried what root can do", () => {
      const tried = container?.must("cat /root/attempts").trim().split("\n") ?? [];
      const done = container?.must(TRY).split("\n") ?? [];
      const missing = tried.filter((command) => !done.includes(`note\tdone: ${command}`));
      expect(missing).toEqual([]);
      expect(tried.length).toBeGreaterThan(100);
    });
  },
);
