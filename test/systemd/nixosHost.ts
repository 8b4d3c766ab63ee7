import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { emitScript } from "../../src/emit/emitScript.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/policy/policy.ts";
import type { Container, Result } from "./container.ts";
import { INSTALL, TARGET, TEMPLATES } from "./units.ts";

/** What a generation declares; without templates the host module is not in it. */
export interface Generation {
  readonly vms: readonly string[];
  readonly autostart?: readonly string[];
  readonly templates?: boolean;
}

/** How the activation of a generation is asked for. */
export interface Activation {
  readonly action?: "switch" | "test" | "dry-activate" | "boot";
  readonly policy?: Partial<Policy>;
  readonly systemctl?: string;
  /** Bash that runs before the snippet, in the same shell. */
  readonly before?: string;
  /** Changes the emitted script, for instance to make a step fail. */
  readonly change?: (script: string) => string;
}

/** A host in the container, laid out as NixOS does it. */
export class NixosHost {
  readonly container: Container;
  private readonly generations = new Map<number, Generation>();

  constructor(container: Container) {
    this.container = container;
    container.must("getent group kvm || groupadd --system kvm; useradd --system --gid kvm microvm");
    // What NixOS puts on PATH while it activates: no systemctl among it.
    container.must(`
      mkdir -p /opt/activation
      for tool in bash cat chmod chown cp date find getent grep id ln ls mkdir mount mv readlink rm rmdir sed sleep sort stat touch tr true umount xargs; do
        ln -sfn "$(command -v "$tool")" /opt/activation/
      done`);
  }

  path(file: string): string {
    return this.container.files + file;
  }

  file(file: string, text = ""): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  link(file: string, target: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    rmSync(this.path(file), { force: true });
    symlinkSync(target, this.path(file));
  }

  /** Forgets everything of the scenario before. */
  reset(): void {
    this.generations.clear();
    this.container.must(`
      umount -l /var/lib/microvm-sweep /var/lib/microvms 2> /dev/null
      systemctl kill --signal=KILL 'microvm*' 2> /dev/null
      systemctl stop 'microvm*' 'install-microvm-*' 2> /dev/null
      for dir in /etc/systemd/system /run/systemd/system /etc/systemd/system.control /run/systemd/system.control /usr/local/lib/systemd/system; do
        [ ! -L "$dir" ] || rm "$dir"
        rm -rf "$dir"/microvm* "$dir"/install-microvm-* "$dir"/*.wants/microvm*
      done
      mkdir -p /etc/systemd/system
      rm -rf /nix /var/lib/microvms /var/lib/microvm-sweep /run/microvm-sweep /run/current-system /run/booted-system /etc/static
      mkdir -p /nix/var/nix/profiles /nix/var/nix/gcroots/microvm /var/lib/microvms
      chown microvm:kvm /var/lib/microvms && chmod 0775 /var/lib/microvms
      systemctl daemon-reload; systemctl reset-failed; true`);
  }

  toplevel(number: number): string {
    return `/nix/store/${"0".repeat(31)}${number}-nixos-system-hyp-01-26.05`;
  }

  /** Puts a generation into the store and its profile link beside it. */
  build(number: number, generation: Generation): void {
    this.generations.set(number, generation);
    const units = `${this.toplevel(number)}/etc/systemd/system`;
    this.file(`${units}/multi-user.target.d/x.conf`);
    if (generation.templates !== false) {
      for (const [name, text] of Object.entries(TEMPLATES)) this.file(`${units}/${name}`, text);
      this.file(
        `${units}/microvms.target`,
        TARGET([...generation.vms, ...(generation.autostart ?? [])]),
      );
    }
    for (const vm of generation.vms) {
      this.file(`${units}/install-microvm-${vm}.service`, INSTALL(vm));
      this.file(
        `${units}/microvm@${vm}.service.d/overrides.conf`,
        "[Unit]\n# of this generation\n",
      );
    }
    this.link(`/nix/var/nix/profiles/system-${number}-link`, this.toplevel(number));
  }

  /** Makes a generation the current and booted one; /etc/systemd/system leads into the store, as usual. */
  current(number: number): void {
    this.link("/run/current-system", this.toplevel(number));
    this.link("/run/booted-system", this.toplevel(number));
    this.link("/etc/static", `${this.toplevel(number)}/etc`);
    this.container.must(
      "rm -rf /etc/systemd/system; ln -sfn /etc/static/systemd/system /etc/systemd/system; systemctl daemon-reload",
    );
  }

  /** The state directory of a fully declarative VM, or of an imperative one without `toplevel`. */
  state(name: string, declarative = true): void {
    this.file(`/var/lib/microvms/${name}/disk.img`, `disk of ${name}`);
    if (declarative) this.link(`/var/lib/microvms/${name}/toplevel`, "/nix/store/x-guest");
    this.container.must(`chown -hR microvm:kvm /var/lib/microvms/'${name}'`);
  }

  start(...names: string[]): void {
    this.container.must(
      `systemctl start ${names.map((name) => `microvm@${name}.service`).join(" ")}`,
    );
  }

  isActive(unit: string): boolean {
    return this.container.run(`systemctl is-active --quiet -- '${unit}'`).status === 0;
  }

  /** How systemd has a unit: its load and its active state. */
  loaded(unit: string): string {
    return this.container
      .must(`systemctl show --property=LoadState,ActiveState --value -- '${unit}'`)
      .trim()
      .split("\n")
      .join(" ");
  }

  exists(file: string): boolean {
    return this.container.run(`[ -e '${file}' ] || [ -L '${file}' ]`).status === 0;
  }

  /** All files of the host, with what they hold, for comparison. */
  snapshot(): string {
    return this.container.must(`
      find /etc/systemd /run/systemd/system /run/systemd/system.control /run/microvm-sweep /usr/local/lib /nix /var/lib/microvms /var/lib/microvm-sweep \
        -printf '%p %y %l %m %U %s %C@\\n' 2> /dev/null | sort`);
  }

  /** What NixOS does: stop nothing, run the activation script, reload systemd. */
  activate(
    number: number,
    {
      action = "switch",
      policy = {},
      systemctl = "/usr/bin/systemctl",
      before = "",
      change = (script) => script,
    }: Activation = {},
  ): Result {
    const { vms, autostart = [] } = this.generations.get(number) ?? { vms: [] };
    const program = {
      hostName: "hyp-01",
      stateDir: "/var/lib/microvms",
      backend: "auto",
      vms: [...vms].sort(),
      autostart: [...autostart].sort(),
      policy: { ...DEFAULT_POLICY, ...policy },
    };
    this.file("/root/snippet", change(emitScript(program, { systemctl })));
    this.file(
      "/root/activate",
      activationScript(this.toplevel(number), action === "dry-activate", before),
    );
    const env = action === "boot" ? {} : { NIXOS_ACTION: action };
    if (action === "boot") {
      return this.container.run(
        "unshare --mount bash -c 'mount -t tmpfs none /run && exec env -i bash /root/activate'",
        env,
      );
    }
    const result = this.container.run("bash /root/activate", env);
    if (action !== "dry-activate") this.container.run("systemctl daemon-reload");
    return result;
  }
}

/**
 * The frame of NixOS's activation script (nixpkgs, nixos/modules/system/activation/activation-script.nix):
 * its PATH, its trap, a snippet before ours and one after, the link at the end.
 */
function activationScript(toplevel: string, dry: boolean, before: string): string {
  return `
systemConfig=${toplevel}
export PATH=/opt/activation
_status=0
trap "_status=1 _localstatus=\\$?" ERR
umask 0022
${before}

#### Activation script snippet etc:
_localstatus=0
${dry ? "" : 'ln -sfn "$systemConfig/etc" /etc/static'}
name=outer status=outer

#### Activation script snippet microvm-sweep:
_localstatus=0
. /root/snippet
if (( _localstatus > 0 )); then
  printf "Activation script snippet '%s' failed (%s)\\n" microvm-sweep "$_localstatus"
fi

#### Activation script snippet after:
_localstatus=0
[[ $name == outer && $status == outer && $PWD == ${"$"}OLD_DIRECTORY ]] || echo LEAKED
echo "snippet after ran"
${dry ? "" : 'ln -sfn "$(readlink -f "$systemConfig")" /run/current-system'}
exit $_status
`.replace("_status=0\n", "_status=0 OLD_DIRECTORY=$PWD\n");
}
