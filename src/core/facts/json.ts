/** A value as it comes from the Kubernetes API: JSON, with whole numbers as `number`. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
