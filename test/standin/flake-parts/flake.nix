# A stand-in for flake-parts, for the tests of microvm-sweep alone: see README.md. It is not flake-parts.
{
  description = "Stand-in for flake-parts in the tests of microvm-sweep";

  inputs.nixpkgs-lib.url = "github:nix-community/nixpkgs.lib";

  outputs =
    { nixpkgs-lib, ... }:
    let
      inherit (nixpkgs-lib) lib;
      # What a user's module may set: outputs of the flake, the systems, and a function of one system.
      core = {
        options = {
          systems = lib.mkOption { type = lib.types.listOf lib.types.str; };
          flake = lib.mkOption {
            type = lib.types.lazyAttrsOf lib.types.raw;
            default = { };
          };
          perSystem = lib.mkOption { type = lib.types.deferredModule; };
        };
      };
      outputs = lib.mkOption {
        type = lib.types.lazyAttrsOf lib.types.raw;
        default = { };
      };
      perSystem.options = {
        apps = outputs;
        checks = outputs;
      };
    in
    {
      lib.mkFlake =
        { inputs }:
        module:
        let
          inherit (inputs) self;
          inherit
            (lib.evalModules {
              modules = [
                core
                module
              ];
              specialArgs = { inherit inputs self; };
            })
            config
            ;
          ofSystem =
            system:
            (lib.evalModules {
              modules = [
                perSystem
                config.perSystem
              ];
              specialArgs = {
                inherit system;
                pkgs = inputs.nixpkgs.legacyPackages.${system};
              };
            }).config;
        in
        config.flake
        // lib.genAttrs [ "apps" "checks" ] (
          name: lib.genAttrs config.systems (system: (ofSystem system).${name})
        );
    };
}
