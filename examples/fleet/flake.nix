{
  description = "Three hosts and a guest";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    microvm = {
      url = "github:microvm-nix/microvm.nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    { nixpkgs, microvm, ... }:
    let
      system =
        modules:
        nixpkgs.lib.nixosSystem {
          modules = [ ./common.nix ] ++ modules;
        };
    in
    {
      nixosConfigurations = {
        hyp-01 = system [
          microvm.nixosModules.host
          ./hosts/hyp-01.nix
        ];
        hyp-02 = system [
          microvm.nixosModules.host
          ./hosts/hyp-02.nix
        ];
        hyp-03 = system [ ./hosts/hyp-03.nix ];

        web = system [
          microvm.nixosModules.microvm
          { networking.hostName = "web"; }
        ];
      };
    };
}
