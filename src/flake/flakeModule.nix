# `flakeModules.default` for flake-parts: for each host with a page a check `microvm-sweep-HOST`, which fails with a
# diff where the page, or the program beside it, is out of date.
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

  # The page of each host: what the index of `gen --all` lists, or else the files with the names of hosts.
  hasFile = name: builtins.pathExists (cfg.dir + "/${name}.nix");
  pages =
    if !builtins.pathExists cfg.dir then
      throw "microvm-sweep: the directory ${toString cfg.dir} does not exist. Generate the pages, and run git add on it"
    else if builtins.pathExists (cfg.dir + "/default.nix") then
      import cfg.dir
    else
      lib.genAttrs (lib.filter hasFile (lib.attrNames self.nixosConfigurations)) (
        name: cfg.dir + "/${name}.nix"
      );
  hosts = if cfg.hosts == null then lib.attrNames pages else cfg.hosts;
  pageOf =
    name:
    pages.${name}
      or (throw "microvm-sweep: the host ${name} has no page in ${toString cfg.dir}. Generate it, and run git add on it");
in
{
  options.microvm-sweep = {
    dir = mkOption {
      type = types.nullOr types.path;
      default = null;
      description = "Directory of the pages, as `microvm-sweep gen --all --out-dir` writes it. Without it there are no checks.";
    };
    hosts = mkOption {
      type = types.nullOr (types.listOf types.str);
      default = null;
      description = "Names of the hosts to check. The default is each host with a page.";
    };
    policy = mkOption {
      type = types.attrs;
      default = { };
      description = "Policy that the pages were generated with, with the keys of a policy file.";
    };
  };

  config.perSystem =
    { pkgs, system, ... }:
    {
      checks = lib.optionalAttrs (cfg.dir != null && sweep.packages ? ${system}) (
        builtins.listToAttrs (
          map (name: {
            name = "microvm-sweep-${name}";
            value = sweep.lib.check {
              inherit pkgs;
              inherit (cfg) policy;
              inherit (self) nixosConfigurations;
              host = name;
              file = pageOf name;
            };
          }) hosts
        )
      );
    };
}
