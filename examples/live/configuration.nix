{
  networking.hostName = "hyp-01";
  nixpkgs.hostPlatform = "x86_64-linux";
  system.stateVersion = "26.05";

  # The disks and the boot loader of your host.
  fileSystems."/" = {
    device = "/dev/disk/by-label/nixos";
    fsType = "ext4";
  };
  boot.loader.grub.device = "/dev/sda";

  microvm.vms.fw.config.microvm.hypervisor = "qemu";

  # What is taken out of microvm.vms is stopped at the next switch, and its unit files are removed. Its
  # disks stay, unless:
  # services.microvm-sweep.state = "archive";
}
