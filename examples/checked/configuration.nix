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
    fw.config = { };
    web.config = { };
  };
}
