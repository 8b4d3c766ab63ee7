/** The templates of microvm.nix's host module that a guest needs (its `nixos-modules/host/default.nix`). */
const STATE = "/var/lib/microvms/%i";

const helper = (condition: string, service: string) => `[Unit]
Before=microvm@%i.service
PartOf=microvm@%i.service
After=microvm-set-booted@%i.service
${condition === "" ? "" : `ConditionPathExists=${STATE}/current/bin/${condition}`}
X-RestartIfChanged=false
[Service]
Type=oneshot
RemainAfterExit=true
${service}
`;

export const HOST_MODULE: Readonly<Record<string, string>> = {
  "microvm-set-booted@.service": helper(
    "",
    `WorkingDirectory=${STATE}
User=microvm
Group=kvm
ExecStart=/bin/bash -c 'rm -f booted; ln -s "$(readlink current)" booted'
ExecStop=/bin/rm booted`,
  ).replace("After=microvm-set-booted@%i.service\n", ""),
  "microvm-tap-interfaces@.service": helper(
    "tap-up",
    `ExecStart=${STATE}/current/bin/tap-up\nExecStop=${STATE}/booted/bin/tap-down`,
  ),
  "microvm-macvtap-interfaces@.service": helper("macvtap-up", "ExecStart=/bin/false"),
  "microvm-pci-devices@.service": helper("pci-setup", "ExecStart=/bin/false"),
  "microvm-virtiofsd@.service": helper("virtiofsd-run", "ExecStart=/bin/false"),
  // ExecStopPost is not microvm.nix's: it writes down how the main process ended (systemd.exec(5)).
  "microvm@.service": `[Unit]
Requires=microvm-tap-interfaces@%i.service microvm-macvtap-interfaces@%i.service microvm-pci-devices@%i.service microvm-virtiofsd@%i.service microvm-set-booted@%i.service
After=microvm-tap-interfaces@%i.service microvm-macvtap-interfaces@%i.service microvm-pci-devices@%i.service microvm-virtiofsd@%i.service microvm-set-booted@%i.service
ConditionPathExists=${STATE}/current/bin/microvm-run
X-RestartIfChanged=false
[Service]
Type=simple
WorkingDirectory=${STATE}
ExecStart=${STATE}/current/bin/microvm-run
ExecStop=${STATE}/booted/bin/microvm-shutdown
ExecStopPost=+/bin/bash -c 'echo "$SERVICE_RESULT $EXIT_CODE $EXIT_STATUS" > /run/ended-%i'
TimeoutSec=150
Restart=always
RestartSec=5s
User=microvm
Group=kvm
`,
};
