{
  description = "A host of microvm.nix that sweeps up after removed MicroVMs";

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
      nixpkgs,
      microvm,
      microvm-sweep,
      ...
    }:
    {
      nixosConfigurations.hyp-01 = nixpkgs.lib.nixosSystem {
        modules = [
          microvm.nixosModules.host
          microvm-sweep.nixosModules.default
          ./configuration.nix
        ];
      };
    };
}
