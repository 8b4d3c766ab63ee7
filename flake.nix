{
  description = "Removes what removed MicroVMs leave behind on a host of microvm.nix";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      forAllSystems = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in
    {
      packages = forAllSystems (pkgs: {
        default = pkgs.callPackage ./src/flake/package.nix { };
      });
      overlays.default = final: _: { microvm-sweep = final.callPackage ./src/flake/package.nix { }; };
      apps = forAllSystems (import ./src/flake/apps.nix self);

      nixosModules.default.imports = [ ./src/flake/module.nix ];
      flakeModules.default.imports = [ (import ./src/flake/flakeModule.nix self) ];
      lib = {
        check = import ./src/flake/check.nix self;
        apps = pages: (import ./src/flake/pages.nix self pages).apps;
        checks = pages: (import ./src/flake/pages.nix self pages).checks;
      };
      templates.default = {
        path = ./examples/live;
        description = "A host of microvm.nix that sweeps up after removed MicroVMs";
      };

      checks = forAllSystems (import ./src/flake/checks.nix self);
      devShells = forAllSystems (pkgs: {
        # What work on microvm-sweep needs; `npm ci` brings the rest.
        default = pkgs.mkShellNoCC {
          packages = [
            pkgs.deadnix
            pkgs.nixfmt
            pkgs.nodejs
            pkgs.shellcheck
          ];
        };
      });
      formatter = forAllSystems (pkgs: pkgs.nixfmt-tree);
    };
}
