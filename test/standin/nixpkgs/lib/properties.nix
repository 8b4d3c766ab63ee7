# Declarations of options, and the properties that definitions can have.
lib:
let
  override = priority: content: {
    _type = "override";
    inherit priority content;
  };
in
{
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = override;
  mkOptionDefault = override 1500;
  mkDefault = override 1000;
  mkForce = override 50;

  # mkMerge, mkIf and mkOverride around a set become properties of its attributes.
  pushDown =
    value:
    if lib.isType "merge" value then
      builtins.concatMap lib.pushDown value.contents
    else if lib.isType "if" value then
      map (builtins.mapAttrs (_: lib.mkIf value.condition)) (lib.pushDown value.content)
    else if lib.isType "override" value then
      map (builtins.mapAttrs (_: lib.mkOverride value.priority)) (lib.pushDown value.content)
    else
      [ value ];

  isType = type: value: value._type or null == type;
  isOption = lib.isType "option";
  showOption = builtins.concatStringsSep ".";
  literalExpression = text: {
    _type = "literalExpression";
    inherit text;
  };

  mkOption = attrs: attrs // { _type = "option"; };
}
