import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { PROGRAM } from "../../cli/support/runCli.ts";
import { host as usageOf } from "../../usage/documents.ts";
import { Container, type Result } from "../container.ts";
import { declared, type Generation, toplevelOf } from "../generation.ts";
import { NixosHost } from "../nixosHost.ts";
import type { Suite } from "../root.ts";
import { machineProgram } from "./machine.ts";

const BIN = "/opt/docs/bin";
const COMPILER = "/opt/microvm-sweep";
/** The directory of the flake, in which the commands of the pages are run. */
const FLAKE = "/root/flake";
const STATE_DIR = "/var/lib/microvms";

/** Runs our compiler for `nix run …#gen -- …`, and has the usage at hand for `nix eval`. */
const NIX = `#!/bin/bash
case "$1 \${3-}" in
  "--version ") echo "nix (Nix) 2.18.1" ;;
  "run --") [[ $2 == *#gen ]] && shift 3 && exec microvm-sweep gen "$@" ;;
  *) exec cat /root/usage.json ;;
esac
`;

/** Prints the usage as the lines of nix-eval-jobs (by its sources, 2.33). */
const NIX_EVAL_JOBS = `#!/bin/bash
exec cat /root/usage.jobs
`;

/**
 * Does of a switch what the sweep sees, in the order of NixOS. The page is that of the directory; what
 * else Nix would evaluate stands in /root/next: the toplevel.
 */
const NIXOS_REBUILD = `#!/bin/bash
set -eu
new=$(< /root/next) backend=activation
if [[ $* == *--rollback* ]]; then
  new=$(< /root/previous)
else
  # What Nix makes of the page: a command with these words.
  mapfile -t words < <(grep -o '"--[a-z-]*=[^"$]*"' microvm-sweep.nix | tr -d '"')
  release=$(grep -o -- '--release=[0-9.]*' microvm-sweep.nix)
  ! grep -q -- '--backend=service ' microvm-sweep.nix || backend=service
  mkdir -p "$new/sw/bin"
  cp -r microvm-sweep "$new/sw/"
  data="$release --host=hyp-01 --backend=$backend \${words[*]@Q}"
  echo '#!/bin/bash -p
case $1 in activate | run) part=act ;; check) part=check ;; archive | delete) part=state ;; *) part=show ;; esac
exec env -i PATH=/opt/sweep /bin/bash "NEW/microvm-sweep/$part.bash" DATA -- "$@"' > "$new/sw/bin/sweep-microvms"
  sed -i "s|DATA|$data|; s|NEW|$new/sw|" "$new/sw/bin/sweep-microvms"
  chmod +x "$new/sw/bin/sweep-microvms"
fi
sweep=$new/sw/bin/sweep-microvms
case $1 in
  build) ln -sfn "$new" result ;;
  dry-activate)
    "$sweep" check "$new" dry-activate
    [[ $backend == service ]] || "$sweep" activate "$new" dry-activate
    ;;
  switch)
    readlink -f /run/current-system > /root/previous
    for link in /nix/var/nix/profiles/system-*-link; do
      [[ $(readlink "$link") != "$new" ]] || ln -sfn "\${link##*/}" /nix/var/nix/profiles/system
    done
    "$sweep" check "$new" switch
    # The sweep runs before NixOS sets up /etc.
    status=0
    "$sweep" activate "$new" switch || status=4
    ln -sfn "$new/etc" /etc/static
    ln -sfn "$new" /run/current-system
    systemctl daemon-reload
    [[ ! -e $new/etc/systemd/system/microvms.target ]] || systemctl start microvms.target
    exit "$status"
    ;;
  *) exit 1 ;;
esac
`;

/** Runs the command here, as the host that it names. */
const SSH = `#!/bin/bash
set -o pipefail
host=$1
shift
"$@" | sed "s/\\"host\\": \\"hyp-01\\"/\\"host\\": \\"$host\\"/"
`;

const STANDINS: Readonly<Record<string, string>> = {
  nix: NIX,
  "nix-eval-jobs": NIX_EVAL_JOBS,
  "nixos-rebuild": NIXOS_REBUILD,
  ssh: SSH,
  sudo: '#!/bin/bash\nexec "$@"\n',
  "microvm-sweep": `#!/bin/sh\nexec node ${COMPILER}/microvm-sweep.js "$@"\n`,
};

/** What the commands of a block printed, and those that failed, each after its status. */
export interface Shown extends Result {
  readonly failed: readonly string[];
}

/** The host hyp-01 of the documentation, on real systemd, with a flake beside it and the compiler. */
export class DocumentedHost {
  readonly host: NixosHost;
  readonly container: Container;

  private constructor(container: Container, programs: Readonly<Record<string, string>>) {
    this.container = container;
    this.host = new NixosHost(container);
    for (const [name, text] of Object.entries(programs)) {
      this.host.file(`${BIN}/${name}`, text);
      chmodSync(this.host.path(`${BIN}/${name}`), 0o755);
    }
    // What `environment.systemPackages` puts on the PATH.
    this.host.link(`${BIN}/sweep-microvms`, "/run/current-system/sw/bin/sweep-microvms");
  }

  static async boot(suite: Suite): Promise<DocumentedHost> {
    const find = (name: string) =>
      spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    const node = machineProgram("node", process.execPath);
    const git = machineProgram("git", find("git"));
    const jq = machineProgram("jq", find("jq"));
    const container = await Container.boot(suite, [
      ...[node, git, jq].flatMap(({ options }) => options),
      `--bind-ro=${dirname(PROGRAM)}:${COMPILER}`,
    ]);
    const scripts = { node: node.script, git: git.script, jq: jq.script };
    return new DocumentedHost(container, { ...STANDINS, ...scripts });
  }

  /** Forgets everything of the block before. */
  reset(): void {
    this.host.reset();
    this.shell(
      "rm -rf /root/{flake,next,previous}; mkdir /root/flake; git init --quiet /root/flake",
    );
  }

  /** Declares these VMs in the flake, as the next generation of the host. */
  declare(id: number, generation: Generation): void {
    this.host.build(id, generation);
    this.host.file("/root/next", toplevelOf(id));
    const vm = { kind: "config", autostart: true, updateFlake: null } as const;
    const vms = [...declared(generation)];
    const hostModule = generation.templates === false ? "absent" : "enabled";
    const usage = usageOf({
      nixosRelease: "25.05",
      hostModule,
      autostart: vms,
      vms: Object.fromEntries(vms.map((name) => [name, vm])),
    });
    const document = { schemaVersion: 1, hosts: { "hyp-01": usage } };
    this.host.file("/root/usage.json", JSON.stringify(document));
    const line = {
      attr: "hyp-01",
      attrPath: ["hyp-01"],
      extraValue: { schemaVersion: 1, host: "hyp-01", ...usage },
    };
    this.host.file("/root/usage.jobs", `${JSON.stringify(line)}\n`);
  }

  /** Writes the page for what the flake declares, with a policy. */
  generate(policy = ""): void {
    this.must(`microvm-sweep gen --flake . --host hyp-01 ${policy} --out microvm-sweep.nix`);
  }

  /** A host that has switched to the page of these VMs, all of which run, with a drop-in each. */
  begin(vms: readonly string[], policy = ""): void {
    this.declare(1, { vms });
    this.host.current(1);
    for (const name of vms) this.host.state(name);
    this.generate(policy);
    this.must("nixos-rebuild switch");
    for (const name of vms) this.host.dropIn(`microvm@${name}.service`);
    this.container.must("systemctl daemon-reload");
  }

  /** The same, and the flake now declares only these; the page is written for them. */
  beginAndDeclare(vms: readonly string[], left: readonly string[], policy = ""): void {
    this.begin(vms);
    this.declare(2, { vms: left });
    this.generate(policy);
  }

  /** Runs commands in the directory of the flake. */
  shell(script: string): Shown {
    const trap = `trap 'echo "$? $BASH_COMMAND" >> /root/failed' ERR`;
    const { status, stdout, stderr } = this.container.run(
      `rm -f /root/failed; cd ${FLAKE}; set -o pipefail; ${trap}\n${script}`,
      { PATH: `${BIN}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: "/root" },
    );
    const failed = this.container.run("cat /root/failed").stdout.split("\n").slice(0, -1);
    return { status, stdout, stderr, failed };
  }

  /** Runs commands that must all succeed, and returns what they print. */
  must(script: string): string {
    const { stdout, stderr, failed } = this.shell(script);
    if (failed.length > 0) throw new Error(`${failed.join("\n")}\n${stdout}${stderr}`);
    return stdout;
  }

  read(file: string): string {
    return this.container.must(`cat '${file}'`);
  }

  /** The state directory of a VM. */
  state(name: string): string {
    return `${STATE_DIR}/${name}`;
  }
}
