# Options of the live module. All but the first two and the last are the policy that `gen --config` reads.
{
  lib,
  pkgs,
  self,
}:

let
  inherit (lib) mkOption types;
  inherit (pkgs.stdenv) buildPlatform;

  choice =
    values: description:
    mkOption {
      type = types.enum values;
      default = lib.head values;
      example = lib.last values;
      inherit description;
    };
  names =
    example: description:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      inherit example description;
    };
in
{
  enable = mkOption {
    type = types.bool;
    default = true;
    example = false;
    description = ''
      Whether to remove at each switch what removed MicroVMs leave behind. To import the module is
      to want it, so this is on.
    '';
  };

  package = mkOption {
    type = types.package;
    # The script is compiled where the configuration is built.
    default =
      self.packages.${buildPlatform.system}.default or (pkgs.buildPackages.callPackage ./package.nix { });
    defaultText = lib.literalMD "`packages.<system>.default` of the flake microvm-sweep";
    example = lib.literalExpression "pkgs.microvm-sweep";
    description = "The compiler. It runs where the configuration is built, never on the host.";
  };

  backend =
    choice
      [
        "auto"
        "activation"
        "service"
      ]
      ''
        What runs the script: an activation script or a oneshot systemd service. `auto` takes the
        service where NixOS deprecates activation scripts (26.11 and later), has none, or does not
        run them. A dry activation shows nothing of a service.
      '';

  orphans =
    choice
      [
        "stop"
        "stop-all"
        "report"
      ]
      ''
        What happens to a running MicroVM that is not declared any more. `stop` stops those that this
        switch removes and reports those that only an older generation declared, `stop-all` stops
        these too, `report` stops none. A MicroVM that no generation declared is never stopped.
      '';

  unitFiles =
    choice
      [
        "delete"
        "quarantine"
        "report"
      ]
      "Whether stale unit files are deleted, moved to `/var/lib/microvm-sweep/quarantine`, or reported.";

  state =
    choice
      [
        "keep"
        "archive"
        "delete"
      ]
      ''
        What happens to the state directory of a MicroVM that is gone, its disks among it. `archive`
        moves it to `/var/lib/microvm-sweep/archive`, `delete` deletes those that
        {option}`services.microvm-sweep.stateDelete` names.
      '';

  gcroots = choice [
    "prune"
    "keep"
  ] "Whether garbage collection roots of MicroVMs that are gone are removed where they dangle.";

  keep = names [ "lab" ] "Names of MicroVMs that are left alone, whatever once declared them.";

  stateDelete = names [
    "old-web"
  ] "Names of MicroVMs whose state directories are deleted. It needs `state = \"delete\"`.";

  unitDirs = names [
    "/etc/systemd/system.local"
  ] "Unit directories to look into beside those that systemd has.";

  script = mkOption {
    type = types.package;
    readOnly = true;
    defaultText = lib.literalMD "compiled from the configuration";
    description = ''
      The Bash script that a switch runs, for reading:
      `nix build .#nixosConfigurations.NAME.config.services.microvm-sweep.script`.
    '';
  };
}
