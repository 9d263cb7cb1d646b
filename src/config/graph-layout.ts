import { instance } from '@viz-js/viz';

/**
 * Graphviz's layout, compiled to WebAssembly and bundled with its package: a graph in its language to SVG. The same
 * graph gives the same drawing on every machine.
 */
export async function loadGraphLayout(): Promise<(dot: string) => string> {
  const viz = await instance();
  return (dot) => viz.renderString(dot, { format: 'svg', engine: 'dot' });
}
