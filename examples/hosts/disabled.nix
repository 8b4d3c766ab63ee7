# The host module is switched off, so no MicroVM is declared, and /etc is an overlay that can be written to.
{
  networking.hostName = "disabled";

  boot.initrd.systemd.enable = true;
  system.etc.overlay = {
    enable = true;
    mutable = true;
  };
  microvm = {
    host.enable = false;
    vms.fw.config = import ./guest.nix "fw";
  };
}
