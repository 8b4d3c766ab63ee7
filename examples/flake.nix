{
  description = "Hosts of microvm.nix, each with a page of microvm-sweep";

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
      inherit (nixpkgs) lib;

      # A host imports its page, and most of them the host module of microvm.nix.
      host =
        name: modules:
        lib.nixosSystem {
          specialArgs = { inherit self nixpkgs microvm; };
          modules = [
            ./hosts/common.nix
            ./hosts/${name}.nix
            ./sweep/${name}.nix
          ]
          ++ modules;
        };
      guest =
        name:
        lib.nixosSystem {
          modules = [
            microvm.nixosModules.microvm
            (import ./hosts/guest.nix name)
          ];
        };
      hosts = {
        one-host = host "one-host" [ microvm.nixosModules.host ];
        imperative = host "imperative" [ microvm.nixosModules.host ];
        state-elsewhere = host "state-elsewhere" [ microvm.nixosModules.host ];
        disabled = host "disabled" [ microvm.nixosModules.host ];
        removed-module = host "removed-module" [ ];
      };
    in
    {
      nixosConfigurations = hosts // {
        # The host one-host installs these guests from this flake.
        db = guest "db";
        web = guest "web";
      };

      # Fails with a diff where a page, or the program beside it, is out of date.
      checks.${system} = lib.mapAttrs (
        name: _:
        microvm-sweep.lib.check {
          pkgs = nixpkgs.legacyPackages.${system};
          inherit (self) nixosConfigurations;
          host = name;
          file = ./sweep/${name}.nix;
        }
      ) hosts;

      # nix run .#gen -- --flake . --host one-host --out sweep/one-host.nix
      apps.${system} = { inherit (microvm-sweep.apps.${system}) gen; };
    };
}
