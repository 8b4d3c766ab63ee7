{
  description = "A host whose generated module nix flake check compares";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    microvm = {
      url = "github:microvm-nix/microvm.nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    microvm-sweep = {
      url = "github:microvm-sweep/microvm-sweep";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      microvm,
      microvm-sweep,
    }:
    let
      system = "x86_64-linux";
    in
    {
      nixosConfigurations.hyp-01 = nixpkgs.lib.nixosSystem {
        modules = [
          microvm.nixosModules.host
          ./configuration.nix
        ];
      };

      # Fails with a diff where microvm-sweep.nix is out of date.
      checks.${system}.microvm-sweep = microvm-sweep.lib.check {
        pkgs = nixpkgs.legacyPackages.${system};
        inherit (self) nixosConfigurations;
        host = "hyp-01";
        file = ./microvm-sweep.nix;
      };

      # nix run .#gen -- --flake . --host hyp-01 --out microvm-sweep.nix
      apps.${system} = { inherit (microvm-sweep.apps.${system}) gen; };
    };
}
