{
  description = "A host with MicroVMs of each kind";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    microvm = {
      url = "github:microvm-nix/microvm.nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      microvm,
    }:
    {
      nixosConfigurations = {
        hyp-01 = nixpkgs.lib.nixosSystem {
          specialArgs = { inherit self nixpkgs microvm; };
          modules = [
            microvm.nixosModules.host
            ./configuration.nix
          ];
        };

        # Guests that hyp-01 installs from this flake and `microvm -u` may update later.
        db = nixpkgs.lib.nixosSystem {
          modules = [
            microvm.nixosModules.microvm
            (import ./guest.nix "db")
          ];
        };
        web = nixpkgs.lib.nixosSystem {
          modules = [
            microvm.nixosModules.microvm
            (import ./guest.nix "web")
          ];
        };
      };
    };
}
