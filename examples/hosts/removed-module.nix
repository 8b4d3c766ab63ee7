# The host module and microvm.vms have been removed. Unit files of microvm.nix are still in /etc/systemd/system
# of the host, and a MicroVM may still run.
{
  networking.hostName = "removed-module";
}
