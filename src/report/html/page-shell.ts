import { sha256Hex } from '../../core/index.ts';
import type { Markup } from './markup.ts';
import { html, raw } from './markup.ts';
import { STYLE } from './style.ts';

/** What a page adds to the frame that all pages share. */
interface PageParts {
  readonly title: string;
  /** Rules of this page alone. */
  readonly style: string;
  readonly body: Markup;
}

/**
 * The frame of every page. The browser is told to load nothing, run nothing and apply no style but this one, by
 * its digest: what an escape might miss could still not act.
 */
export async function pageShell({ title, style, body }: PageParts): Promise<string> {
  const sheet = `${STYLE}\n${style}`;
  const allowed = `default-src 'none'; style-src 'sha256-${base64OfHex(sha256Hex(sheet))}'; base-uri 'none'; form-action 'none'`;
  const page = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="${allowed}" />
<meta name="referrer" content="no-referrer" /><meta name="color-scheme" content="light" />
<title>${title}</title>
<style>${raw(sheet)}</style></head>
<body>${body}</body></html>
`;
  return page.toString();
}

function base64OfHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
