# What every guest here is.
hostName: {
  nixpkgs.hostPlatform = "x86_64-linux";
  networking.hostName = hostName;
  microvm.hypervisor = "cloud-hypervisor";
  system.stateVersion = "26.05";
}
