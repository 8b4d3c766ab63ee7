# Never had, or no longer has, the host module.
{
  imports = [ ../hyp-03.nix ];

  networking.hostName = "hyp-03";
  boot.loader.systemd-boot.enable = true;
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
}
