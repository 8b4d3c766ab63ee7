{
  self,
  nixpkgs,
  microvm,
  ...
}:
{
  imports = [ ./microvm-sweep.nix ];

  nixpkgs.hostPlatform = "x86_64-linux";
  networking.hostName = "hyp-01";
  boot.loader.systemd-boot.enable = true;
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  system.stateVersion = "26.05";

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

    # From a flake, again at each switch of the host.
    web.flake = self;

    # From a flake, once: then updated on the host with `microvm -u db`.
    db = {
      flake = self;
      updateFlake = "git+https://git.example.org/infra";
      autostart = false;
    };
  };
}
