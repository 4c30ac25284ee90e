// Cuts a package-lock.json down to some packages and what they need, for a container that has no workspace.

/** Where Node.js finds the package `name` from the package at `path`: beside it, or further up. */
function locate(packages, path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
    if (candidate in packages) return candidate;
    if (from === '') return undefined;
  }
}

function withoutFlags({ dev: _dev, devOptional: _devOptional, peer: _peer, ...entry }) {
  return entry;
}

/**
 * @param lock a parsed package-lock.json, version 3
 * @param manifest the package.json that the pruned lock is for: its dependencies are kept, and theirs; optional ones of
 * other platforms too, because npm compares all of them and installs those of its own
 */
export function pruneLock(lock, manifest) {
  const kept = new Map();
  const add = (path, name, isOptional) => {
    const found = locate(lock.packages, path, name);
    if (found === undefined) {
      if (isOptional) return;
      throw new Error(`package-lock.json has no ${name}, which ${path || manifest.name} needs`);
    }
    if (kept.has(found)) return;
    const entry = lock.packages[found];
    kept.set(found, withoutFlags(entry));
    for (const each of Object.keys(entry.dependencies ?? {})) add(found, each, false);
    for (const each of Object.keys(entry.optionalDependencies ?? {})) add(found, each, true);
  };
  for (const name of Object.keys(manifest.dependencies)) add('', name, false);
  const { name, version, license, dependencies, engines } = manifest;
  const packages = Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name, version, license, dependencies, engines }, ...packages },
  };
}
