/**
 * What is used of WebAssembly, which Node has and its type package leaves to the browser's library. Declared here
 * and not by `lib: dom`, which would bring a browser's globals into every file.
 */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
};

const compiled = new Map<string, object>();

/** Instantiates a module from its base64 text, and compiles it once a thread. Gives its exports, of which the caller knows the types. */
export function instantiate(
  base64: string,
  name: string,
  imports: Readonly<Record<string, unknown>>,
): unknown {
  const module = compiled.get(name) ?? new WebAssembly.Module(Buffer.from(base64, 'base64'));
  compiled.set(name, module);
  return new WebAssembly.Instance(module, { [name]: imports }).exports;
}
