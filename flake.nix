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
        default = pkgs.callPackage ./src/nix/package.nix { };
      });
      overlays.default = final: _: { microvm-sweep = final.callPackage ./src/nix/package.nix { }; };
      apps = forAllSystems (import ./src/nix/apps.nix self);

      nixosModules.default = import ./src/nix/module.nix self;
      lib.check = import ./src/nix/check.nix self;
      templates.default = {
        path = ./examples/live;
        description = "A host of microvm.nix that sweeps up after removed MicroVMs";
      };

      checks = forAllSystems (import ./src/nix/checks.nix self);
      devShells = forAllSystems (pkgs: {
        default = pkgs.callPackage ./src/nix/shell.nix { };
      });
      formatter = forAllSystems (pkgs: pkgs.nixfmt-tree);
    };
}
