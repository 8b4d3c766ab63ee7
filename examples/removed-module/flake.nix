{
  description = "A host from whose configuration the host module of microvm.nix was removed";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations.hyp-01 = nixpkgs.lib.nixosSystem {
        modules = [ ./configuration.nix ];
      };
    };
}
