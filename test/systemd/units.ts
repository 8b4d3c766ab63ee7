/**
 * Units in the shape of microvm.nix's (its `nixos-modules/host/default.nix`), with programs that do
 * nothing: oneshot helpers that remain, a virtiofsd that outlives its VM, a VM that is always revived,
 * runs as the user microvm and takes a moment to shut down.
 */
const helper = (before: string) => `[Unit]
Description=helper of MicroVM %i
Before=${before}
PartOf=microvm@%i.service
X-RestartIfChanged=false
[Service]
Type=oneshot
RemainAfterExit=true
ExecStart=/bin/true
`;

export const TEMPLATES: Readonly<Record<string, string>> = {
  "microvm-set-booted@.service": helper("microvm@%i.service"),
  "microvm-tap-interfaces@.service": helper("microvm@%i.service"),
  "microvm-macvtap-interfaces@.service": helper("microvm@%i.service"),
  "microvm-pci-devices@.service": helper("microvm@%i.service"),
  "microvm-virtiofsd@.service": `[Unit]
Description=virtiofsd of MicroVM %i
Before=microvm@%i.service
PartOf=microvm@%i.service
X-RestartIfChanged=false
[Service]
ExecStart=/bin/sleep infinity
Restart=always
RestartSec=5s
`,
  "microvm@.service": `[Unit]
Description=MicroVM %i
Requires=microvm-set-booted@%i.service microvm-tap-interfaces@%i.service microvm-macvtap-interfaces@%i.service microvm-pci-devices@%i.service microvm-virtiofsd@%i.service
After=microvm-set-booted@%i.service microvm-tap-interfaces@%i.service microvm-macvtap-interfaces@%i.service microvm-pci-devices@%i.service microvm-virtiofsd@%i.service
X-RestartIfChanged=false
[Service]
User=microvm
Group=kvm
Type=notify
NotifyAccess=all
ExecStart=/bin/bash -c 'systemd-notify --ready; exec sleep infinity'
ExecStop=/bin/bash -c 'sleep 0.1; echo %i >> /run/shut-down'
Restart=always
RestartSec=1s
TimeoutStopSec=20s
`,
};

/** The units of one VM. */
export function unitsOf(name: string): readonly string[] {
  return Object.keys(TEMPLATES).map((template) => template.replace("@.", `@${name}.`));
}

export const TARGET = (names: readonly string[]) => `[Unit]
Description=all MicroVMs
Wants=${names.map((name) => `install-microvm-${name}.service microvm@${name}.service`).join(" ")}
`;

export const INSTALL = (name: string) => `[Unit]
Description=Install MicroVM ${name}
Before=${unitsOf(name).join(" ")}
[Service]
Type=oneshot
ExecStart=/bin/mkdir -p /var/lib/microvms/${name}
ExecStart=/bin/ln -sfn /nix/store/x-guest /var/lib/microvms/${name}/toplevel
`;
