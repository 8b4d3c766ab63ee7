/** The members of the record `key` of a value, as far as the value has the shape for it. */
export function members(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const record: unknown = Object(value)[key];
  const isRecord = typeof record === "object" && record !== null && !Array.isArray(record);
  return isRecord ? (record as Readonly<Record<string, unknown>>) : {};
}
