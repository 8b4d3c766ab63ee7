# The host module is there and switched off; /etc is an overlay that can be written to.
{
  imports = [ ../hyp-02.nix ];

  networking.hostName = "hyp-02";
  boot = {
    loader.systemd-boot.enable = true;
    initrd.systemd.enable = true;
  };
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  system.etc.overlay = {
    enable = true;
    mutable = true;
  };

  microvm.host.enable = false;
}
