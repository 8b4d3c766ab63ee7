# The host module: the options of the real one as far as the sweep and its extractor meet them, and the
# install unit of each MicroVM. A guest throws where it is looked at.
{
  config,
  lib,
  ...
}:
let
  inherit (lib) mkOption types;
  cfg = config.microvm;

  option =
    type: default:
    mkOption {
      inherit type default;
      description = "As in microvm.nix.";
    };

  vm =
    { config, name, ... }:
    {
      options = {
        # The real one evaluates the guest as a NixOS of its own.
        config = option (types.nullOr (
          lib.mkOptionType {
            name = "Toplevel NixOS config";
            merge = _: _: throw "the guest ${name} was evaluated";
          }
        )) null;
        evaluatedConfig = option (types.nullOr types.unspecified) null;
        nixpkgs = option types.path (throw "the nixpkgs of the guest ${name} was forced");
        pkgs = option (types.nullOr types.unspecified) (
          throw "the packages of the guest ${name} were forced"
        );
        specialArgs = option (types.attrsOf types.unspecified) { };
        extraModules = option (types.listOf types.deferredModule) [ ];
        flake = option (types.nullOr types.path) null;
        updateFlake = option (types.nullOr types.str) null;
        autostart = option types.bool true;
        # Depends on the guest, as in the real one.
        restartIfChanged = option types.bool (config.config != null);
      };
    };
in
{
  options.microvm = {
    host = {
      enable = option types.bool true;
      startupTimeout = option types.ints.positive 150;
      useNotifySockets = option types.bool false;
    };
    vms = option (types.attrsOf (types.submodule vm)) { };
    stateDir = option types.path "/var/lib/microvms";
    autostart = option (types.listOf types.str) [ ];
  };

  config = lib.mkIf cfg.host.enable {
    microvm.autostart = builtins.filter (name: cfg.vms.${name}.autostart) (builtins.attrNames cfg.vms);

    systemd.services = lib.mkMerge [
      (lib.mapAttrs' (
        name: _:
        lib.nameValuePair "install-microvm-${name}" {
          description = "Install MicroVM '${name}'";
          wantedBy = [ "microvms.target" ];
          serviceConfig.Type = "oneshot";
          script = "mkdir -p ${cfg.stateDir}/${name}";
        }
      ) cfg.vms)
      (lib.genAttrs
        [
          "microvm@"
          "microvm-tap-interfaces@"
          "microvm-macvtap-interfaces@"
          "microvm-pci-devices@"
          "microvm-virtiofsd@"
          "microvm-set-booted@"
        ]
        (_: {
          description = "MicroVM '%i'";
          unitConfig.ConditionPathExists = "${toString cfg.stateDir}/%i";
        })
      )
    ];
    systemd.targets.microvms = {
      description = "MicroVM autostart";
      wants = map (name: "microvm@${name}.service") cfg.autostart;
      wantedBy = [ "multi-user.target" ];
    };
  };
}
