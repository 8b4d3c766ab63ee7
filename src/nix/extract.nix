# How one NixOS configuration uses microvm.nix: a host of a usage document. `src/usage/model.ts` says
# what each value means and what reads it.
#
# It forces names of options and small values: no guest, no derivation, and no `tryEval`, which would
# hide an error of the configuration. It needs Nix 2.8.
member:
let
  inherit (member) config options;

  # A path becomes its text and is not copied to the store. The result has no string context, so that
  # nothing is built.
  text = value: builtins.unsafeDiscardStringContext (toString value);
  textOrNull = value: if value == null then null else text value;
  sortedTexts = values: builtins.attrNames (builtins.groupBy text values);

  # A host module of 2022 has no `host.enable`, and a module of somebody else that has the name may have
  # anything: then nothing is known of its MicroVMs.
  isImported = options ? microvm.host.enable || options ? microvm.vms;
  isKnown = options ? microvm.host.enable && isVms (config.microvm.vms or { });
  isVms = vms: builtins.isAttrs vms && builtins.all isVm (builtins.attrValues vms);
  isVm = vm: vm ? flake && vm ? autostart && vm ? updateFlake;

  hostModule =
    if !isImported then
      "absent"
    else if !isKnown then
      "unknown"
    else if config.microvm.host.enable then
      "enabled"
    else
      "disabled";

  microvm = if isImported && isKnown then config.microvm else { };
  stateDir = microvm.stateDir or "/var/lib/microvms";
  autostart = microvm.autostart or [ ];
  vms = microvm.vms or { };

  # The guest module of microvm.nix before 0.4 cannot be switched off.
  isGuest = config.microvm.guest.enable or (options ? microvm.hypervisor);
  declaresVms = hostModule == "enabled" && (vms != { } || autostart != [ ]);
in
{
  # The packages of the configuration are evaluated only where nothing else says the platform.
  system =
    if options.nixpkgs.hostPlatform.isDefined or false then
      config.nixpkgs.hostPlatform.system
    else
      member.pkgs.stdenv.hostPlatform.system;

  nixosRelease = text config.system.nixos.release;

  # A MicroVM that runs MicroVMs is a host.
  role = if isGuest && !declaresVms then "guest" else "host";

  inherit hostModule;
  stateDir = text stateDir;
  autostart = sortedTexts autostart;

  activationScripts = options ? system.activationScripts && (config.system.activatable or true);

  etcOverlay =
    if !(config.system.etc.overlay.enable or false) then
      "none"
    else if config.system.etc.overlay.mutable then
      "mutable"
    else
      "immutable";

  # The options `config` and `evaluatedConfig` of a MicroVM would evaluate the guest.
  vms = builtins.mapAttrs (_: vm: {
    kind = if vm.flake != null then "flake" else "config";
    inherit (vm) autostart;
    updateFlake = textOrNull vm.updateFlake;
  }) vms;
}
