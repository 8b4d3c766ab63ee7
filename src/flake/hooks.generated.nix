# Generated from templates/page.hbs by src/codegen: do not edit, run "npm run codegen".
# The hooks of the live module: the page of a host, where the configuration itself is the data.
{
  backend,
  config,
  hasLimit,
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
  program = ../../templates/microvm-sweep;
  ownUsers = config.services.userborn.enable or false || config.systemd.sysusers.enable or false;
  runsActivation = options.system ? activationScripts && config.system.activatable or true;
  activation = if backend == "auto" then runsActivation else backend == "activation";
  arguments = lib.escapeShellArgs (settings ++ declared);
  sweep-microvms = pkgs.writeScriptBin "sweep-microvms" ''
    #!${pkgs.runtimeShell} -p
    case "''${1-}" in activate | run) part=act ;; check) part=check ;; archive | delete) part=state ;; *) part=show ;; esac
    path=${pkgs.coreutils}/bin:${pkgs.findutils}/bin:${pkgs.util-linux}/bin:${config.systemd.package}/bin
    exec ${pkgs.coreutils}/bin/env -i PATH="$path" ${pkgs.runtimeShell} --norc ${program}/$part.bash --release=0.3.0 \
      --backend=${if activation then "activation" else "service"} ${arguments} -- "$@"
  '';
in
{
  services.microvm-sweep.program = sweep-microvms;
  assertions = lib.singleton {
    assertion = activation -> runsActivation;
    message = "services.microvm-sweep.backend is activation: this host runs no activation scripts";
  };
  environment.systemPackages = [ sweep-microvms ];
  system = lib.mkMerge [
    (lib.optionalAttrs (options.system ? preSwitchChecks) {
      preSwitchChecks.microvm-sweep = lib.mkIf hasLimit ''${lib.getExe sweep-microvms} check "''${1-}" "''${2-}"'';
    })
    (lib.optionalAttrs (options.system ? activationScripts) {
      activationScripts = lib.mkIf activation {
        microvm-sweep.deps = [ "specialfs" ];
        microvm-sweep.supportsDryActivation = true;
        microvm-sweep.text = ''${lib.getExe sweep-microvms} activate "$systemConfig" "''${NIXOS_ACTION-}"'';
        # A MicroVM shuts down as its user: stop it before users are removed, where this snippet does that.
        users = lib.mkIf (options ? users.mutableUsers && !ownUsers) { deps = [ "microvm-sweep" ]; };
      };
    })
  ];
  systemd.services.microvm-sweep = lib.mkIf (!activation) {
    description = "Sweep up after removed MicroVMs";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.Type = "oneshot";
    script = "${lib.getExe sweep-microvms} activate /run/current-system ''";
  };
}
