# What all machines of the fleet have in common.
{
  nixpkgs.hostPlatform = "aarch64-linux";
  system.stateVersion = "26.05";
}
