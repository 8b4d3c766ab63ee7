// Generated from src/usage/model.ts by src/codegen: do not edit, run "npm run codegen".
// @ts-nocheck
"use strict";
export const validateDocument = validate21;
const schema32 = {"description":"All hosts of one flake.","type":"object","properties":{"schemaVersion":{"description":"Version of this format. A release refuses a newer version.","const":1,"examples":[1]},"hosts":{"description":"The configurations, by their name in `nixosConfigurations`.","type":"object"}},"required":["schemaVersion","hosts"],"additionalProperties":false};
const func0 = Object.prototype.hasOwnProperty;

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if((data.schemaVersion === undefined) || (!(func0.call(data, "schemaVersion")))){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "schemaVersion"},message:"must have required property '"+"schemaVersion"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((data.hosts === undefined) || (!(func0.call(data, "hosts")))){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "hosts"},message:"must have required property '"+"hosts"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 of Object.keys(data)){
if(!((key0 === "schemaVersion") || (key0 === "hosts"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.schemaVersion !== undefined && func0.call(data, "schemaVersion")){
let data0 = data.schemaVersion;
if(1 !== data0){
const err3 = {instancePath:instancePath+"/schemaVersion",schemaPath:"#/properties/schemaVersion/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant",schema:1,parentSchema:schema32.properties.schemaVersion,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.hosts !== undefined && func0.call(data, "hosts")){
let data1 = data.hosts;
if(!(data1 && typeof data1 == "object" && !Array.isArray(data1))){
const err4 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema32.properties.hosts.type,parentSchema:schema32.properties.hosts,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
else {
const err5 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema32.type,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const validateHostLine = validate22;
const schema34 = {"description":"One host as a line of JSON Lines: the host with its name and the version of the format.","type":"object","properties":{"schemaVersion":{"description":"Version of this format. A release refuses a newer version.","const":1,"examples":[1]},"system":{"description":"Platform that the host runs on, as Nix names it. The packages of the configuration are evaluated only where the option does not say it.","type":"string","pattern":"^[a-z0-9_]+-[a-z0-9_]+$","examples":["x86_64-linux"]},"nixosRelease":{"description":"Release of NixOS that the configuration is built from: year and month.","type":"string","pattern":"^[0-9]{2}\\.[0-9]{2}$","examples":["26.05"]},"role":{"description":"Whether the configuration is a MicroVM and nothing else. One that declares MicroVMs itself is a host. Where the guest module of microvm.nix is too old to be switched off, it counts as in use.","enum":["host","guest"],"examples":["host"]},"hostModule":{"description":"State of the host module of microvm.nix: not imported, imported with `microvm.host.enable = false`, or in use. It is `\"unknown\"` where the options `microvm` are not those of microvm.nix 0.4 or later: the other keys then say nothing of MicroVMs.","enum":["absent","disabled","enabled","unknown"],"examples":["enabled"]},"stateDir":{"description":"Directory that holds one state directory for each MicroVM: `/var/lib/microvms` where no option says it.","type":"string","examples":["/var/lib/microvms"]},"autostart":{"description":"Names of the MicroVMs that start at boot, sorted. It may name imperative ones, which then count as declared.","type":"array","items":{"type":"string"},"uniqueItems":true,"examples":[["fw","imp"]]},"activationScripts":{"description":"Whether this NixOS has activation scripts and runs them. It is false where the option is missing and where `system.activatable` is false.","type":"boolean","examples":[true]},"etcOverlay":{"description":"How `/etc` is made: `none` where it is not an overlay, otherwise whether the overlay can be written to.","enum":["none","immutable","mutable"],"examples":["none"]},"vms":{"description":"The MicroVMs that the host declares, by name.","type":"object"},"host":{"description":"Name of the configuration in `nixosConfigurations`.","type":"string","examples":["hyp-01"]}},"required":["schemaVersion","system","nixosRelease","role","hostModule","stateDir","autostart","activationScripts","etcOverlay","vms","host"],"additionalProperties":false};
const pattern4 = new RegExp("^[a-z0-9_]+-[a-z0-9_]+$", "u");
const pattern5 = new RegExp("^[0-9]{2}\\.[0-9]{2}$", "u");

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate22.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if((data.schemaVersion === undefined) || (!(func0.call(data, "schemaVersion")))){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "schemaVersion"},message:"must have required property '"+"schemaVersion"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((data.system === undefined) || (!(func0.call(data, "system")))){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "system"},message:"must have required property '"+"system"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if((data.nixosRelease === undefined) || (!(func0.call(data, "nixosRelease")))){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "nixosRelease"},message:"must have required property '"+"nixosRelease"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if((data.role === undefined) || (!(func0.call(data, "role")))){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "role"},message:"must have required property '"+"role"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((data.hostModule === undefined) || (!(func0.call(data, "hostModule")))){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "hostModule"},message:"must have required property '"+"hostModule"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if((data.stateDir === undefined) || (!(func0.call(data, "stateDir")))){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "stateDir"},message:"must have required property '"+"stateDir"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((data.autostart === undefined) || (!(func0.call(data, "autostart")))){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "autostart"},message:"must have required property '"+"autostart"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((data.activationScripts === undefined) || (!(func0.call(data, "activationScripts")))){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "activationScripts"},message:"must have required property '"+"activationScripts"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if((data.etcOverlay === undefined) || (!(func0.call(data, "etcOverlay")))){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "etcOverlay"},message:"must have required property '"+"etcOverlay"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if((data.vms === undefined) || (!(func0.call(data, "vms")))){
const err9 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vms"},message:"must have required property '"+"vms"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if((data.host === undefined) || (!(func0.call(data, "host")))){
const err10 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "host"},message:"must have required property '"+"host"+"'",schema:schema34.required,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
for(const key0 of Object.keys(data)){
if(!(func0.call(schema34.properties, key0))){
const err11 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.schemaVersion !== undefined && func0.call(data, "schemaVersion")){
let data0 = data.schemaVersion;
if(1 !== data0){
const err12 = {instancePath:instancePath+"/schemaVersion",schemaPath:"#/properties/schemaVersion/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant",schema:1,parentSchema:schema34.properties.schemaVersion,data:data0};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.system !== undefined && func0.call(data, "system")){
let data1 = data.system;
if(typeof data1 === "string"){
if(!pattern4.test(data1)){
const err13 = {instancePath:instancePath+"/system",schemaPath:"#/properties/system/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9_]+-[a-z0-9_]+$"},message:"must match pattern \""+"^[a-z0-9_]+-[a-z0-9_]+$"+"\"",schema:"^[a-z0-9_]+-[a-z0-9_]+$",parentSchema:schema34.properties.system,data:data1};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/system",schemaPath:"#/properties/system/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.properties.system.type,parentSchema:schema34.properties.system,data:data1};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.nixosRelease !== undefined && func0.call(data, "nixosRelease")){
let data2 = data.nixosRelease;
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
const err15 = {instancePath:instancePath+"/nixosRelease",schemaPath:"#/properties/nixosRelease/pattern",keyword:"pattern",params:{pattern: "^[0-9]{2}\\.[0-9]{2}$"},message:"must match pattern \""+"^[0-9]{2}\\.[0-9]{2}$"+"\"",schema:"^[0-9]{2}\\.[0-9]{2}$",parentSchema:schema34.properties.nixosRelease,data:data2};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/nixosRelease",schemaPath:"#/properties/nixosRelease/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.properties.nixosRelease.type,parentSchema:schema34.properties.nixosRelease,data:data2};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.role !== undefined && func0.call(data, "role")){
let data3 = data.role;
if(!((data3 === "host") || (data3 === "guest"))){
const err17 = {instancePath:instancePath+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues: schema34.properties.role.enum},message:"must be equal to one of the allowed values",schema:schema34.properties.role.enum,parentSchema:schema34.properties.role,data:data3};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.hostModule !== undefined && func0.call(data, "hostModule")){
let data4 = data.hostModule;
if(!((((data4 === "absent") || (data4 === "disabled")) || (data4 === "enabled")) || (data4 === "unknown"))){
const err18 = {instancePath:instancePath+"/hostModule",schemaPath:"#/properties/hostModule/enum",keyword:"enum",params:{allowedValues: schema34.properties.hostModule.enum},message:"must be equal to one of the allowed values",schema:schema34.properties.hostModule.enum,parentSchema:schema34.properties.hostModule,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.stateDir !== undefined && func0.call(data, "stateDir")){
let data5 = data.stateDir;
if(typeof data5 !== "string"){
const err19 = {instancePath:instancePath+"/stateDir",schemaPath:"#/properties/stateDir/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.properties.stateDir.type,parentSchema:schema34.properties.stateDir,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.autostart !== undefined && func0.call(data, "autostart")){
let data6 = data.autostart;
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 !== "string"){
const err20 = {instancePath:instancePath+"/autostart/" + i0,schemaPath:"#/properties/autostart/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.properties.autostart.items.type,parentSchema:schema34.properties.autostart.items,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
let i1 = data6.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data6[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err21 = {instancePath:instancePath+"/autostart",schemaPath:"#/properties/autostart/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema34.properties.autostart,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err22 = {instancePath:instancePath+"/autostart",schemaPath:"#/properties/autostart/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema34.properties.autostart.type,parentSchema:schema34.properties.autostart,data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.activationScripts !== undefined && func0.call(data, "activationScripts")){
let data8 = data.activationScripts;
if(typeof data8 !== "boolean"){
const err23 = {instancePath:instancePath+"/activationScripts",schemaPath:"#/properties/activationScripts/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema34.properties.activationScripts.type,parentSchema:schema34.properties.activationScripts,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.etcOverlay !== undefined && func0.call(data, "etcOverlay")){
let data9 = data.etcOverlay;
if(!(((data9 === "none") || (data9 === "immutable")) || (data9 === "mutable"))){
const err24 = {instancePath:instancePath+"/etcOverlay",schemaPath:"#/properties/etcOverlay/enum",keyword:"enum",params:{allowedValues: schema34.properties.etcOverlay.enum},message:"must be equal to one of the allowed values",schema:schema34.properties.etcOverlay.enum,parentSchema:schema34.properties.etcOverlay,data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.vms !== undefined && func0.call(data, "vms")){
let data10 = data.vms;
if(!(data10 && typeof data10 == "object" && !Array.isArray(data10))){
const err25 = {instancePath:instancePath+"/vms",schemaPath:"#/properties/vms/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema34.properties.vms.type,parentSchema:schema34.properties.vms,data:data10};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.host !== undefined && func0.call(data, "host")){
let data11 = data.host;
if(typeof data11 !== "string"){
const err26 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.properties.host.type,parentSchema:schema34.properties.host,data:data11};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
}
else {
const err27 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema34.type,parentSchema:schema34,data};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}
validate22.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const validateHost = validate23;
const schema35 = {"description":"One NixOS configuration of the flake: a member of `nixosConfigurations`.","type":"object","properties":{"system":{"description":"Platform that the host runs on, as Nix names it. The packages of the configuration are evaluated only where the option does not say it.","type":"string","pattern":"^[a-z0-9_]+-[a-z0-9_]+$","examples":["x86_64-linux"]},"nixosRelease":{"description":"Release of NixOS that the configuration is built from: year and month.","type":"string","pattern":"^[0-9]{2}\\.[0-9]{2}$","examples":["26.05"]},"role":{"description":"Whether the configuration is a MicroVM and nothing else. One that declares MicroVMs itself is a host. Where the guest module of microvm.nix is too old to be switched off, it counts as in use.","enum":["host","guest"],"examples":["host"]},"hostModule":{"description":"State of the host module of microvm.nix: not imported, imported with `microvm.host.enable = false`, or in use. It is `\"unknown\"` where the options `microvm` are not those of microvm.nix 0.4 or later: the other keys then say nothing of MicroVMs.","enum":["absent","disabled","enabled","unknown"],"examples":["enabled"]},"stateDir":{"description":"Directory that holds one state directory for each MicroVM: `/var/lib/microvms` where no option says it.","type":"string","examples":["/var/lib/microvms"]},"autostart":{"description":"Names of the MicroVMs that start at boot, sorted. It may name imperative ones, which then count as declared.","type":"array","items":{"type":"string"},"uniqueItems":true,"examples":[["fw","imp"]]},"activationScripts":{"description":"Whether this NixOS has activation scripts and runs them. It is false where the option is missing and where `system.activatable` is false.","type":"boolean","examples":[true]},"etcOverlay":{"description":"How `/etc` is made: `none` where it is not an overlay, otherwise whether the overlay can be written to.","enum":["none","immutable","mutable"],"examples":["none"]},"vms":{"description":"The MicroVMs that the host declares, by name.","type":"object"}},"required":["system","nixosRelease","role","hostModule","stateDir","autostart","activationScripts","etcOverlay","vms"],"additionalProperties":false};

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate23.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if((data.system === undefined) || (!(func0.call(data, "system")))){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "system"},message:"must have required property '"+"system"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((data.nixosRelease === undefined) || (!(func0.call(data, "nixosRelease")))){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "nixosRelease"},message:"must have required property '"+"nixosRelease"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if((data.role === undefined) || (!(func0.call(data, "role")))){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "role"},message:"must have required property '"+"role"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if((data.hostModule === undefined) || (!(func0.call(data, "hostModule")))){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "hostModule"},message:"must have required property '"+"hostModule"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((data.stateDir === undefined) || (!(func0.call(data, "stateDir")))){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "stateDir"},message:"must have required property '"+"stateDir"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if((data.autostart === undefined) || (!(func0.call(data, "autostart")))){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "autostart"},message:"must have required property '"+"autostart"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((data.activationScripts === undefined) || (!(func0.call(data, "activationScripts")))){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "activationScripts"},message:"must have required property '"+"activationScripts"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((data.etcOverlay === undefined) || (!(func0.call(data, "etcOverlay")))){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "etcOverlay"},message:"must have required property '"+"etcOverlay"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if((data.vms === undefined) || (!(func0.call(data, "vms")))){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vms"},message:"must have required property '"+"vms"+"'",schema:schema35.required,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
for(const key0 of Object.keys(data)){
if(!(func0.call(schema35.properties, key0))){
const err9 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.system !== undefined && func0.call(data, "system")){
let data0 = data.system;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err10 = {instancePath:instancePath+"/system",schemaPath:"#/properties/system/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9_]+-[a-z0-9_]+$"},message:"must match pattern \""+"^[a-z0-9_]+-[a-z0-9_]+$"+"\"",schema:"^[a-z0-9_]+-[a-z0-9_]+$",parentSchema:schema35.properties.system,data:data0};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/system",schemaPath:"#/properties/system/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.properties.system.type,parentSchema:schema35.properties.system,data:data0};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.nixosRelease !== undefined && func0.call(data, "nixosRelease")){
let data1 = data.nixosRelease;
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
const err12 = {instancePath:instancePath+"/nixosRelease",schemaPath:"#/properties/nixosRelease/pattern",keyword:"pattern",params:{pattern: "^[0-9]{2}\\.[0-9]{2}$"},message:"must match pattern \""+"^[0-9]{2}\\.[0-9]{2}$"+"\"",schema:"^[0-9]{2}\\.[0-9]{2}$",parentSchema:schema35.properties.nixosRelease,data:data1};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/nixosRelease",schemaPath:"#/properties/nixosRelease/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.properties.nixosRelease.type,parentSchema:schema35.properties.nixosRelease,data:data1};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.role !== undefined && func0.call(data, "role")){
let data2 = data.role;
if(!((data2 === "host") || (data2 === "guest"))){
const err14 = {instancePath:instancePath+"/role",schemaPath:"#/properties/role/enum",keyword:"enum",params:{allowedValues: schema35.properties.role.enum},message:"must be equal to one of the allowed values",schema:schema35.properties.role.enum,parentSchema:schema35.properties.role,data:data2};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.hostModule !== undefined && func0.call(data, "hostModule")){
let data3 = data.hostModule;
if(!((((data3 === "absent") || (data3 === "disabled")) || (data3 === "enabled")) || (data3 === "unknown"))){
const err15 = {instancePath:instancePath+"/hostModule",schemaPath:"#/properties/hostModule/enum",keyword:"enum",params:{allowedValues: schema35.properties.hostModule.enum},message:"must be equal to one of the allowed values",schema:schema35.properties.hostModule.enum,parentSchema:schema35.properties.hostModule,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.stateDir !== undefined && func0.call(data, "stateDir")){
let data4 = data.stateDir;
if(typeof data4 !== "string"){
const err16 = {instancePath:instancePath+"/stateDir",schemaPath:"#/properties/stateDir/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.properties.stateDir.type,parentSchema:schema35.properties.stateDir,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.autostart !== undefined && func0.call(data, "autostart")){
let data5 = data.autostart;
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
if(typeof data6 !== "string"){
const err17 = {instancePath:instancePath+"/autostart/" + i0,schemaPath:"#/properties/autostart/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema35.properties.autostart.items.type,parentSchema:schema35.properties.autostart.items,data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
let i1 = data5.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data5[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err18 = {instancePath:instancePath+"/autostart",schemaPath:"#/properties/autostart/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema35.properties.autostart,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err19 = {instancePath:instancePath+"/autostart",schemaPath:"#/properties/autostart/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema35.properties.autostart.type,parentSchema:schema35.properties.autostart,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.activationScripts !== undefined && func0.call(data, "activationScripts")){
let data7 = data.activationScripts;
if(typeof data7 !== "boolean"){
const err20 = {instancePath:instancePath+"/activationScripts",schemaPath:"#/properties/activationScripts/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema35.properties.activationScripts.type,parentSchema:schema35.properties.activationScripts,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.etcOverlay !== undefined && func0.call(data, "etcOverlay")){
let data8 = data.etcOverlay;
if(!(((data8 === "none") || (data8 === "immutable")) || (data8 === "mutable"))){
const err21 = {instancePath:instancePath+"/etcOverlay",schemaPath:"#/properties/etcOverlay/enum",keyword:"enum",params:{allowedValues: schema35.properties.etcOverlay.enum},message:"must be equal to one of the allowed values",schema:schema35.properties.etcOverlay.enum,parentSchema:schema35.properties.etcOverlay,data:data8};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.vms !== undefined && func0.call(data, "vms")){
let data9 = data.vms;
if(!(data9 && typeof data9 == "object" && !Array.isArray(data9))){
const err22 = {instancePath:instancePath+"/vms",schemaPath:"#/properties/vms/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema35.properties.vms.type,parentSchema:schema35.properties.vms,data:data9};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema35.type,parentSchema:schema35,data};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
validate23.errors = vErrors;
return errors === 0;
}
validate23.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const validateVm = validate24;
const schema36 = {"description":"One MicroVM of `microvm.vms`.","type":"object","properties":{"kind":{"description":"Where the system of the MicroVM comes from: `flake` where its option `flake` is set, otherwise `config`. The options `config` and `evaluatedConfig` are not looked at, because that would evaluate the guest.","enum":["config","flake"],"examples":["config"]},"autostart":{"description":"Whether the MicroVM starts at boot.","type":"boolean","examples":[true]},"updateFlake":{"description":"Flake reference that a later `microvm -u` on the host builds from. It is null where none is set.","type":["string","null"],"examples":[null]}},"required":["kind","autostart","updateFlake"],"additionalProperties":false};

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate24.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if((data.kind === undefined) || (!(func0.call(data, "kind")))){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'",schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((data.autostart === undefined) || (!(func0.call(data, "autostart")))){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "autostart"},message:"must have required property '"+"autostart"+"'",schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if((data.updateFlake === undefined) || (!(func0.call(data, "updateFlake")))){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "updateFlake"},message:"must have required property '"+"updateFlake"+"'",schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 of Object.keys(data)){
if(!(((key0 === "kind") || (key0 === "autostart")) || (key0 === "updateFlake"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.kind !== undefined && func0.call(data, "kind")){
let data0 = data.kind;
if(!((data0 === "config") || (data0 === "flake"))){
const err4 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema36.properties.kind.enum},message:"must be equal to one of the allowed values",schema:schema36.properties.kind.enum,parentSchema:schema36.properties.kind,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.autostart !== undefined && func0.call(data, "autostart")){
let data1 = data.autostart;
if(typeof data1 !== "boolean"){
const err5 = {instancePath:instancePath+"/autostart",schemaPath:"#/properties/autostart/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema36.properties.autostart.type,parentSchema:schema36.properties.autostart,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.updateFlake !== undefined && func0.call(data, "updateFlake")){
let data2 = data.updateFlake;
if((typeof data2 !== "string") && (data2 !== null)){
const err6 = {instancePath:instancePath+"/updateFlake",schemaPath:"#/properties/updateFlake/type",keyword:"type",params:{type: schema36.properties.updateFlake.type},message:"must be string,null",schema:schema36.properties.updateFlake.type,parentSchema:schema36.properties.updateFlake,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema36.type,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
validate24.errors = vErrors;
return errors === 0;
}
validate24.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
