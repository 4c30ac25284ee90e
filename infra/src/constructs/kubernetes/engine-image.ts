/** Whether the first part of an image's name is the host of a registry: `ghcr.io`, `localhost:5000`, and not `afterimage`. */
function hasRegistry(image: string): boolean {
  const [host = '', ...path] = image.split('/');
  return path.length > 0 && /[.:]/.test(host);
}

/** The image as a node pulls it: from the account's own registry when its name has none. */
export function engineImageUri(image: string, ownRegistry: string): string {
  return hasRegistry(image) ? image : `${ownRegistry}/${image}`;
}
