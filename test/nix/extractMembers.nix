# Members of nixosConfigurations as plain attribute sets: what the module system gives, without it.
# Whatever the extractor must not look at throws.
let
  option = {
    isDefined = true;
  };

  # A member from what its configuration and its options have beyond the bare minimum.
  member =
    {
      config ? { },
      options ? { },
      pkgs ? throw "pkgs was forced",
    }:
    {
      inherit pkgs;
      config = {
        nixpkgs.hostPlatform.system = "x86_64-linux";
        system = {
          nixos.release = "26.05";
          activationScripts = throw "the activation scripts were forced";
          build = throw "the system was built";
        }
        // config.system or { };
        assertions = throw "the assertions were forced";
      }
      // removeAttrs config [ "system" ];
      options = {
        nixpkgs.hostPlatform = option;
        system.activationScripts = option;
      }
      // options;
      extendModules = throw "the configuration was extended";
    };

  # A VM as the host module's option type gives it.
  vm =
    settings:
    {
      config = throw "a guest was evaluated";
      evaluatedConfig = throw "an evaluated guest was forced";
      pkgs = throw "a guest's packages were forced";
      nixpkgs = throw "a guest's nixpkgs was forced";
      specialArgs = throw "a guest's arguments were forced";
      restartIfChanged = throw "restartIfChanged looks at the guest";
      flake = null;
      updateFlake = null;
      autostart = true;
    }
    // settings;

  # A flake as inputs have it.
  flake = {
    outPath = "/nix/store/00000000000000000000000000000000-source";
    nixosConfigurations = throw "a guest's flake was evaluated";
  };

  hostOptions.microvm = {
    host.enable = option;
    stateDir = option;
    autostart = option;
    vms = option;
  };
  guestOptions.microvm = {
    guest.enable = option;
    hypervisor = option;
  };

  host =
    microvm:
    member {
      config.microvm = {
        host.enable = true;
        stateDir = "/var/lib/microvms";
        autostart = [ ];
        vms = { };
      }
      // microvm;
      options = hostOptions;
    };

  nest =
    microvm:
    member {
      config.microvm = {
        guest.enable = true;
        host.enable = true;
        stateDir = "/var/lib/microvms";
        autostart = [ ];
        vms = { };
      }
      // microvm;
      options.microvm = hostOptions.microvm // guestOptions.microvm;
    };

  withContext = "${builtins.toFile "state" ""}/vms";
in
{
  absent = member { };
  disabled = host { host.enable = false; };
  enabled = host { };

  vms = host {
    vms = {
      config = vm { };
      stopped = vm { autostart = false; };
      flake = vm { inherit flake; };
      path = vm { flake = /srv/flake; };
      update = vm {
        inherit flake;
        updateFlake = "git+https://example.org/infra?ref=main";
      };
      "odd.name-1_@:" = vm { };
    };
  };
  autostart = host {
    autostart = [
      "web"
      "imp"
      "Web"
      "db"
      "imp"
      "10"
      "9"
    ];
    vms.web = vm { };
  };

  stateDir = host { stateDir = "/srv/vms"; };
  # The path does not exist: a copy to the store would fail.
  stateDirPath = host { stateDir = /srv/no/such/directory; };
  context = host {
    stateDir = withContext;
    autostart = [ withContext ];
    vms.web = vm {
      inherit flake;
      updateFlake = "path:${withContext}";
    };
  };

  guest = member {
    config.microvm.guest.enable = true;
    options = guestOptions;
  };
  guestDisabled = member {
    config.microvm.guest.enable = false;
    options = guestOptions;
  };
  guestOfOldModule = member {
    config.microvm.hypervisor = "qemu";
    options.microvm.hypervisor = option;
  };
  nested = nest {
    autostart = [ "inner" ];
    vms.inner = vm { };
  };
  nestedWithoutVms = nest { };
  nestedDisabled = nest {
    host.enable = false;
    vms.inner = vm { };
  };
  nestedAutostart = nest { autostart = [ "imp" ]; };

  # Before 2022-11 nobody could switch the host module off.
  hostOf2022 = member {
    config.microvm = {
      stateDir = "/var/lib/microvms";
      autostart = throw "microvm.autostart of an unknown module was forced";
      vms.fw = throw "a MicroVM of an unknown module was forced";
    };
    options.microvm = removeAttrs hostOptions.microvm [ "host" ];
  };
  # Modules of somebody else that have the name.
  othersOption = member {
    config.microvm = "a text";
    options.microvm._type = "option";
  };
  othersVms = member {
    config.microvm.vms = throw "microvm.vms of an unknown module was forced";
    options.microvm.vms = option;
  };
  othersVmsAsList = host { vms = [ "fw" ]; };
  othersVm = host { vms.fw.memory = 1; };

  etcImmutable = member {
    config.system.etc.overlay = {
      enable = true;
      mutable = false;
    };
  };
  etcMutable = member {
    config.system.etc.overlay = {
      enable = true;
      mutable = true;
    };
  };
  etcNoOverlay = member {
    config.system.etc.overlay = {
      enable = false;
      mutable = throw "system.etc.overlay.mutable was forced";
    };
  };

  noActivationScripts = member { options.system = { }; };
  notActivatable = member { config.system.activatable = false; };
  activatable = member { config.system.activatable = true; };

  systemFromPackages = member {
    config.nixpkgs.hostPlatform = throw "nixpkgs.hostPlatform is not defined";
    options.nixpkgs.hostPlatform.isDefined = false;
    pkgs.stdenv.hostPlatform.system = "aarch64-linux";
  };
  systemBeforeHostPlatform = member {
    config.nixpkgs = { };
    options.nixpkgs = { };
    pkgs.stdenv.hostPlatform.system = "i686-linux";
  };
}
