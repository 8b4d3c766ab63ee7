// Generated from templates/ by src/build/templates.js: do not edit.
// @ts-nocheck
import Handlebars from "handlebars/runtime.js";

const runtime = Handlebars.create();
const specifications = {
  "completion-bash": {"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "# shellcheck shell=bash\n# Completion of "
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":2,"column":18},"end":{"line":2,"column":25}} ), depth0)) != null ? stack1 : "")
    + " for Bash. The program itself knows what fits.\n"
    + ((stack1 = alias2(alias1(depth0, "function", {"start":{"line":3,"column":2},"end":{"line":3,"column":10}} ), depth0)) != null ? stack1 : "")
    + "() {\n  local answer=() words=() line=${COMP_LINE:0:COMP_POINT} before\n  read -r -a words <<< \"$line\"\n  [[ $line != *[[:space:]] ]] || words+=(\"\")\n  mapfile -t answer < <("
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":7,"column":26},"end":{"line":7,"column":33}} ), depth0)) != null ? stack1 : "")
    + " complete \"${words[@]:1}\" 2> /dev/null)\n  if [[ ${answer[0]-} == / ]]; then\n    compopt -o default\n    return\n  fi\n  answer=(\"${answer[@]%%$'\\t'*}\")\n  # Bash replaces only what follows the last character of COMP_WORDBREAKS, such as the = of an option.\n  before=${words[-1]%\"${words[-1]##*[=:]}\"}\n  [[ $COMP_WORDBREAKS == *:* || $before != *: ]] || before=\n  COMPREPLY=(\"${answer[@]#\"$before\"}\")\n  [[ ${COMPREPLY[*]-} != *= ]] || compopt -o nospace\n}\ncomplete -F "
    + ((stack1 = alias2(alias1(depth0, "function", {"start":{"line":19,"column":14},"end":{"line":19,"column":22}} ), depth0)) != null ? stack1 : "")
    + " "
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":19,"column":27},"end":{"line":19,"column":34}} ), depth0)) != null ? stack1 : "")
    + "\n";
},"useData":true},
  "completion-fish": {"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "# Completion of "
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":1,"column":18},"end":{"line":1,"column":25}} ), depth0)) != null ? stack1 : "")
    + " for fish. The program itself knows what fits.\nfunction "
    + ((stack1 = alias2(alias1(depth0, "function", {"start":{"line":2,"column":11},"end":{"line":2,"column":19}} ), depth0)) != null ? stack1 : "")
    + "\n    set -l words (commandline --tokenize --cut-at-cursor --current-process)\n    set -l token (commandline --current-token --cut-at-cursor)\n    set -l answer ("
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":5,"column":21},"end":{"line":5,"column":28}} ), depth0)) != null ? stack1 : "")
    + " complete $words[2..-1] \"$token\" 2> /dev/null)\n    if test \"$answer\" = /\n        set -l option (string match --regex -- '^--[^=]*=' \"$token\")\n        for path in (__fish_complete_path (string replace -- \"$option\" '' \"$token\"))\n            echo \"$option$path\"\n        end\n    else\n        string collect -- $answer\n    end\nend\ncomplete --command "
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":15,"column":21},"end":{"line":15,"column":28}} ), depth0)) != null ? stack1 : "")
    + " --no-files --arguments '("
    + ((stack1 = alias2(alias1(depth0, "function", {"start":{"line":15,"column":58},"end":{"line":15,"column":66}} ), depth0)) != null ? stack1 : "")
    + ")'\n";
},"useData":true},
  "completion-zsh": {"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "#compdef "
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":1,"column":11},"end":{"line":1,"column":18}} ), depth0)) != null ? stack1 : "")
    + "\n# Completion of "
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":2,"column":18},"end":{"line":2,"column":25}} ), depth0)) != null ? stack1 : "")
    + " for zsh. The program itself knows what fits.\nlocal -a answer open closed\nanswer=(\"${(@f)$("
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":4,"column":19},"end":{"line":4,"column":26}} ), depth0)) != null ? stack1 : "")
    + " complete \"${(@)${(@Q)words[2,CURRENT-1]}}\" \"$PREFIX\" 2> /dev/null)}\")\nif [[ $answer[1] == / ]]; then\n  compset -P '--*='\n  _files\n  return\nfi\nanswer=(\"${(@)${(@)answer//:/\\\\:}/$'\\t'/:}\")\n# After an option that ends with = its value follows, without a space.\nopen=(${(M)answer:#--*=(|:*)})\nclosed=(${answer:|open})\n_describe "
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":14,"column":12},"end":{"line":14,"column":19}} ), depth0)) != null ? stack1 : "")
    + " open -S '' -- closed\n";
},"useData":true},
  "page": {"0":function(container,depth0,helpers,partials,data) {
    return "# The hooks of the live module: the page of a host, where the configuration itself is the data.\n{\n  backend,\n  config,\n  lib,\n  options,\n  pkgs,\n  settings,\n}:\n\nlet\n";
},"1":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda;

  return "# Generated by microvm-sweep for the NixOS configuration "
    + ((stack1 = alias2(alias1(depth0, "hostName", {"start":{"line":14,"column":59},"end":{"line":14,"column":67}} ), depth0)) != null ? stack1 : "")
    + ". Do not edit it, generate it again:\n#   "
    + ((stack1 = alias2(alias1(depth0, "commandComment", {"start":{"line":15,"column":6},"end":{"line":15,"column":20}} ), depth0)) != null ? stack1 : "")
    + "\n# A switch stops the MicroVMs that left the configuration and removes the units they leave behind.\n# Checksum "
    + ((stack1 = alias2(alias1(depth0, "checksum", {"start":{"line":17,"column":13},"end":{"line":17,"column":21}} ), depth0)) != null ? stack1 : "")
    + ". Before a switch: nixos-rebuild dry-activate. Afterwards, on the host: sweep-microvms plan\n{\n  config,\n  lib,\n  options,\n  pkgs,\n  ...\n}:\n\nlet\n  # What this page was generated for, as arguments of the program.\n  generated = "
    + ((stack1 = alias2(alias1(depth0, "generated", {"start":{"line":28,"column":16},"end":{"line":28,"column":25}} ), depth0)) != null ? stack1 : "")
    + ";\n  settings = "
    + ((stack1 = alias2(alias1(depth0, "settings", {"start":{"line":29,"column":15},"end":{"line":29,"column":23}} ), depth0)) != null ? stack1 : "")
    + ";\n  command = "
    + ((stack1 = alias2(alias1(depth0, "command", {"start":{"line":30,"column":14},"end":{"line":30,"column":21}} ), depth0)) != null ? stack1 : "")
    + ";\n\n";
},"2":function(container,depth0,helpers,partials,data) {
    return "  runsActivation = options.system ? activationScripts && config.system.activatable or true;\n  activation = if backend == \"auto\" then runsActivation else backend == \"activation\";\n  program = ../../templates/microvm-sweep.bash;\n";
},"3":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"auto"),{"name":"if","hash":{},"fn":container.program(4, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":51,"column":0},"end":{"line":53,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"activation"),{"name":"if","hash":{},"fn":container.program(5, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":54,"column":0},"end":{"line":58,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"service"),{"name":"if","hash":{},"fn":container.program(6, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":59,"column":0},"end":{"line":61,"column":7}}})) != null ? stack1 : "")
    + "  program =\n    lib.throwIfNot (builtins.pathExists ./microvm-sweep.bash)\n      \"${toString ./microvm-sweep.bash} is missing. Run git add on it, or generate it again: ${command}\"\n      ./microvm-sweep.bash;\n";
},"4":function(container,depth0,helpers,partials,data) {
    return "  activation = options.system ? activationScripts && config.system.activatable or true;\n";
},"5":function(container,depth0,helpers,partials,data) {
    return "  activation = lib.throwIfNot (\n    options.system ? activationScripts && config.system.activatable or true\n  ) \"--backend activation: this host runs no activation scripts\" true;\n";
},"6":function(container,depth0,helpers,partials,data) {
    return "  activation = false;\n";
},"7":function(container,depth0,helpers,partials,data) {
    return "declared";
},"8":function(container,depth0,helpers,partials,data) {
    return "generated";
},"9":function(container,depth0,helpers,partials,data) {
    return "  services.microvm-sweep.program = sweep-microvms;\n  assertions = lib.singleton {\n    assertion = activation -> runsActivation;\n    message = \"services.microvm-sweep.backend is activation: this host runs no activation scripts\";\n  };\n";
},"10":function(container,depth0,helpers,partials,data) {
    return "  assertions = lib.singleton {\n    assertion = generated == declared;\n    message = ''\n      The page that microvm-sweep generated for this host is out of date. Generate it again: ${command}\n      Only in the page: ${toString (lib.subtractLists declared generated)}\n      Only in the configuration: ${toString (lib.subtractLists generated declared)}\n    '';\n  };\n";
},"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), alias2=container.strict, alias3=container.lambda, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"live"),{"name":"if","hash":{},"fn":container.program(0, data, 0),"inverse":container.program(1, data, 0),"data":data,"loc":{"start":{"line":1,"column":0},"end":{"line":32,"column":7}}})) != null ? stack1 : "")
    + "  # What the configuration declares: no MicroVM where the host module is absent or disabled.\n  microvm = lib.optionalAttrs (config.microvm.host.enable or false) config.microvm;\n  vms = lib.attrNames (microvm.vms or { });\n  imperative = lib.subtractLists vms (lib.unique (lib.sort lib.lessThan (microvm.autostart or [ ])));\n  stateDir = toString (config.microvm.stateDir or "
    + ((stack1 = alias3(alias2(depth0, "defaultStateDir", {"start":{"line":37,"column":52},"end":{"line":37,"column":67}} ), depth0)) != null ? stack1 : "")
    + ");\n  words = key: map (value: \"--${key}=${value}\");\n  declared = words \"vm\" vms ++ words \"autostart\" imperative ++ [ \"--state-dir=${stateDir}\" ];\n\n  # A file system that is not mounted may hide MicroVMs.\n  fileSystems = lib.filter (path: builtins.match \"/.+\" path != null) (\n    lib.catAttrs \"mountPoint\" (lib.attrValues config.fileSystems)\n    ++ lib.catAttrs \"where\" config.systemd.mounts\n  );\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"live"),{"name":"if","hash":{},"fn":container.program(2, data, 0),"inverse":container.program(3, data, 0),"data":data,"loc":{"start":{"line":46,"column":0},"end":{"line":66,"column":7}}})) != null ? stack1 : "")
    + "  units = lib.splitString \" \" "
    + ((stack1 = alias3(alias2(depth0, "units", {"start":{"line":67,"column":32},"end":{"line":67,"column":37}} ), depth0)) != null ? stack1 : "")
    + ";\n  sweep-microvms = pkgs.writeScriptBin \"sweep-microvms\" ''\n    #!${pkgs.runtimeShell} -p\n    path=${pkgs.coreutils}/bin:${pkgs.findutils}/bin:${pkgs.util-linux}/bin:${config.systemd.package}/bin\n    exec ${pkgs.coreutils}/bin/env -i PATH=\"$path\" ${pkgs.runtimeShell} ${program} \\\n      --release="
    + ((stack1 = alias3(alias2(depth0, "release", {"start":{"line":72,"column":18},"end":{"line":72,"column":25}} ), depth0)) != null ? stack1 : "")
    + " --backend=${if activation then \"activation\" else \"service\"} \\\n      ${lib.escapeShellArgs (settings ++ "
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"live"),{"name":"if","hash":{},"fn":container.program(7, data, 0),"inverse":container.program(8, data, 0),"data":data,"loc":{"start":{"line":73,"column":41},"end":{"line":73,"column":85}}})) != null ? stack1 : "")
    + " ++ words \"file-system\" fileSystems)} -- \"$@\"\n  '';\nin\n{\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"live"),{"name":"if","hash":{},"fn":container.program(9, data, 0),"inverse":container.program(10, data, 0),"data":data,"loc":{"start":{"line":77,"column":0},"end":{"line":92,"column":7}}})) != null ? stack1 : "")
    + "  environment.systemPackages = [ sweep-microvms ];\n  system =\n    lib.optionalAttrs (options.system ? preSwitchChecks) {\n      preSwitchChecks.microvm-sweep = ''${lib.getExe sweep-microvms} check \"''${1-}\" \"''${2-}\"'';\n    }\n    // lib.optionalAttrs (options.system ? activationScripts) {\n      activationScripts.microvm-sweep = lib.mkIf activation {\n        deps = [ \"etc\" ];\n        supportsDryActivation = true;\n        text = ''${lib.getExe sweep-microvms} activate \"$systemConfig\" \"''${NIXOS_ACTION-}\"'';\n      };\n    };\n  systemd.services.microvm-sweep = lib.mkIf (!activation) {\n    description = \"Sweep up after removed MicroVMs\";\n    wantedBy = [ \"multi-user.target\" ];\n    before = lib.concatMap (name: map (unit: \"${unit}${name}.service\") units) (vms ++ imperative);\n    serviceConfig.Type = \"oneshot\";\n    script = \"${lib.getExe sweep-microvms} activate /run/current-system ''\";\n  };\n}\n";
},"useData":true},
  "report.html": {"0":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<div class=\"figure"
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"isAlarm"),{"name":"if","hash":{},"fn":container.program(1, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":19,"column":18},"end":{"line":19,"column":46}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"unless").call(alias1,lookupProperty(depth0,"count"),{"name":"unless","hash":{},"fn":container.program(2, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":19,"column":46},"end":{"line":19,"column":79}}})) != null ? stack1 : "")
    + "\"><dt>"
    + container.escapeExpression(container.lambda(container.strict(depth0, "label", {"start":{"line":19,"column":87},"end":{"line":19,"column":92}} ), depth0))
    + "</dt><dd>"
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"isAlarm"),{"name":"if","hash":{},"fn":container.program(3, data, 0),"inverse":container.program(5, data, 0),"data":data,"loc":{"start":{"line":19,"column":103},"end":{"line":19,"column":212}}})) != null ? stack1 : "")
    + "</dd></div>\n";
},"1":function(container,depth0,helpers,partials,data) {
    return " alarm";
},"2":function(container,depth0,helpers,partials,data) {
    return " none";
},"3":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return ((stack1 = lookupProperty(helpers,"if").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"count"),{"name":"if","hash":{},"fn":container.program(4, data, 0),"inverse":container.program(5, data, 0),"data":data,"loc":{"start":{"line":19,"column":118},"end":{"line":19,"column":188}}})) != null ? stack1 : "");
},"4":function(container,depth0,helpers,partials,data) {
    return "<a href=\"#problems\">"
    + container.escapeExpression(container.lambda(container.strict(depth0, "count", {"start":{"line":19,"column":153},"end":{"line":19,"column":158}} ), depth0))
    + "</a>";
},"5":function(container,depth0,helpers,partials,data) {
    return container.escapeExpression(container.lambda(container.strict(depth0, "count", {"start":{"line":19,"column":174},"end":{"line":19,"column":179}} ), depth0));
},"6":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<section class=\"problems\" aria-labelledby=\"problems\">\n<h2 id=\"problems\" tabindex=\"-1\">Problems</h2>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"errors"),{"name":"if","hash":{},"fn":container.program(7, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":29,"column":0},"end":{"line":36,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"unseen"),{"name":"if","hash":{},"fn":container.program(9, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":37,"column":0},"end":{"line":44,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n";
},"7":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<h3>Errors</h3>\n<ul>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"errors"),{"name":"each","hash":{},"fn":container.program(8, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":32,"column":0},"end":{"line":34,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"8":function(container,depth0,helpers,partials,data) {
    var alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression;

  return "<li><a href=\"#host-"
    + alias3(alias2(alias1(depth0, "hostNumber", {"start":{"line":33,"column":21},"end":{"line":33,"column":31}} ), depth0))
    + "\"><bdi>"
    + alias3(alias2(alias1(depth0, "host", {"start":{"line":33,"column":42},"end":{"line":33,"column":46}} ), depth0))
    + "</bdi></a> <span>"
    + alias3(alias2(alias1(depth0, "text", {"start":{"line":33,"column":67},"end":{"line":33,"column":71}} ), depth0))
    + "</span></li>\n";
},"9":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<h3>Not seen</h3>\n<ul>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"unseen"),{"name":"each","hash":{},"fn":container.program(8, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":40,"column":0},"end":{"line":42,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"10":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<fieldset>\n<legend>Verdict</legend>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"verdicts"),{"name":"each","hash":{},"fn":container.program(11, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":72,"column":0},"end":{"line":74,"column":9}}})) != null ? stack1 : "")
    + "</fieldset>\n";
},"11":function(container,depth0,helpers,partials,data) {
    var alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression;

  return "<label class=\"chip v-"
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":73,"column":23},"end":{"line":73,"column":30}} ), depth0))
    + "\"><input type=\"checkbox\" name=\"verdict\" value=\""
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":73,"column":81},"end":{"line":73,"column":88}} ), depth0))
    + "\"><span class=\"label\">"
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":73,"column":114},"end":{"line":73,"column":121}} ), depth0))
    + " <b class=\"count\" data-count=\""
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":73,"column":155},"end":{"line":73,"column":162}} ), depth0))
    + "\">"
    + alias3(alias2(alias1(depth0, "count", {"start":{"line":73,"column":168},"end":{"line":73,"column":173}} ), depth0))
    + "</b></span></label>\n";
},"12":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<details class=\"meanings\"><summary>What the verdicts mean</summary><dl>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"verdicts"),{"name":"each","hash":{},"fn":container.program(13, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":82,"column":0},"end":{"line":84,"column":9}}})) != null ? stack1 : "")
    + "</dl></details>\n";
},"13":function(container,depth0,helpers,partials,data) {
    var alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression;

  return "<div><dt><span class=\"badge v-"
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":83,"column":32},"end":{"line":83,"column":39}} ), depth0))
    + "\">"
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":83,"column":45},"end":{"line":83,"column":52}} ), depth0))
    + "</span></dt><dd>"
    + alias3(alias2(alias1(depth0, "meaning", {"start":{"line":83,"column":72},"end":{"line":83,"column":79}} ), depth0))
    + "</dd></div>\n";
},"14":function(container,depth0,helpers,partials,data) {
    return " class=\"long\"";
},"15":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression, alias4=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr data-host=\""
    + alias3(alias2(alias1(depth0, "host", {"start":{"line":102,"column":17},"end":{"line":102,"column":21}} ), depth0))
    + "\" data-name=\""
    + alias3(alias2(alias1(depth0, "name", {"start":{"line":102,"column":38},"end":{"line":102,"column":42}} ), depth0))
    + "\" data-verdict=\""
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":102,"column":62},"end":{"line":102,"column":69}} ), depth0))
    + "\" data-rank=\""
    + alias3(alias2(alias1(depth0, "rank", {"start":{"line":102,"column":86},"end":{"line":102,"column":90}} ), depth0))
    + "\" data-active=\""
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"active"),{"name":"if","hash":{},"fn":container.program(16, data, 0),"inverse":container.program(17, data, 0),"data":data,"loc":{"start":{"line":102,"column":107},"end":{"line":102,"column":138}}})) != null ? stack1 : "")
    + "\""
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"changes"),{"name":"if","hash":{},"fn":container.program(18, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":102,"column":139},"end":{"line":102,"column":174}}})) != null ? stack1 : "")
    + ">\n<td class=\"verdict\"><span class=\"badge v-"
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":103,"column":43},"end":{"line":103,"column":50}} ), depth0))
    + "\">"
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":103,"column":56},"end":{"line":103,"column":63}} ), depth0))
    + "</span></td>\n<th scope=\"row\"><bdi>"
    + alias3(alias2(alias1(depth0, "name", {"start":{"line":104,"column":23},"end":{"line":104,"column":27}} ), depth0))
    + "</bdi></th>\n<td class=\"host\"><a href=\"#host-"
    + alias3(alias2(alias1(depth0, "hostNumber", {"start":{"line":105,"column":34},"end":{"line":105,"column":44}} ), depth0))
    + "\"><bdi>"
    + alias3(alias2(alias1(depth0, "host", {"start":{"line":105,"column":55},"end":{"line":105,"column":59}} ), depth0))
    + "</bdi></a></td>\n<td class=\"active\">"
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"active"),{"name":"if","hash":{},"fn":container.program(19, data, 0),"inverse":container.program(20, data, 0),"data":data,"loc":{"start":{"line":106,"column":19},"end":{"line":106,"column":115}}})) != null ? stack1 : "")
    + "</td>\n<td class=\"does"
    + ((stack1 = lookupProperty(helpers,"unless").call(alias4,lookupProperty(depth0,"changes"),{"name":"unless","hash":{},"fn":container.program(21, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":107,"column":15},"end":{"line":107,"column":51}}})) != null ? stack1 : "")
    + "\"><p class=\"happens\">"
    + alias3(alias2(alias1(depth0, "happens", {"start":{"line":107,"column":74},"end":{"line":107,"column":81}} ), depth0))
    + "</p>\n<p class=\"evidence\">"
    + alias3(alias2(alias1(depth0, "evidence", {"start":{"line":108,"column":22},"end":{"line":108,"column":30}} ), depth0))
    + "</p>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"files"),{"name":"if","hash":{},"fn":container.program(22, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":109,"column":0},"end":{"line":115,"column":7}}})) != null ? stack1 : "")
    + "</td>\n</tr>\n";
},"16":function(container,depth0,helpers,partials,data) {
    return "1";
},"17":function(container,depth0,helpers,partials,data) {
    return "0";
},"18":function(container,depth0,helpers,partials,data) {
    return " data-changes";
},"19":function(container,depth0,helpers,partials,data) {
    return "<span class=\"on\">running</span>";
},"20":function(container,depth0,helpers,partials,data) {
    return "<span class=\"off\">not running</span>";
},"21":function(container,depth0,helpers,partials,data) {
    return " quiet";
},"22":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<details><summary>"
    + container.escapeExpression(container.lambda(container.strict(depth0, "filesTitle", {"start":{"line":110,"column":20},"end":{"line":110,"column":30}} ), depth0))
    + "</summary><ul>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"files"),{"name":"each","hash":{},"fn":container.program(23, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":111,"column":0},"end":{"line":113,"column":9}}})) != null ? stack1 : "")
    + "</ul></details>\n";
},"23":function(container,depth0,helpers,partials,data) {
    var alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression;

  return "<li class=\""
    + alias3(alias2(alias1(depth0, "happens", {"start":{"line":112,"column":13},"end":{"line":112,"column":20}} ), depth0))
    + "\"><b class=\"verb\">"
    + alias3(alias2(alias1(depth0, "happens", {"start":{"line":112,"column":42},"end":{"line":112,"column":49}} ), depth0))
    + "</b> <code>"
    + alias3(alias2(alias1(depth0, "path", {"start":{"line":112,"column":64},"end":{"line":112,"column":68}} ), depth0))
    + "</code> <span class=\"reason\">"
    + alias3(alias2(alias1(depth0, "reason", {"start":{"line":112,"column":101},"end":{"line":112,"column":107}} ), depth0))
    + "</span></li>\n";
},"24":function(container,depth0,helpers,partials,data) {
    return "<tr class=\"empty\"><td colspan=\"5\">No host has a MicroVM, or anything left of one.</td></tr>\n";
},"25":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression, alias4=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<details class=\"card "
    + alias3(alias2(alias1(depth0, "state", {"start":{"line":130,"column":23},"end":{"line":130,"column":28}} ), depth0))
    + "\" id=\"host-"
    + alias3(alias2(alias1(depth0, "number", {"start":{"line":130,"column":43},"end":{"line":130,"column":49}} ), depth0))
    + "\" data-host=\""
    + alias3(alias2(alias1(depth0, "name", {"start":{"line":130,"column":66},"end":{"line":130,"column":70}} ), depth0))
    + "\""
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"isOpen"),{"name":"if","hash":{},"fn":container.program(26, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":130,"column":73},"end":{"line":130,"column":99}}})) != null ? stack1 : "")
    + ">\n<summary>\n<span class=\"title\"><bdi>"
    + alias3(alias2(alias1(depth0, "name", {"start":{"line":132,"column":27},"end":{"line":132,"column":31}} ), depth0))
    + "</bdi></span>\n<span class=\"state\">"
    + alias3(alias2(alias1(depth0, "state", {"start":{"line":133,"column":22},"end":{"line":133,"column":27}} ), depth0))
    + "</span>\n<span class=\"line\">"
    + alias3(alias2(alias1(depth0, "summary", {"start":{"line":134,"column":21},"end":{"line":134,"column":28}} ), depth0))
    + "</span>\n<span class=\"age"
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"isOld"),{"name":"if","hash":{},"fn":container.program(27, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":135,"column":16},"end":{"line":135,"column":40}}})) != null ? stack1 : "")
    + "\">"
    + alias3(alias2(alias1(depth0, "age", {"start":{"line":135,"column":44},"end":{"line":135,"column":47}} ), depth0))
    + "</span>\n<svg class=\"bar\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
    + alias3(alias2(alias1(depth0, "counts", {"start":{"line":136,"column":89},"end":{"line":136,"column":95}} ), depth0))
    + "\">"
    + ((stack1 = lookupProperty(helpers,"each").call(alias4,lookupProperty(depth0,"bar"),{"name":"each","hash":{},"fn":container.program(28, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":136,"column":99},"end":{"line":136,"column":195}}})) != null ? stack1 : "")
    + "</svg>\n</summary>\n<div class=\"body\">\n<dl class=\"facts\">\n<div><dt>MicroVMs</dt><dd>"
    + alias3(alias2(alias1(depth0, "counts", {"start":{"line":140,"column":28},"end":{"line":140,"column":34}} ), depth0))
    + "</dd></div>\n<div><dt>Generation</dt><dd><code>"
    + alias3(alias2(alias1(depth0, "generation", {"start":{"line":141,"column":36},"end":{"line":141,"column":46}} ), depth0))
    + "</code></dd></div>\n<div><dt>Release</dt><dd>microvm-sweep "
    + alias3(alias2(alias1(depth0, "release", {"start":{"line":142,"column":41},"end":{"line":142,"column":48}} ), depth0))
    + "</dd></div>\n<div><dt>Plan made</dt><dd><time datetime=\""
    + alias3(alias2(alias1(depth0, "made", {"start":{"line":143,"column":45},"end":{"line":143,"column":49}} ), depth0))
    + "\">"
    + alias3(alias2(alias1(depth0, "madeText", {"start":{"line":143,"column":55},"end":{"line":143,"column":63}} ), depth0))
    + "</time></dd></div>\n</dl>\n<div class=\"lists\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias4,lookupProperty(depth0,"lists"),{"name":"each","hash":{},"fn":container.program(29, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":146,"column":0},"end":{"line":152,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"files"),{"name":"if","hash":{},"fn":container.program(33, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":153,"column":0},"end":{"line":159,"column":7}}})) != null ? stack1 : "")
    + "</div>\n</div>\n</details>\n";
},"26":function(container,depth0,helpers,partials,data) {
    return " open";
},"27":function(container,depth0,helpers,partials,data) {
    return " old";
},"28":function(container,depth0,helpers,partials,data) {
    var alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression;

  return "<rect class=\"v-"
    + alias3(alias2(alias1(depth0, "verdict", {"start":{"line":136,"column":129},"end":{"line":136,"column":136}} ), depth0))
    + "\" x=\""
    + alias3(alias2(alias1(depth0, "x", {"start":{"line":136,"column":145},"end":{"line":136,"column":146}} ), depth0))
    + "\" y=\"0\" width=\""
    + alias3(alias2(alias1(depth0, "width", {"start":{"line":136,"column":165},"end":{"line":136,"column":170}} ), depth0))
    + "\" height=\"6\"/>";
},"29":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<section class=\"list"
    + ((stack1 = lookupProperty(helpers,"if").call(alias1,lookupProperty(depth0,"isAlarm"),{"name":"if","hash":{},"fn":container.program(1, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":147,"column":20},"end":{"line":147,"column":48}}})) != null ? stack1 : "")
    + "\"><h3>"
    + container.escapeExpression(container.lambda(container.strict(depth0, "title", {"start":{"line":147,"column":56},"end":{"line":147,"column":61}} ), depth0))
    + "</h3><ul>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,lookupProperty(depth0,"items"),{"name":"each","hash":{},"fn":container.program(30, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":148,"column":0},"end":{"line":150,"column":9}}})) != null ? stack1 : "")
    + "</ul></section>\n";
},"30":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li>"
    + ((stack1 = lookupProperty(helpers,"if").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depths[1],"isCode"),{"name":"if","hash":{},"fn":container.program(31, data, 0, blockParams, depths),"inverse":container.program(32, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":149,"column":4},"end":{"line":149,"column":65}}})) != null ? stack1 : "")
    + "</li>\n";
},"31":function(container,depth0,helpers,partials,data) {
    return "<code>"
    + container.escapeExpression(container.lambda(depth0, depth0))
    + "</code>";
},"32":function(container,depth0,helpers,partials,data) {
    return container.escapeExpression(container.lambda(depth0, depth0));
},"33":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<section class=\"list\"><h3>Unit files of no MicroVM above</h3><ul>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"files"),{"name":"each","hash":{},"fn":container.program(23, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":155,"column":0},"end":{"line":157,"column":9}}})) != null ? stack1 : "")
    + "</ul></section>\n";
},"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.strict, alias2=container.lambda, alias3=container.escapeExpression, alias4=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\""
    + ((stack1 = alias2(alias1(depth0, "policy", {"start":{"line":5,"column":55},"end":{"line":5,"column":61}} ), depth0)) != null ? stack1 : "")
    + "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>MicroVM plan: "
    + alias3(alias2(alias1(depth0, "title", {"start":{"line":9,"column":23},"end":{"line":9,"column":28}} ), depth0))
    + "</title>\n<style>"
    + ((stack1 = alias2(alias1(depth0, "style", {"start":{"line":10,"column":10},"end":{"line":10,"column":15}} ), depth0)) != null ? stack1 : "")
    + "</style>\n</head>\n<body>\n<header>\n<p class=\"kicker\">MicroVM plan <span>"
    + alias3(alias2(alias1(depth0, "title", {"start":{"line":14,"column":39},"end":{"line":14,"column":44}} ), depth0))
    + "</span></p>\n<h1>"
    + alias3(alias2(alias1(depth0, "headline", {"start":{"line":15,"column":6},"end":{"line":15,"column":14}} ), depth0))
    + "</h1>\n<p class=\"made\">Report of <time datetime=\""
    + alias3(alias2(alias1(depth0, "made", {"start":{"line":16,"column":44},"end":{"line":16,"column":48}} ), depth0))
    + "\">"
    + alias3(alias2(alias1(depth0, "madeText", {"start":{"line":16,"column":54},"end":{"line":16,"column":62}} ), depth0))
    + "</time>, "
    + alias3(alias2(alias1(depth0, "oldest", {"start":{"line":16,"column":75},"end":{"line":16,"column":81}} ), depth0))
    + "</p>\n<dl class=\"figures\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias4,lookupProperty(depth0,"figures"),{"name":"each","hash":{},"fn":container.program(0, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":18,"column":0},"end":{"line":20,"column":9}}})) != null ? stack1 : "")
    + "</dl>\n<nav aria-label=\"Sections\"><a href=\"#vms\">MicroVMs</a> <a href=\"#hosts\">Hosts</a></nav>\n</header>\n\n<main>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"hasProblems"),{"name":"if","hash":{},"fn":container.program(6, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":26,"column":0},"end":{"line":47,"column":7}}})) != null ? stack1 : "")
    + "<section aria-labelledby=\"vms\">\n<h2 id=\"vms\" tabindex=\"-1\">MicroVMs</h2>\n\n<form id=\"filter\" aria-label=\"Filter the MicroVMs and hosts\" hidden>\n<div class=\"fields\">\n<label class=\"search\"><span>Search</span> <input type=\"search\" name=\"q\" placeholder=\"name, host, evidence, path\" autocomplete=\"off\" spellcheck=\"false\" aria-keyshortcuts=\"/\"> <kbd aria-hidden=\"true\">/</kbd></label>\n<label><span>Host</span> <select name=\"host\">\n<option value=\"\">all hosts</option>\n</select></label>\n<label class=\"sort\"><span>Sort by</span> <select name=\"sort\">\n<option value=\"verdict\">verdict</option>\n<option value=\"-verdict\">verdict, reversed</option>\n<option value=\"host\">host</option>\n<option value=\"-host\">host, reversed</option>\n<option value=\"name\">name</option>\n<option value=\"-name\">name, reversed</option>\n<option value=\"-active\">running first</option>\n<option value=\"active\">stopped first</option>\n</select></label>\n<label class=\"check\"><input type=\"checkbox\" name=\"changes\"> <span class=\"text\">only what changes</span></label>\n</div>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"verdicts"),{"name":"if","hash":{},"fn":container.program(10, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":69,"column":0},"end":{"line":76,"column":7}}})) != null ? stack1 : "")
    + "<p class=\"result\"><output name=\"result\"></output> <button type=\"reset\" id=\"clear\">Clear the filter</button></p>\n</form>\n\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"verdicts"),{"name":"if","hash":{},"fn":container.program(12, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":80,"column":0},"end":{"line":86,"column":7}}})) != null ? stack1 : "")
    + "\n<div class=\"frame\">\n<table id=\"table\">\n<caption>Each MicroVM with its verdict, the evidence, and what the next run does with it</caption>\n<thead>\n<tr>\n<th scope=\"col\" data-sort=\"verdict\">Verdict</th>\n<th scope=\"col\" data-sort=\"name\">MicroVM</th>\n<th scope=\"col\" data-sort=\"host\">Host</th>\n<th scope=\"col\" data-sort=\"active\">Runs</th>\n<th scope=\"col\">What the next run does, and why</th>\n</tr>\n</thead>\n<tbody"
    + ((stack1 = lookupProperty(helpers,"if").call(alias4,lookupProperty(depth0,"isLong"),{"name":"if","hash":{},"fn":container.program(14, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":100,"column":6},"end":{"line":100,"column":40}}})) != null ? stack1 : "")
    + ">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias4,lookupProperty(depth0,"vms"),{"name":"each","hash":{},"fn":container.program(15, data, 0, blockParams, depths),"inverse":container.program(24, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":101,"column":0},"end":{"line":120,"column":9}}})) != null ? stack1 : "")
    + "</tbody>\n</table>\n<p class=\"nothing\" id=\"nothing\" hidden>Nothing matches the filter.</p>\n</div>\n</section>\n\n<section aria-labelledby=\"hosts\">\n<div class=\"heading\"><h2 id=\"hosts\" tabindex=\"-1\">Hosts</h2><button type=\"button\" id=\"all\" aria-pressed=\"false\" hidden>Open all</button></div>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias4,lookupProperty(depth0,"hosts"),{"name":"each","hash":{},"fn":container.program(25, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":129,"column":0},"end":{"line":163,"column":9}}})) != null ? stack1 : "")
    + "</section>\n</main>\n\n<footer>\n<p>Made on "
    + alias3(alias2(alias1(depth0, "madeText", {"start":{"line":168,"column":13},"end":{"line":168,"column":21}} ), depth0))
    + " from plans of microvm-sweep "
    + alias3(alias2(alias1(depth0, "releases", {"start":{"line":168,"column":54},"end":{"line":168,"column":62}} ), depth0))
    + ". On a host, <code>sweep-microvms explain NAME</code> says every fact of one MicroVM.</p>\n</footer>\n\u003Cscript>"
    + ((stack1 = alias2(alias1(depth0, "script", {"start":{"line":170,"column":11},"end":{"line":170,"column":17}} ), depth0)) != null ? stack1 : "")
    + "\u003C/script>\n</body>\n</html>\n";
},"useData":true,"useDepths":true},
  "script": {"0":function(container,depth0,helpers,partials,data) {
    var stack1;

  return "    "
    + ((stack1 = container.lambda(depth0, depth0)) != null ? stack1 : "")
    + " \\\n";
},"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.strict, alias2=container.lambda, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "#!/usr/bin/env bash\n# Generated by microvm-sweep for the NixOS configuration "
    + ((stack1 = alias2(alias1(depth0, "hostName", {"start":{"line":2,"column":59},"end":{"line":2,"column":67}} ), depth0)) != null ? stack1 : "")
    + ": its data, and the program microvm-sweep.bash.\n# With arguments it is sweep-microvms: \"plan\" shows what a run would do. Sourced, or run without arguments, it\n# does it, for the generation $systemConfig, and only shows it where NIXOS_ACTION is dry-activate.\n(\n  { program=$(cat); } <<'END_OF_PROGRAM'\n"
    + ((stack1 = alias2(alias1(depth0, "program", {"start":{"line":7,"column":2},"end":{"line":7,"column":9}} ), depth0)) != null ? stack1 : "")
    + "\nEND_OF_PROGRAM\n  # NixOS runs an activation script with the path of the generation as its argument.\n  if (return 0) 2> /dev/null || (($# == 0)) || [[ $1 == /* ]]; then\n    set -- activate \"${systemConfig:-/run/current-system}\" \"${NIXOS_ACTION-}\"\n  fi\n  # Without --norc, a Bash whose standard input is a socket reads ~/.bashrc first.\n  exec env -i PATH=\"$PATH:/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin\" bash --norc -c \"$program\" microvm-sweep \\\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),lookupProperty(depth0,"words"),{"name":"each","hash":{},"fn":container.program(0, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":15,"column":0},"end":{"line":17,"column":9}}})) != null ? stack1 : "")
    + "    -- \"$@\"\n)\n";
},"useData":true},
};

/**
 * Every template by its file name without ".hbs"; a call throws where the view lacks a field. Each is
 * also a partial under that name.
 * @type {Readonly<Record<string, (view: object) => string>>}
 */
export const templates = Object.fromEntries(
  Object.entries(specifications).map(([name, specification]) => [
    name,
    runtime.template(specification),
  ]),
);
runtime.registerPartial(templates);
