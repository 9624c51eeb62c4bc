import type { JsonObject } from '../facts/json.ts';
import { metadataPart, nameOf } from './object-parts.ts';

/** Gives equal objects one id; objects that changed between two reads get `#2`, `#3` and so on. */
export class ObjectPool {
  readonly objects: JsonObject[] = [];
  readonly partialObjects: JsonObject[] = [];
  readonly #ids = new Map<string, string>();
  readonly #byMetadata = new Map<string, string>();
  readonly #names = new ObjectNames();

  /** Adds a whole object. Whole objects come before partial ones, so that these can refer to them. */
  addWhole(object: JsonObject): void {
    const content = JSON.stringify(object);
    if (!this.#ids.has(content)) {
      const id = this.#names.next(object);
      this.#ids.set(content, id);
      this.#byMetadata.set(JSON.stringify(metadataPart(object)), id);
      this.objects.push(object);
    }
  }

  /** Adds an object of which only the metadata was read. */
  addPartial(object: JsonObject): void {
    const content = JSON.stringify(object);
    if (!this.#byMetadata.has(content)) {
      this.#byMetadata.set(content, this.#names.next(object));
      this.partialObjects.push(object);
    }
  }

  /** The id of an object that was added. */
  idOf(object: JsonObject, metadataOnly: boolean): string {
    return (metadataOnly ? this.#byMetadata : this.#ids).get(JSON.stringify(object)) ?? '';
  }
}

/** Hands out ids in the order of the objects, which is the order of the file. */
export class ObjectNames {
  readonly #used = new Map<string, number>();

  /** The id of the next object. */
  next(object: JsonObject): string {
    const { kind, namespace, name } = nameOf(object);
    const base = [kind, namespace, name].filter((part) => part !== '').join('/');
    const count = (this.#used.get(base) ?? 0) + 1;
    this.#used.set(base, count);
    return count === 1 ? base : `${base}#${count}`;
  }
}
