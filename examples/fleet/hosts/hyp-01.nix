# In use, with its MicroVMs on a disk of their own.
{
  imports = [ ../hyp-01.nix ];

  networking.hostName = "hyp-01";
  boot.loader.systemd-boot.enable = true;
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };

  microvm = {
    stateDir = "/srv/microvms";
    vms = {
      fw.config = {
        microvm.hypervisor = "cloud-hypervisor";
        system.stateVersion = "26.05";
      };
      mail = {
        autostart = false;
        config = {
          microvm.hypervisor = "cloud-hypervisor";
          system.stateVersion = "26.05";
        };
      };
    };
  };
}
