# The live module: the configuration that imports it is its data. It starts the same program with the same
# hooks as a page (hooks.generated.nix), and nothing of it is compiled.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:

let
  cfg = config.services.microvm-sweep;
  policy = import ./policy.generated.nix { inherit lib; };

  # The arguments of the program for a setting, none where it has its default.
  argument =
    key: flag:
    if lib.isList cfg.${key} then
      map (value: "--${flag}=${value}") (lib.unique (lib.sort lib.lessThan cfg.${key}))
    else
      lib.optional (cfg.${key} != policy.options.${key}.default) "--${flag}=${toString cfg.${key}}";
  settings = [
    "--host=${if config.networking.hostName == "" then "host" else config.networking.hostName}"
  ]
  ++ lib.concatLists (lib.mapAttrsToList argument policy.flags);

  # A guest that runs no MicroVMs has nothing to sweep: all configurations may share a module that imports
  # this one.
  isGuest = config.microvm.guest.enable or (options ? microvm.hypervisor);
  active = cfg.enable && (!isGuest || options ? microvm.host.enable);
in
{
  imports = lib.mapAttrsToList (
    name:
    lib.mkRemovedOptionModule [
      "services"
      "microvm-sweep"
      name
    ]
  ) policy.removed;

  options.services.microvm-sweep = policy.options // {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = true;
      example = false;
      description = ''
        Whether a switch removes what removed MicroVMs leave behind. It is on where the module is imported.
      '';
    };
    program = lib.mkOption {
      type = lib.types.package;
      readOnly = true;
      description = "The command `sweep-microvms` of this host.";
    };
  };

  config = lib.mkIf active (
    lib.mkMerge [
      (import ./hooks.generated.nix {
        inherit
          config
          lib
          options
          pkgs
          settings
          ;
        inherit (cfg) backend;
        hasLimit = cfg.limit != null;
      })
      (import ./diagnostics.nix { inherit config lib options; })
      {
        # The manual page, and completion for each shell. A page does without: they would be files to review.
        environment.systemPackages = lib.singleton (
          pkgs.runCommandLocal "sweep-microvms-share" { } ''
            mkdir "$out"
            cp -R ${../../share/sweep-microvms} "$out/share"
          ''
        );
      }
    ]
  );
}
