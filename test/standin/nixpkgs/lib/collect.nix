# Reads modules and what they import, each once, into a list of { key, file, options, config }.
lib:
{
  arguments,
  # The value of an argument that is in `_module.args`.
  fallback,
  modulesPath,
}:
modules:
let
  isPath = module: builtins.isPath module || builtins.isString module;
  load = module: if isPath module then import module else module;

  # An argument is looked up when it is used: it may depend on the configuration.
  call =
    module:
    if builtins.isFunction module || module ? __functor then
      let
        names = builtins.attrNames (builtins.functionArgs module);
        extra = lib.genAttrs names (name: arguments.${name} or (fallback name));
      in
      module (arguments // extra)
    else
      module;

  special = [
    "_file"
    "_class"
    "key"
    "imports"
    "disabledModules"
    "meta"
    "freeformType"
  ];

  # `name` is the key of a module that has none of its own.
  read =
    parent: name: module:
    let
      file = if isPath module then toString module else value._file or parent;
      value = call (load module);
      isLong = value ? config || value ? options;
      unsupported = builtins.attrNames (
        removeAttrs value (
          special
          ++ [
            "config"
            "options"
          ]
        )
      );
      config = if isLong then value.config or { } else removeAttrs value special;
      freeform = lib.optional (value ? freeformType) { _module.freeformType = value.freeformType; };
    in
    if !builtins.isAttrs value then
      throw "Module `${file}' is not an attribute set but a ${builtins.typeOf value}."
    else if lib.isType "if" value || lib.isType "merge" value then
      throw "Module `${file}' is a property: mkIf and mkMerge belong below `config'."
    else if isLong && unsupported != [ ] then
      throw "Module `${file}' has an unsupported attribute `${builtins.head unsupported}'. This is caused by introducing a top-level `config' or `options' attribute."
    else
      {
        inherit file;
        key = if isPath module then toString module else value.key or name;
        options = value.options or { };
        config = if freeform == [ ] then config else lib.mkMerge ([ config ] ++ freeform);
        imports = value.imports or [ ];
        disabled = map disabledKey (value.disabledModules or [ ]);
      };

  disabledKey =
    module:
    if builtins.isString module && !lib.hasPrefix "/" module then
      "${modulesPath}/${module}"
    else if isPath module then
      toString module
    else
      module.key;

  # Level by level: modules, then what they import, and so on.
  readAll =
    pending:
    let
      these = map (
        {
          parent,
          name,
          module,
        }:
        read parent name module
      ) pending;
      imported = builtins.concatMap (
        this:
        lib.imap0 (index: module: {
          parent = this.file;
          name = if this.key == null then null else "${this.key}:${toString index}";
          inherit module;
        }) this.imports
      ) these;
    in
    if these == [ ] then [ ] else these ++ readAll imported;

  all = readAll (
    map (module: {
      parent = "<unknown-file>";
      name = null;
      inherit module;
    }) modules
  );
  disabled = builtins.concatMap (module: module.disabled) all;
  once =
    builtins.foldl'
      (
        { seen, kept }:
        module:
        if module.key == null then
          {
            inherit seen;
            kept = kept ++ [ module ];
          }
        else if builtins.elem module.key (seen ++ disabled) then
          {
            inherit seen kept;
          }
        else
          {
            seen = seen ++ [ module.key ];
            kept = kept ++ [ module ];
          }
      )
      {
        seen = [ ];
        kept = [ ];
      };
in
# Definitions merge in this order.
lib.reverseList (once all).kept
