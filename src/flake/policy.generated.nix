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
        "delete"
        "quarantine"
        "report"
      ];
      default = "delete";
      description = ''
        Stale unit files of microvm.nix:

        - `delete`: delete them
        - `quarantine`: move them to /var/lib/microvm-sweep/quarantine/TIME, under their original path
        - `report`: name them and leave them
      '';
    };
    state = mkOption {
      type = types.enum [
        "keep"
        "archive"
        "delete"
      ];
      default = "keep";
      description = ''
        State directories of removed MicroVMs:

        - `keep`: leave them where they are
        - `archive`: move those of removed MicroVMs to the archive
        - `delete`: delete those of removed MicroVMs that are named for it, and no other
      '';
    };
    gcroots = mkOption {
      type = types.enum [
        "prune"
        "keep"
      ];
      default = "prune";
      description = ''
        Garbage collection roots of microvm.nix:

        - `prune`: remove those of removed MicroVMs that lead nowhere
        - `keep`: leave them
      '';
    };
    keep = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Names of MicroVMs that the sweep never touches.";
    };
    stateDelete = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Names of MicroVMs whose state directory is deleted when they are removed.";
    };
    unitDirs = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Directories to search for unit files, besides those of systemd.";
    };
    archiveDir = mkOption {
      type = types.str;
      default = "/var/lib/microvm-sweep/archive";
      description = "Directory that archived state directories are moved to.";
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
        - `service`: a systemd service that runs at every switch and at boot
      '';
    };
  };

  # The flag of the program for each setting.
  flags = {
    orphans = "orphans";
    unitFiles = "unit-files";
    state = "state";
    gcroots = "gcroots";
    keep = "keep";
    stateDelete = "state-delete";
    unitDirs = "unit-dir";
    archiveDir = "archive-dir";
    limit = "limit";
  };
}
