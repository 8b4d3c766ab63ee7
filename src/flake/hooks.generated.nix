# Generated from templates/page.hbs by src/codegen: do not edit, run "npm run codegen".
# The hooks of the live module: the page of a host, where the configuration itself is the data.
{
  backend,
  config,
  lib,
  options,
  pkgs,
  settings,
}:

let
  # What the configuration declares: no MicroVM where the host module is absent or disabled.
  microvm = lib.optionalAttrs (config.microvm.host.enable or false) config.microvm;
  vms = lib.attrNames (microvm.vms or { });
  imperative = lib.subtractLists vms (lib.unique (lib.sort lib.lessThan (microvm.autostart or [ ])));
  stateDir = toString (config.microvm.stateDir or "/var/lib/microvms");
  words = key: map (value: "--${key}=${value}");
  declared = words "vm" vms ++ words "autostart" imperative ++ [ "--state-dir=${stateDir}" ];

  # A file system that is not mounted may hide MicroVMs.
  fileSystems = lib.filter (path: builtins.match "/.+" path != null) (
    lib.catAttrs "mountPoint" (lib.attrValues config.fileSystems)
    ++ lib.catAttrs "where" config.systemd.mounts
  );
  runsActivation = options.system ? activationScripts && config.system.activatable or true;
  activation = if backend == "auto" then runsActivation else backend == "activation";
  program = ../../templates/microvm-sweep.bash;
  units = lib.splitString " " "install-microvm- microvm@ microvm-tap-interfaces@ microvm-macvtap-interfaces@ microvm-pci-devices@ microvm-virtiofsd@ microvm-set-booted@";
  sweep-microvms = pkgs.writeScriptBin "sweep-microvms" ''
    #!${pkgs.runtimeShell} -p
    path=${pkgs.coreutils}/bin:${pkgs.findutils}/bin:${pkgs.util-linux}/bin:${config.systemd.package}/bin
    exec ${pkgs.coreutils}/bin/env -i PATH="$path" ${pkgs.runtimeShell} ${program} \
      --release=0.2.0 --backend=${if activation then "activation" else "service"} \
      ${lib.escapeShellArgs (settings ++ declared ++ words "file-system" fileSystems)} -- "$@"
  '';
in
{
  services.microvm-sweep.program = sweep-microvms;
  assertions = lib.singleton {
    assertion = activation -> runsActivation;
    message = "services.microvm-sweep.backend is activation: this host runs no activation scripts";
  };
  environment.systemPackages = [ sweep-microvms ];
  system =
    lib.optionalAttrs (options.system ? preSwitchChecks) {
      preSwitchChecks.microvm-sweep = ''${lib.getExe sweep-microvms} check "''${1-}" "''${2-}"'';
    }
    // lib.optionalAttrs (options.system ? activationScripts) {
      activationScripts.microvm-sweep = lib.mkIf activation {
        deps = [ "etc" ];
        supportsDryActivation = true;
        text = ''${lib.getExe sweep-microvms} activate "$systemConfig" "''${NIXOS_ACTION-}"'';
      };
    };
  systemd.services.microvm-sweep = lib.mkIf (!activation) {
    description = "Sweep up after removed MicroVMs";
    wantedBy = [ "multi-user.target" ];
    before = lib.concatMap (name: map (unit: "${unit}${name}.service") units) (vms ++ imperative);
    serviceConfig.Type = "oneshot";
    script = "${lib.getExe sweep-microvms} activate /run/current-system ''";
  };
}
