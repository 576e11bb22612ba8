/** Numbers of group keys, in the order they came in. */
export class SliceKeys {
  readonly keys: string[] = [];
  readonly #ids = new Map<string, number>();

  id(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.keys.length;
    this.#ids.set(key, id);
    this.keys.push(key);
    return id;
  }

  get(key: string): number | undefined {
    return this.#ids.get(key);
  }
}
