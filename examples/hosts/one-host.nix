# A MicroVM of each kind.
{
  self,
  nixpkgs,
  microvm,
  ...
}:
{
  networking.hostName = "one-host";

  microvm.vms = {
    # Fully declarative: built with the host.
    fw.config = import ./guest.nix "fw";

    # The same, evaluated elsewhere, and started by hand.
    lab = {
      autostart = false;
      evaluatedConfig = nixpkgs.lib.nixosSystem {
        modules = [
          microvm.nixosModules.microvm
          (import ./guest.nix "lab")
        ];
      };
    };

    # From a flake, built again at each switch of the host.
    web.flake = self;

    # From a flake, built once. On the host, `microvm -u db` updates it.
    db = {
      flake = self;
      updateFlake = "git+https://git.example.org/infra";
      autostart = false;
    };
  };
}
