{
  description = "A host with imperative MicroVMs beside declared ones";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    microvm = {
      url = "github:microvm-nix/microvm.nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    { nixpkgs, microvm, ... }:
    {
      nixosConfigurations.hyp-01 = nixpkgs.lib.nixosSystem {
        modules = [
          microvm.nixosModules.host
          ./configuration.nix
        ];
      };
    };
}
