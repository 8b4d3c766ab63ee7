# `flakeModules.default` for flake-parts: an app `gen` that writes the page of each host, and for each host with a page a
# check `microvm-sweep-HOST`, which fails with a diff where the page, or the program beside it, is out of date.
sweep:
{
  config,
  lib,
  self,
  ...
}:

let
  inherit (lib) mkOption types;
  cfg = config.microvm-sweep;
in
{
  options.microvm-sweep = {
    dir = mkOption {
      type = types.nullOr types.path;
      default = null;
      description = "Directory of the pages, which the app `gen` writes. Without it there are no app and no checks.";
    };
    hosts = mkOption {
      type = types.nullOr (types.listOf types.str);
      default = null;
      description = "Names of the hosts to check. The default is each host with a page.";
    };
    policy = mkOption {
      type = types.attrs;
      default = { };
      description = "Policy of the pages, with the keys of a policy file.";
    };
    command = mkOption {
      type = types.str;
      default = "nix run .#gen";
      description = "What a reader types to make the pages again: messages name it.";
    };
  };

  config.perSystem =
    { pkgs, system, ... }:
    let
      pages = import ./pages.nix sweep {
        inherit self pkgs;
        inherit (cfg)
          dir
          policy
          hosts
          command
          ;
      };
    in
    lib.optionalAttrs (cfg.dir != null && sweep.packages ? ${system}) {
      inherit (pages) checks;
      # flake-parts has no `meta` of an app before 2025.
      apps = builtins.mapAttrs (_: app: removeAttrs app [ "meta" ]) pages.apps;
    };
}
