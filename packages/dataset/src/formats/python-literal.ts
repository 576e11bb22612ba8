/** Values of the literals that NumPy writes: tuples and lists are arrays, dictionaries are maps with text keys. */
export type PythonValue = null | boolean | number | string | PythonValue[] | Map<string, PythonValue>;

/** Parses one Python literal surrounded by white space; undefined if the text is anything else. */
export function parsePythonLiteral(text: string): PythonValue | undefined {
  const parser = new LiteralParser(text);
  try {
    const value = parser.value(0);
    return parser.atEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

class NotALiteral extends Error {}

const deepest = 20;
const names: Record<string, PythonValue> = { True: true, False: false, None: null };

class LiteralParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return /^[\s\0]*$/.test(this.#text.slice(this.#at));
  }

  value(depth: number): PythonValue {
    if (depth > deepest) throw new NotALiteral();
    const next = this.#peek();
    if (next === '{') return this.#dictionary(depth);
    if (next === '(') return this.#sequence('(', ')', depth);
    if (next === '[') return this.#sequence('[', ']', depth);
    if (next === "'" || next === '"') return this.#string();
    const word = this.#match(/[A-Za-z]+/y);
    if (word !== undefined && Object.hasOwn(names, word)) return names[word];
    const digits = word === undefined ? this.#match(/[+-]?\d+L?/y) : undefined;
    if (digits === undefined) throw new NotALiteral();
    return Number(digits.replace('L', ''));
  }

  #dictionary(depth: number): PythonValue {
    const fields = new Map<string, PythonValue>();
    this.#expect('{');
    while (this.#peek() !== '}') {
      const key = this.#string();
      this.#expect(':');
      fields.set(key, this.value(depth + 1));
      if (this.#peek() !== ',') break;
      this.#expect(',');
    }
    this.#expect('}');
    return fields;
  }

  #sequence(open: string, close: string, depth: number): PythonValue[] {
    const values: PythonValue[] = [];
    this.#expect(open);
    while (this.#peek() !== close) {
      values.push(this.value(depth + 1));
      if (this.#peek() !== ',') break;
      this.#expect(',');
    }
    this.#expect(close);
    return values;
  }

  #string(): string {
    this.#peek();
    const quoted = this.#match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y);
    if (quoted === undefined) throw new NotALiteral();
    return quoted.slice(1, -1).replace(/\\(.)/g, '$1');
  }

  #peek(): string {
    this.#match(/\s+/y);
    return this.#text[this.#at] ?? '';
  }

  #expect(character: string): void {
    if (this.#peek() !== character) throw new NotALiteral();
    this.#at += 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
