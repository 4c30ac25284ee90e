export interface Part {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly data: Buffer;
}

/** The parts of a `multipart/form-data` body. */
export function readMultipart(body: Buffer, contentType: string): readonly Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return [];
  const marker = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let start = body.indexOf(marker);
  for (let end = body.indexOf(marker, start + 1); end !== -1; end = body.indexOf(marker, start + 1)) {
    // Between the markers: CRLF, headers, an empty line, the data, CRLF.
    const part = body.subarray(start + marker.length + 2, end - 2);
    const split = part.indexOf('\r\n\r\n');
    const headers = part.subarray(0, split).toString('utf8');
    const name = /[ ;]name="([^"]*)"/.exec(headers)?.[1];
    if (name !== undefined) {
      parts.push({ name, fileName: /filename="([^"]*)"/.exec(headers)?.[1], data: part.subarray(split + 4) });
    }
    start = end;
  }
  return parts;
}
