# Parts of NixOS that configurations set and that nothing here looks into.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  loose = mkOption {
    type = types.lazyAttrsOf types.anything;
    default = { };
    description = "Not looked into.";
  };
  flag =
    default: description:
    mkOption {
      type = types.bool;
      inherit default description;
    };
  # The same with one list that several modules add to.
  looseWith =
    list:
    mkOption {
      type = types.submodule {
        freeformType = types.lazyAttrsOf types.anything;
        options.${list} = mkOption {
          type = types.listOf types.raw;
          default = [ ];
          description = "Not looked into.";
        };
      };
      default = { };
      description = "Not looked into.";
    };
in
{
  options = {
    boot = looseWith "kernelModules";
    environment = looseWith "systemPackages";
    fileSystems = mkOption {
      type = types.attrsOf (
        types.submodule (
          { name, ... }:
          {
            freeformType = types.lazyAttrsOf types.anything;
            options.mountPoint = mkOption {
              type = types.str;
              default = name;
              description = "Where it is mounted.";
            };
          }
        )
      );
      default = { };
      description = "Only the mount points are looked at.";
    };
    networking = mkOption {
      type = types.submodule {
        freeformType = types.lazyAttrsOf types.anything;
        options.hostName = mkOption {
          type = types.str;
          default = "nixos";
          description = "Name of the host.";
        };
      };
      default = { };
      description = "Only the host's name is looked at.";
    };
    hardware = loose;
    nix = loose;
    programs = loose;
    security = loose;
    time = loose;
    users = {
      users = loose;
      groups = loose;
      mutableUsers = flag true "Whether users may be changed on the host.";
    };
    virtualisation = loose;
    # Real NixOS knows many; a service that is not declared is an error here as there.
    services.openssh = loose;
    services.userborn.enable = flag false "Whether userborn manages users.";
    systemd.sysusers.enable = flag false "Whether systemd-sysusers manages users.";

    system = {
      stateVersion = mkOption {
        type = types.str;
        default = config.system.nixos.release;
        description = "Release that the host was installed with.";
      };
      nixos.release = mkOption {
        type = types.str;
        readOnly = true;
        default = lib.trivial.release;
        description = "Release of NixOS.";
      };
      etc.overlay = {
        enable = mkOption {
          type = types.bool;
          default = false;
          description = "Whether /etc is an overlay.";
        };
        mutable = mkOption {
          type = types.bool;
          default = true;
          description = "Whether that overlay can be written to.";
        };
      };
    };
  };
}
