const LONGEST = 60;

/** A value of a document in a few words for a message. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
