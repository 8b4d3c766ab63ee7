# The MicroVMs are on a disk of their own. Where it is not mounted, the sweep removes nothing that may be theirs.
{
  networking.hostName = "state-elsewhere";

  fileSystems."/srv" = {
    device = "/dev/disk/by-label/vms";
    fsType = "ext4";
  };
  microvm = {
    stateDir = "/srv/microvms";
    vms.mail = {
      autostart = false;
      config = import ./guest.nix "mail";
    };
  };
}
