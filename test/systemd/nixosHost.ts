import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { activationScript, FRAME, MICROVM_USER } from "./activationScript.ts";
import type { Container, Result } from "./container.ts";
import {
  type Generation,
  type GenerationId,
  toplevelOf,
  unitFiles,
  unitLinks,
} from "./generation.ts";
import { COMMAND, command, PARTS, PROGRAM, program, type Start, TOOLS } from "./program.ts";

export type Action = "switch" | "test" | "boot" | "dry-activate" | "check";

/** How a generation is switched to. */
export interface Run extends Start {
  readonly action?: Action;
  /** False where the generation does not have the sweep. */
  readonly sweep?: boolean;
  /** Units that switch-to-configuration stops before it activates. */
  readonly stops?: readonly string[];
  /** Bash of an activation snippet before ours, in the same shell. */
  readonly shell?: string;
  /** Whether the activation is killed after the sweep, before the generation becomes the current one. */
  readonly killed?: boolean;
  /** Whether a fault kills the activation during the sweep. */
  readonly dies?: boolean;
}

/** What the sweep printed and its status; the other snippets print nothing. */
export interface Switched extends Result {
  readonly check?: Result;
}

const NOTHING: Result = { status: 0, stdout: "", stderr: "" };
export const SERVICE = "sweep-microvms.service";
const OUTPUT = "/root/output";
/** The directory of {@link NixosHost.standIn}. */
const STAND_IN = "/opt/stand-in";

/** The service of the page, which runs before these units. */
export function sweepService(before: readonly string[]): string {
  return `[Unit]
Before=${before.join(" ")}
[Service]
Type=oneshot
ExecStart=${COMMAND} activate /run/current-system ''
StandardOutput=truncate:${OUTPUT}.out
StandardError=truncate:${OUTPUT}.err
`;
}

/** A host in the container, laid out as NixOS does it, with no more than one sweep at a time. */
export class NixosHost {
  readonly container: Container;
  private readonly generations = new Map<GenerationId, Generation>();

  constructor(container: Container) {
    this.container = container;
    container.must("getent group kvm || groupadd --system kvm");
    // What NixOS puts on PATH while it activates: no systemctl among it.
    container.must(`
      mkdir -p /opt/activation ${TOOLS} /opt/empty
      for tool in bash cat chmod chown cp date find getent grep id ln ls mkdir mount mv readlink rm rmdir sed sleep sort stat touch tr true umount xargs; do
        ln -sfn "$(command -v "$tool")" /opt/activation/
      done
      for package in coreutils findutils util-linux util-linux-extra bsdutils mount; do
        for tool in $(dpkg -L "$package" 2> /dev/null | grep -E '^(/usr)?/s?bin/.'); do ln -sfn "$tool" ${TOOLS}/; done
      done
      # Debian gives the name to another program.
      ln -sfn "$(command -v rename.ul)" ${TOOLS}/rename
      ln -sfn "$(command -v systemctl)" ${TOOLS}/`);
  }

  /**
   * A PATH on which Bash stands in for a command of the program; `$real` in it is that command. It
   * stays until the host is reset.
   */
  standIn(command: string, text: string): string {
    this.file(
      `${STAND_IN}/${command}.text`,
      `#!/bin/bash\nPATH=/usr/sbin:/usr/bin:/sbin:/bin real=${TOOLS}/${command}\n${text}\n`,
    );
    this.container.must(`cd ${STAND_IN}
      [ -e find ] || cp --no-dereference ${TOOLS}/* .
      mv ${command}.text ${command}; chmod 0755 . ${command}`);
    return STAND_IN;
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

  /** Forgets everything of the scenario before. Units that a test makes itself are named `my-…`. */
  reset(): void {
    this.generations.clear();
    this.container.must(`
      for pid in $(cat /root/pid 2> /dev/null); do kill -KILL "$pid"; done
      rm -f /root/pid
      findmnt --raw --noheadings --output TARGET | grep -E '^/(etc/systemd|nix|srv|tmp$|var/lib/)' | tac | while read -r point; do
        umount --lazy "$(printf %b "$point")"
      done
      for dir in /etc/systemd/system /run/systemd/system /etc/systemd/system.control /run/systemd/system.control /usr/local/lib/systemd/system; do
        [ ! -L "$dir" ] || rm "$dir"
        rm -rf "$dir"/*microvm* "$dir"/my-* "$dir"/*.{wants,requires,upholds}/{microvm,my-}*
      done
      mkdir -p /etc/systemd/system
      left() { [ -n "$(systemctl list-units --plain --no-legend --state=active,activating,deactivating,reloading 'microvm*' 'install-microvm-*' 'my-*')" ]; }
      for try in 1 2; do
        ! left || systemctl kill --signal=KILL 'microvm*' 'my-*' 2> /dev/null
        ! left || systemctl stop 'microvm*' 'install-microvm-*' 'my-*' 2> /dev/null
        left || break
        # What refuses to be stopped does so no more once its drop-ins are gone.
        systemctl daemon-reload
      done
      rm -rf /nix /var/lib/microvms /var/lib/microvm-sweep /run/microvm-sweep /run/{current,booted}-system /etc/static /run/shut-down ${STAND_IN}
      sed -i /^microvm:/d /etc/passwd; echo '${MICROVM_USER}' >> /etc/passwd
      install -m 0666 /dev/null /run/shut-down
      mkdir -p /nix/var/nix/profiles /nix/var/nix/gcroots/microvm /var/lib/microvms
      chown microvm:kvm /var/lib/microvms && chmod 0775 /var/lib/microvms
      systemctl reset-failed; true`);
  }

  toplevel(id: GenerationId): string {
    return toplevelOf(id);
  }

  /** Puts a generation into the store and its profile link beside it. */
  build(number: number, generation: Generation): void {
    this.store(number, generation);
    for (const [name, specialisation] of Object.entries(generation.specialisations ?? {})) {
      this.store(`${number}-${name}`, specialisation);
      this.link(`${toplevelOf(number)}/specialisation/${name}`, toplevelOf(`${number}-${name}`));
    }
    this.link(`/nix/var/nix/profiles/system-${number}-link`, toplevelOf(number));
  }

  generation(id: GenerationId): Generation {
    return this.generations.get(id) ?? { vms: [] };
  }

  /** Makes a generation the current and booted one; /etc/systemd/system leads into the store, as usual. */
  current(number: number): void {
    this.link("/run/current-system", toplevelOf(number));
    this.link("/run/booted-system", toplevelOf(number));
    this.link("/etc/static", `${toplevelOf(number)}/etc`);
    this.profile(number);
    this.container.must(
      "rm -rf /etc/systemd/system; ln -sfn /etc/static/systemd/system /etc/systemd/system; systemctl daemon-reload",
    );
  }

  /** Makes a generation the boot default, as nixos-rebuild does for `switch` and `boot`. */
  profile(number: number): void {
    this.link("/nix/var/nix/profiles/system", `system-${number}-link`);
  }

  /** Lays out the state directory of a fully declarative VM, or of one without `toplevel`. */
  state(name: string, { declarative = true, stateDir = "/var/lib/microvms" } = {}): void {
    this.file(`${stateDir}/${name}/disk.img`, `disk of ${name}`);
    if (declarative) this.link(`${stateDir}/${name}/toplevel`, "/nix/store/x-guest");
    this.container.must(`chown -hR microvm:kvm ${stateDir} && chmod 0775 ${stateDir}`);
  }

  /** Lays out a VM as `microvm -c` does: no `toplevel`, and garbage collection roots. */
  imperative(name: string, stateDir = "/var/lib/microvms"): void {
    this.state(name, { declarative: false, stateDir });
    this.file(`/nix/store/runner-of-${name}/bin/microvm-run`);
    this.link(`${stateDir}/${name}/current`, `/nix/store/runner-of-${name}`);
    this.link(`/nix/var/nix/gcroots/microvm/${name}`, `${stateDir}/${name}/current`);
    this.link(`/nix/var/nix/gcroots/microvm/booted-${name}`, `${stateDir}/${name}/booted`);
  }

  start(...names: string[]): void {
    this.container.must(
      `systemctl start ${names.map((name) => `microvm@${name}.service`).join(" ")}`,
    );
  }

  /** Writes a drop-in of a unit, as `systemctl set-property` does; gives its directory. */
  dropIn(unit: string, text = "[Service]\nCPUWeight=50\n"): string {
    const directory = `/etc/systemd/system.control/${unit}.d`;
    this.file(`${directory}/50-CPUWeight.conf`, text);
    return directory;
  }

  /** Writes unit files of the administrator's, by path, and reloads systemd. */
  units(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) this.file(path, text);
    this.container.must("systemctl daemon-reload");
  }

  isActive(unit: string): boolean {
    return this.container.run(`systemctl is-active --quiet -- '${unit}'`).status === 0;
  }

  /** Whether a VM runs. */
  runs(name: string): boolean {
    return this.isActive(`microvm@${name}.service`);
  }

  /** The VMs that were shut down by their ExecStop, in order. */
  shutDown(): readonly string[] {
    return this.container.run("cat /run/shut-down").stdout.split("\n").slice(0, -1);
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

  /** All files of the host, for comparison; without logs, and what systemd notes of its own. */
  snapshot(): string {
    return this.container.must(`
      find / '(' -path /proc -o -path /sys -o -path /dev -o -path /root -o -path /usr/share -o -path /var/log -o -path /run/log \
        -o -path /run/systemd/journal -o -path /run/systemd/units -o -path ${STAND_IN} ')' -prune \
        -o -printf '%p %y %l %m %U %s %C@\\n' 2> /dev/null | sort`);
  }

  /** Does what NixOS does, in its order; what starts new units is left out. */
  switch(id: GenerationId, run: Run = {}): Switched {
    const { action = "switch", sweep = true, stops = [] } = run;
    if (action === "switch" || action === "boot") this.profile(Number.parseInt(String(id), 10));
    // The page has a check only where it has a limit.
    const isChecked = sweep && typeof run.policy?.limit === "number";
    const check = isChecked ? this.check(id, action, run) : NOTHING;
    if (check.status !== 0 || action === "boot" || action === "check") return { ...check, check };
    if (stops.length > 0 && action !== "dry-activate")
      this.container.must(`systemctl stop ${stops.map((unit) => `'${unit}'`).join(" ")}`);
    const activated = this.activate(id, run);
    if (action === "dry-activate" || run.killed === true) return { ...activated, check };
    this.container.must("systemctl reset-failed; systemctl daemon-reload");
    if (!sweep || run.backend !== "service") return { ...activated, check };
    return { ...this.service(id, run), check };
  }

  /** Runs the pre-switch check alone, with the PATH that NixOS gives it. */
  check(id: GenerationId, action: Action, start: Start = {}): Result {
    this.install(id, start);
    return this.container.run(
      `env -i PATH=/opt/empty ${COMMAND} check ${toplevelOf(id)} ${action}`,
    );
  }

  /** Runs the activation script alone. */
  activate(id: GenerationId, run: Run = {}): Result {
    return this.framed(id, run, { NIXOS_ACTION: run.action ?? "switch" }, "bash /root/activate");
  }

  /** Activates as at boot: nothing under /run, no systemd. Only files outside of /run tell of it. */
  activateAtBoot(id: GenerationId, run: Run = {}): Result {
    const script = `mount -t tmpfs none /run && exec env -i bash /root/activate`;
    return this.framed(id, run, {}, `unshare --mount bash -c '${script}'`);
  }

  /** Restarts the machine into a generation, as stage 2 of NixOS does: its activation, then systemd. */
  async reboot(id: GenerationId, run: Run = {}): Promise<Result> {
    this.prepare(id, run);
    await this.container.reboot(
      `env -i /bin/bash /root/activate > ${OUTPUT}.out 2> ${OUTPUT}.err; ln -sfn ${toplevelOf(id)} /run/booted-system`,
    );
    return { status: this.reported(run), ...this.written() };
  }

  /** Runs the sweep as a service, after NixOS has activated and reloaded. */
  service(id: GenerationId, start: Start = {}): Result {
    this.install(id, { ...start, backend: "service" });
    this.file(`/run/systemd/system/${SERVICE}`, sweepService([]));
    this.container.run(`systemctl daemon-reload; systemctl restart ${SERVICE}`);
    return this.ofService();
  }

  /** What the last run of the service has given. */
  ofService(): Result {
    const status = this.container.must(`systemctl show -P ExecMainStatus ${SERVICE}`);
    return { status: Number(status), ...this.written() };
  }

  /** Runs a command of the administrator's: plan, explain or run. */
  sweep(id: GenerationId, words: string, start: Start = {}): Result {
    this.install(id, start);
    return this.container.run(`${COMMAND} ${words}`);
  }

  /** What a run wrote that had no terminal. */
  private written(): { readonly stdout: string; readonly stderr: string } {
    const read = (name: string) => readFileSync(this.path(`${OUTPUT}.${name}`), "utf8");
    return { stdout: read("out"), stderr: read("err") };
  }

  private store(id: GenerationId, generation: Generation): void {
    this.generations.set(id, generation);
    const units = `${toplevelOf(id)}/etc/systemd/system`;
    for (const [name, text] of Object.entries(unitFiles(generation)))
      this.file(`${units}/${name}`, text);
    for (const [name, target] of Object.entries(unitLinks(generation)))
      this.link(`${units}/${name}`, target);
  }

  private install(id: GenerationId, start: Start): void {
    const generation = this.generation(id);
    for (const part of PARTS) this.file(`${PROGRAM}/${part}.bash`, program(part, start));
    this.file(COMMAND, command(generation, start));
    chmodSync(this.path(COMMAND), 0o755);
  }

  private prepare(id: GenerationId, run: Run): void {
    const { action, sweep = true, backend, shell = "", killed = false } = run;
    if (sweep) this.install(id, run);
    const { templates = true } = this.generation(id);
    const hook = `${COMMAND} activate "$systemConfig" "\${NIXOS_ACTION-}"`;
    this.file(
      "/root/activate",
      activationScript({
        toplevel: toplevelOf(id),
        dry: action === "dry-activate",
        shell,
        sweep: sweep && backend !== "service" ? hook : "",
        hasUser: templates,
        killed,
      }),
    );
  }

  private framed(id: GenerationId, run: Run, env: NodeJS.ProcessEnv, script: string): Result {
    this.prepare(id, run);
    const { stdout, stderr } = this.container.run(script, env);
    return { status: this.reported(run), stdout, stderr };
  }

  /** The status of our snippet, where the frame went on after it as it has to. */
  private reported({ killed = false, dies = killed }: Run): number {
    const words = readFileSync(this.path(FRAME), "utf8").split("\n").slice(0, -1);
    const failed = words.find((word) => word.startsWith("failed "));
    if (words.includes("leaked")) throw new Error("the sweep changed the shell around it");
    if (words.includes("end") === dies) throw new Error(`the frame ended with: ${words}`);
    return failed === undefined ? 0 : Number(failed.slice("failed ".length));
  }
}
