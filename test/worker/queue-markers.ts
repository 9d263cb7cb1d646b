const WINDOW = 12;

/** The pieces of a marker as they might stand in a dump: raw, base64 at three offsets, hex and UTF-16, 12 characters each. */
function markerPieces(marker: string): readonly string[] {
  const forms = [
    marker,
    Buffer.from(marker).toString('hex'),
    ...[0, 1, 2].map((offset) =>
      Buffer.from(' '.repeat(offset) + marker)
        .toString('base64')
        .slice(offset + 2, -4),
    ),
    Buffer.from(marker, 'utf16le').toString('latin1'),
    encodeURIComponent(marker),
  ];
  const pieces = new Set<string>();
  for (const form of forms)
    for (let start = 0; start + WINDOW <= form.length; start += 1)
      pieces.add(form.slice(start, start + WINDOW));
  return [...pieces];
}

/** The pieces of a marker that a text holds. */
export function markersIn(text: string, marker: string): readonly string[] {
  return markerPieces(marker).filter((piece) => text.includes(piece));
}
