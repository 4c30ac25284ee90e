const MOST_CHARACTERS = 80;

function start(value: string): string {
  const url = URL.parse(value);
  if (url === null) {
    const [text = ''] = value.split(/[/?#]/);
    return text.includes('@') ? '…' : text;
  }
  const { protocol, username, password, host } = url;
  if (host === '') return protocol;
  return `${protocol}//${username === '' && password === '' ? '' : '…@'}${host}`;
}

/**
 * What a client gave as a URL, as a message may show it: scheme and host. What else there is may be a secret of the client's:
 * a password, a token in the path or in the query.
 */
export function shownUrl(value: string): string {
  const shown = start(value);
  if (shown.length > MOST_CHARACTERS) return `${value.length} characters`;
  const isWhole = value === shown || value === `${shown}/` || shown === '…';
  return JSON.stringify(isWhole ? shown : `${shown}${shown.endsWith(':') ? '' : '/'}…`);
}
