{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;

  option =
    type: default:
    mkOption {
      inherit type default;
      description = "As in NixOS.";
    };
  names = option (types.listOf types.str) [ ];
  settings = option (types.attrsOf types.unspecified) { };

  common = {
    enable = option types.bool true;
    description = option types.str "";
    unitConfig = settings;
    after = names;
    before = names;
    bindsTo = names;
    conflicts = names;
    partOf = names;
    requires = names;
    wants = names;
    requiredBy = names;
    wantedBy = names;
    aliases = names;
    overrideStrategy = option types.str "asDropinIfExists";
  };
  service = {
    environment = option (types.attrsOf (types.nullOr types.str)) { };
    path = option (types.listOf types.raw) [ ];
    preStart = option types.lines "";
    script = option types.lines "";
    postStart = option types.lines "";
    serviceConfig = settings;
    restartIfChanged = option types.bool true;
    reloadIfChanged = option types.bool false;
    stopIfChanged = option types.bool true;
    restartTriggers = option (types.listOf types.unspecified) [ ];
  };
  # By file name.
  unitsOf =
    suffix: set:
    lib.mapAttrs' (
      name: unit:
      lib.nameValuePair "${name}.${suffix}" {
        inherit (unit) wantedBy;
        text = import ./unit-text.nix { inherit lib pkgs; } name unit;
      }
    ) (lib.filterAttrs (_: unit: unit.enable) set);
  units = unitsOf "service" config.systemd.services // unitsOf "target" config.systemd.targets;
in
{
  options.systemd = {
    package = mkOption {
      type = types.package;
      # Not a path of the store: the host of a test has its own systemd.
      default = {
        type = "derivation";
        name = "systemd";
        outPath = "/run/current-system/sw";
      };
      description = "The systemd of the host.";
    };
    services = mkOption {
      type = types.attrsOf (types.submodule { options = common // service; });
      default = { };
      description = "Services.";
    };
    targets = mkOption {
      type = types.attrsOf (types.submodule { options = common; });
      default = { };
      description = "Targets.";
    };
    mounts = option (types.listOf types.raw) [ ];
    tmpfiles = option (types.attrsOf types.anything) { };
  };

  config.system.build = {
    units = builtins.mapAttrs (_: unit: unit.text) units;
    # Links in `.wants` directories: what a unit's `wantedBy` comes to.
    unitLinks = lib.concatLists (
      lib.mapAttrsToList (file: unit: map (target: "${target}.wants/${file}") unit.wantedBy) units
    );
  };
}
