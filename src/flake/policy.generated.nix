# Generated from src/policy/policy.ts by src/codegen: do not edit, run "npm run codegen".
{ lib }:
let
  inherit (lib) mkOption types;
in
{
  options = {
    orphans = mkOption {
      type = types.enum [
        "stop"
        "stop-all"
        "report"
      ];
      default = "stop";
      description = ''
        MicroVMs that the configuration no longer declares and that still run:

        - `stop`: stop the MicroVMs that this switch removes
        - `stop-all`: also stop those that an older generation declared
        - `report`: stop none: name them and leave their files
      '';
    };
    unitFiles = mkOption {
      type = types.enum [
        "remove"
        "report"
      ];
      default = "remove";
      description = ''
        Stale unit files of microvm.nix:

        - `remove`: remove them; what somebody wrote outside of /run moves to /var/lib/microvm-sweep/removed/TIME
        - `report`: name them and leave them
      '';
    };
    keep = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Names of MicroVMs that the sweep never touches.";
    };
    limit = mkOption {
      type = types.nullOr types.ints.unsigned;
      default = null;
      description = "Largest number of MicroVMs that a switch may stop; one that would stop more is refused.";
    };
    backend = mkOption {
      type = types.enum [
        "auto"
        "activation"
        "service"
      ];
      default = "auto";
      description = ''
        What starts the sweep on the host:

        - `auto`: an activation script where NixOS runs them, otherwise a service
        - `activation`: an activation script
        - `service`: a systemd service that runs at every switch and at boot; it stops no MicroVM
      '';
    };
  };

  # The flag of the program for each setting.
  flags = {
    orphans = "orphans";
    unitFiles = "unit-files";
    keep = "keep";
    limit = "limit";
  };

  # Options of older releases, and what takes their place.
  removed = {
    state = "a switch leaves state directories alone; on the host: sweep-microvms archive NAME, or sweep-microvms delete NAME.";
    stateDelete = "a switch leaves state directories alone; on the host: sweep-microvms delete NAME.";
    gcroots = "a switch leaves garbage collection roots alone; on the host, sweep-microvms archive NAME and delete NAME remove those of the MicroVM.";
    unitDirs = "the sweep looks into the unit directories of systemd and into no other.";
    archiveDir = "on the host: sweep-microvms archive NAME --to DIRECTORY.";
  };
}
