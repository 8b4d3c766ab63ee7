# Generated from src/usage/model.ts by src/codegen: do not edit, run "npm run codegen".
member:
let
  inherit (member) config options;

  # A path becomes its text and is not copied to the store. The result has no string context, so
  # that nothing is built.
  text = value: builtins.unsafeDiscardStringContext (toString value);
  textOrNull = value: if value == null then null else text value;
  # Sorts texts and removes duplicates.
  sortedText = values: builtins.attrNames (builtins.groupBy text values);
in
{
  # Platform that the host runs on, as Nix names it.
  system =
    if options.nixpkgs.hostPlatform.isDefined or false then
      config.nixpkgs.hostPlatform.system
    else
      member.pkgs.stdenv.hostPlatform.system;

  # Release of NixOS that the configuration is built from: year and month.
  nixosRelease = text config.system.nixos.release;

  # Whether the configuration is itself a MicroVM.
  role = if config.microvm.guest.enable or (options ? microvm.hypervisor) then "guest" else "host";

  # State of the host module of microvm.nix: not imported, imported with
  # `microvm.host.enable = false`, or in use.
  hostModule =
    if !(options ? microvm.host.enable) then
      "absent"
    else if config.microvm.host.enable then
      "enabled"
    else
      "disabled";

  # Directory that holds one state directory for each MicroVM.
  stateDir = text (config.microvm.stateDir or "/var/lib/microvms");

  # Names of the MicroVMs that start at boot, sorted.
  autostart = sortedText (config.microvm.autostart or [ ]);

  # Whether this NixOS has activation scripts and runs them.
  activationScripts = options ? system.activationScripts && (config.system.activatable or true);

  # How `/etc` is made: `none` where it is not an overlay, otherwise whether the overlay can
  # be written to.
  etcOverlay =
    if !(config.system.etc.overlay.enable or false) then
      "none"
    else if config.system.etc.overlay.mutable then
      "mutable"
    else
      "immutable";

  # The MicroVMs that the host declares, by name.
  vms = builtins.mapAttrs (_: vm: {
    # Where the system of the MicroVM comes from: `flake` where its option `flake` is set,
    # otherwise `config`.
    kind = if vm.flake != null then "flake" else "config";

    # Whether the MicroVM starts at boot.
    autostart = vm.autostart;

    # Flake reference that a later `microvm -u` on the host builds from.
    updateFlake = textOrNull vm.updateFlake;
  }) (config.microvm.vms or { });
}
