// Generated from src/plan/model.ts by src/codegen: do not edit, run "npm run codegen".
// @ts-nocheck
"use strict";
export const validatePlan = validate23;
const schema32 = {"description":"What a run would do on one host.","type":"object","properties":{"schemaVersion":{"description":"Version of this format. A program that reads it should refuse any other.","const":2,"examples":[2]},"release":{"description":"Release of microvm-sweep that made the plan.","type":"string","examples":["0.3.0"]},"host":{"description":"Name of the host: with a page that of the configuration in `nixosConfigurations`, with the live module `networking.hostName`.","type":"string","examples":["hyp-01"]},"generation":{"description":"Toplevel that the plan is made for: that of `--system`, otherwise the running one, with links resolved.","type":"string","examples":["/nix/store/mq3l8v0q6d1x2w5kq6a4h7p9c8yz0b1n-nixos-system-hyp-01-26.05"]},"made":{"description":"When the plan was made, by the clock of the host, in UTC.","type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$","examples":["2026-11-28T22:11:00Z"]},"vms":{"description":"Every MicroVM that was found or is declared, sorted by name.","type":"array","items":{"$ref":"#/$defs/PlannedVm"}},"files":{"description":"Every unit file of microvm.nix in a unit directory that goes, or that nothing declared needs and that stays.","type":"array","items":{"$ref":"#/$defs/PlannedFile"}},"stop":{"description":"Names of the MicroVMs that would be stopped.","type":"array","items":{"type":"string"},"examples":[["bar"]]},"remove":{"description":"Paths of the unit files that would be removed. What somebody wrote is moved, and counts as removed.","type":"array","items":{"type":"string"},"examples":[["/etc/systemd/system/microvm@.service"]]},"reset":{"description":"Units whose failed state would be reset.","type":"array","items":{"type":"string"},"examples":[["microvm@bar.service"]]},"reload":{"description":"Whether systemd would reload its units.","type":"boolean","examples":[true]},"notes":{"description":"What stays and why, one sentence each: the lines that a run prints for it.","type":"array","items":{"type":"string"},"examples":[["running, but no generation declares it, so it is left alone: foo"]]},"errors":{"description":"Errors that a run would report, one sentence each.","type":"array","items":{"type":"string"},"examples":[[]]},"unseen":{"description":"What could not be seen, for example without root, one sentence each.","type":"array","items":{"type":"string"},"examples":[[]]}},"required":["schemaVersion","release","host","generation","made","vms","files","stop","remove","reset","reload","notes","errors","unseen"],"additionalProperties":false};
const schema33 = {"description":"One MicroVM in a plan.","type":"object","properties":{"name":{"description":"Name of the MicroVM: the instance name of its units.","type":"string","examples":["bar"]},"verdict":{"description":"Row of the verdict table that fits (docs/design.md, \"Verdicts\"): `live` is declared, `kept` is on the keep list, `foreign` has an alias or a mask, `imperative` was made by hand, `orphan` is removed by this switch, `lingering` was removed earlier and runs, `leftover` was removed earlier and does not run, `unknown` runs and nothing is known of it, `ghost` is named by unit files only.","enum":["live","kept","foreign","imperative","orphan","lingering","leftover","unknown","ghost"],"examples":["orphan"]},"active":{"description":"Whether systemd has a unit of the MicroVM that is neither inactive nor failed.","type":"boolean","examples":[true]},"evidence":{"description":"The facts that led to the verdict, in one sentence.","type":"string","examples":["this switch removes it: the running system declares it, and the new one does not"]},"happens":{"description":"What a run would do with the MicroVM, in one sentence.","type":"string","examples":["it is stopped, and its unit files go"]}},"required":["name","verdict","active","evidence","happens"],"additionalProperties":false};
const schema34 = {"description":"One unit file in a plan.","type":"object","properties":{"path":{"description":"Absolute path of the file, link or directory.","type":"string","examples":["/etc/systemd/system.control/microvm@bar.service.d"]},"vm":{"description":"Name of the MicroVM that the file belongs to; null for a file of all MicroVMs, such as a template.","type":["string","null"],"examples":["bar"]},"happens":{"description":"What a run would do with the file.","enum":["remove","keep"],"examples":["remove"]},"reason":{"description":"Why, in a few words.","type":"string","examples":["no MicroVM needs it any more"]}},"required":["path","vm","happens","reason"],"additionalProperties":false};
const func0 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", "u");

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
if((data.release === undefined) || (!(func0.call(data, "release")))){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "release"},message:"must have required property '"+"release"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if((data.host === undefined) || (!(func0.call(data, "host")))){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "host"},message:"must have required property '"+"host"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if((data.generation === undefined) || (!(func0.call(data, "generation")))){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "generation"},message:"must have required property '"+"generation"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((data.made === undefined) || (!(func0.call(data, "made")))){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "made"},message:"must have required property '"+"made"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if((data.vms === undefined) || (!(func0.call(data, "vms")))){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "vms"},message:"must have required property '"+"vms"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((data.files === undefined) || (!(func0.call(data, "files")))){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "files"},message:"must have required property '"+"files"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((data.stop === undefined) || (!(func0.call(data, "stop")))){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "stop"},message:"must have required property '"+"stop"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if((data.remove === undefined) || (!(func0.call(data, "remove")))){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "remove"},message:"must have required property '"+"remove"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if((data.reset === undefined) || (!(func0.call(data, "reset")))){
const err9 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "reset"},message:"must have required property '"+"reset"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if((data.reload === undefined) || (!(func0.call(data, "reload")))){
const err10 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "reload"},message:"must have required property '"+"reload"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if((data.notes === undefined) || (!(func0.call(data, "notes")))){
const err11 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "notes"},message:"must have required property '"+"notes"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if((data.errors === undefined) || (!(func0.call(data, "errors")))){
const err12 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "errors"},message:"must have required property '"+"errors"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if((data.unseen === undefined) || (!(func0.call(data, "unseen")))){
const err13 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "unseen"},message:"must have required property '"+"unseen"+"'",schema:schema32.required,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key0 of Object.keys(data)){
if(!(func0.call(schema32.properties, key0))){
const err14 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.schemaVersion !== undefined && func0.call(data, "schemaVersion")){
let data0 = data.schemaVersion;
if(2 !== data0){
const err15 = {instancePath:instancePath+"/schemaVersion",schemaPath:"#/properties/schemaVersion/const",keyword:"const",params:{allowedValue: 2},message:"must be equal to constant",schema:2,parentSchema:schema32.properties.schemaVersion,data:data0};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.release !== undefined && func0.call(data, "release")){
let data1 = data.release;
if(typeof data1 !== "string"){
const err16 = {instancePath:instancePath+"/release",schemaPath:"#/properties/release/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.release.type,parentSchema:schema32.properties.release,data:data1};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.host !== undefined && func0.call(data, "host")){
let data2 = data.host;
if(typeof data2 !== "string"){
const err17 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.host.type,parentSchema:schema32.properties.host,data:data2};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.generation !== undefined && func0.call(data, "generation")){
let data3 = data.generation;
if(typeof data3 !== "string"){
const err18 = {instancePath:instancePath+"/generation",schemaPath:"#/properties/generation/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.generation.type,parentSchema:schema32.properties.generation,data:data3};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.made !== undefined && func0.call(data, "made")){
let data4 = data.made;
if(typeof data4 === "string"){
if(!pattern4.test(data4)){
const err19 = {instancePath:instancePath+"/made",schemaPath:"#/properties/made/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},message:"must match pattern \""+"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"+"\"",schema:"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",parentSchema:schema32.properties.made,data:data4};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/made",schemaPath:"#/properties/made/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.made.type,parentSchema:schema32.properties.made,data:data4};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.vms !== undefined && func0.call(data, "vms")){
let data5 = data.vms;
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if((data6.name === undefined) || (!(func0.call(data6, "name")))){
const err21 = {instancePath:instancePath+"/vms/" + i0,schemaPath:"#/$defs/PlannedVm/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema33.required,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if((data6.verdict === undefined) || (!(func0.call(data6, "verdict")))){
const err22 = {instancePath:instancePath+"/vms/" + i0,schemaPath:"#/$defs/PlannedVm/required",keyword:"required",params:{missingProperty: "verdict"},message:"must have required property '"+"verdict"+"'",schema:schema33.required,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if((data6.active === undefined) || (!(func0.call(data6, "active")))){
const err23 = {instancePath:instancePath+"/vms/" + i0,schemaPath:"#/$defs/PlannedVm/required",keyword:"required",params:{missingProperty: "active"},message:"must have required property '"+"active"+"'",schema:schema33.required,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if((data6.evidence === undefined) || (!(func0.call(data6, "evidence")))){
const err24 = {instancePath:instancePath+"/vms/" + i0,schemaPath:"#/$defs/PlannedVm/required",keyword:"required",params:{missingProperty: "evidence"},message:"must have required property '"+"evidence"+"'",schema:schema33.required,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if((data6.happens === undefined) || (!(func0.call(data6, "happens")))){
const err25 = {instancePath:instancePath+"/vms/" + i0,schemaPath:"#/$defs/PlannedVm/required",keyword:"required",params:{missingProperty: "happens"},message:"must have required property '"+"happens"+"'",schema:schema33.required,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key1 of Object.keys(data6)){
if(!(((((key1 === "name") || (key1 === "verdict")) || (key1 === "active")) || (key1 === "evidence")) || (key1 === "happens"))){
const err26 = {instancePath:instancePath+"/vms/" + i0,schemaPath:"#/$defs/PlannedVm/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data6.name !== undefined && func0.call(data6, "name")){
let data7 = data6.name;
if(typeof data7 !== "string"){
const err27 = {instancePath:instancePath+"/vms/" + i0+"/name",schemaPath:"#/$defs/PlannedVm/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.properties.name.type,parentSchema:schema33.properties.name,data:data7};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data6.verdict !== undefined && func0.call(data6, "verdict")){
let data8 = data6.verdict;
if(!(((((((((data8 === "live") || (data8 === "kept")) || (data8 === "foreign")) || (data8 === "imperative")) || (data8 === "orphan")) || (data8 === "lingering")) || (data8 === "leftover")) || (data8 === "unknown")) || (data8 === "ghost"))){
const err28 = {instancePath:instancePath+"/vms/" + i0+"/verdict",schemaPath:"#/$defs/PlannedVm/properties/verdict/enum",keyword:"enum",params:{allowedValues: schema33.properties.verdict.enum},message:"must be equal to one of the allowed values",schema:schema33.properties.verdict.enum,parentSchema:schema33.properties.verdict,data:data8};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data6.active !== undefined && func0.call(data6, "active")){
let data9 = data6.active;
if(typeof data9 !== "boolean"){
const err29 = {instancePath:instancePath+"/vms/" + i0+"/active",schemaPath:"#/$defs/PlannedVm/properties/active/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema33.properties.active.type,parentSchema:schema33.properties.active,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data6.evidence !== undefined && func0.call(data6, "evidence")){
let data10 = data6.evidence;
if(typeof data10 !== "string"){
const err30 = {instancePath:instancePath+"/vms/" + i0+"/evidence",schemaPath:"#/$defs/PlannedVm/properties/evidence/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.properties.evidence.type,parentSchema:schema33.properties.evidence,data:data10};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data6.happens !== undefined && func0.call(data6, "happens")){
let data11 = data6.happens;
if(typeof data11 !== "string"){
const err31 = {instancePath:instancePath+"/vms/" + i0+"/happens",schemaPath:"#/$defs/PlannedVm/properties/happens/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.properties.happens.type,parentSchema:schema33.properties.happens,data:data11};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
else {
const err32 = {instancePath:instancePath+"/vms/" + i0,schemaPath:"#/$defs/PlannedVm/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema33.type,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/vms",schemaPath:"#/properties/vms/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.vms.type,parentSchema:schema32.properties.vms,data:data5};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.files !== undefined && func0.call(data, "files")){
let data12 = data.files;
if(Array.isArray(data12)){
const len1 = data12.length;
for(let i1=0; i1<len1; i1++){
let data13 = data12[i1];
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if((data13.path === undefined) || (!(func0.call(data13, "path")))){
const err34 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/$defs/PlannedFile/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'",schema:schema34.required,parentSchema:schema34,data:data13};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if((data13.vm === undefined) || (!(func0.call(data13, "vm")))){
const err35 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/$defs/PlannedFile/required",keyword:"required",params:{missingProperty: "vm"},message:"must have required property '"+"vm"+"'",schema:schema34.required,parentSchema:schema34,data:data13};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if((data13.happens === undefined) || (!(func0.call(data13, "happens")))){
const err36 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/$defs/PlannedFile/required",keyword:"required",params:{missingProperty: "happens"},message:"must have required property '"+"happens"+"'",schema:schema34.required,parentSchema:schema34,data:data13};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if((data13.reason === undefined) || (!(func0.call(data13, "reason")))){
const err37 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/$defs/PlannedFile/required",keyword:"required",params:{missingProperty: "reason"},message:"must have required property '"+"reason"+"'",schema:schema34.required,parentSchema:schema34,data:data13};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
for(const key2 of Object.keys(data13)){
if(!((((key2 === "path") || (key2 === "vm")) || (key2 === "happens")) || (key2 === "reason"))){
const err38 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/$defs/PlannedFile/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema34,data:data13};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data13.path !== undefined && func0.call(data13, "path")){
let data14 = data13.path;
if(typeof data14 !== "string"){
const err39 = {instancePath:instancePath+"/files/" + i1+"/path",schemaPath:"#/$defs/PlannedFile/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.properties.path.type,parentSchema:schema34.properties.path,data:data14};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data13.vm !== undefined && func0.call(data13, "vm")){
let data15 = data13.vm;
if((typeof data15 !== "string") && (data15 !== null)){
const err40 = {instancePath:instancePath+"/files/" + i1+"/vm",schemaPath:"#/$defs/PlannedFile/properties/vm/type",keyword:"type",params:{type: schema34.properties.vm.type},message:"must be string,null",schema:schema34.properties.vm.type,parentSchema:schema34.properties.vm,data:data15};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data13.happens !== undefined && func0.call(data13, "happens")){
let data16 = data13.happens;
if(!((data16 === "remove") || (data16 === "keep"))){
const err41 = {instancePath:instancePath+"/files/" + i1+"/happens",schemaPath:"#/$defs/PlannedFile/properties/happens/enum",keyword:"enum",params:{allowedValues: schema34.properties.happens.enum},message:"must be equal to one of the allowed values",schema:schema34.properties.happens.enum,parentSchema:schema34.properties.happens,data:data16};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data13.reason !== undefined && func0.call(data13, "reason")){
let data17 = data13.reason;
if(typeof data17 !== "string"){
const err42 = {instancePath:instancePath+"/files/" + i1+"/reason",schemaPath:"#/$defs/PlannedFile/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.properties.reason.type,parentSchema:schema34.properties.reason,data:data17};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/files/" + i1,schemaPath:"#/$defs/PlannedFile/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema34.type,parentSchema:schema34,data:data13};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath:instancePath+"/files",schemaPath:"#/properties/files/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.files.type,parentSchema:schema32.properties.files,data:data12};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data.stop !== undefined && func0.call(data, "stop")){
let data18 = data.stop;
if(Array.isArray(data18)){
const len2 = data18.length;
for(let i2=0; i2<len2; i2++){
let data19 = data18[i2];
if(typeof data19 !== "string"){
const err45 = {instancePath:instancePath+"/stop/" + i2,schemaPath:"#/properties/stop/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.stop.items.type,parentSchema:schema32.properties.stop.items,data:data19};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/stop",schemaPath:"#/properties/stop/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.stop.type,parentSchema:schema32.properties.stop,data:data18};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data.remove !== undefined && func0.call(data, "remove")){
let data20 = data.remove;
if(Array.isArray(data20)){
const len3 = data20.length;
for(let i3=0; i3<len3; i3++){
let data21 = data20[i3];
if(typeof data21 !== "string"){
const err47 = {instancePath:instancePath+"/remove/" + i3,schemaPath:"#/properties/remove/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.remove.items.type,parentSchema:schema32.properties.remove.items,data:data21};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
}
else {
const err48 = {instancePath:instancePath+"/remove",schemaPath:"#/properties/remove/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.remove.type,parentSchema:schema32.properties.remove,data:data20};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data.reset !== undefined && func0.call(data, "reset")){
let data22 = data.reset;
if(Array.isArray(data22)){
const len4 = data22.length;
for(let i4=0; i4<len4; i4++){
let data23 = data22[i4];
if(typeof data23 !== "string"){
const err49 = {instancePath:instancePath+"/reset/" + i4,schemaPath:"#/properties/reset/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.reset.items.type,parentSchema:schema32.properties.reset.items,data:data23};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath:instancePath+"/reset",schemaPath:"#/properties/reset/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.reset.type,parentSchema:schema32.properties.reset,data:data22};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data.reload !== undefined && func0.call(data, "reload")){
let data24 = data.reload;
if(typeof data24 !== "boolean"){
const err51 = {instancePath:instancePath+"/reload",schemaPath:"#/properties/reload/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema32.properties.reload.type,parentSchema:schema32.properties.reload,data:data24};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data.notes !== undefined && func0.call(data, "notes")){
let data25 = data.notes;
if(Array.isArray(data25)){
const len5 = data25.length;
for(let i5=0; i5<len5; i5++){
let data26 = data25[i5];
if(typeof data26 !== "string"){
const err52 = {instancePath:instancePath+"/notes/" + i5,schemaPath:"#/properties/notes/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.notes.items.type,parentSchema:schema32.properties.notes.items,data:data26};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
}
else {
const err53 = {instancePath:instancePath+"/notes",schemaPath:"#/properties/notes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.notes.type,parentSchema:schema32.properties.notes,data:data25};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data.errors !== undefined && func0.call(data, "errors")){
let data27 = data.errors;
if(Array.isArray(data27)){
const len6 = data27.length;
for(let i6=0; i6<len6; i6++){
let data28 = data27[i6];
if(typeof data28 !== "string"){
const err54 = {instancePath:instancePath+"/errors/" + i6,schemaPath:"#/properties/errors/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.errors.items.type,parentSchema:schema32.properties.errors.items,data:data28};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
else {
const err55 = {instancePath:instancePath+"/errors",schemaPath:"#/properties/errors/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.errors.type,parentSchema:schema32.properties.errors,data:data27};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data.unseen !== undefined && func0.call(data, "unseen")){
let data29 = data.unseen;
if(Array.isArray(data29)){
const len7 = data29.length;
for(let i7=0; i7<len7; i7++){
let data30 = data29[i7];
if(typeof data30 !== "string"){
const err56 = {instancePath:instancePath+"/unseen/" + i7,schemaPath:"#/properties/unseen/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.properties.unseen.items.type,parentSchema:schema32.properties.unseen.items,data:data30};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/unseen",schemaPath:"#/properties/unseen/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.properties.unseen.type,parentSchema:schema32.properties.unseen,data:data29};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
else {
const err58 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema32.type,parentSchema:schema32,data};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
validate23.errors = vErrors;
return errors === 0;
}
validate23.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
