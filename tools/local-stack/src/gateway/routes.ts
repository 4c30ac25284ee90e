import type { ApiRoute } from '@afterimage/app-config';

export type RouteMatch =
  | {
      readonly kind: 'route';
      readonly route: ApiRoute;
      readonly pathParameters: Readonly<Record<string, string>> | null;
    }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown-path' };

/** Values of the template's `{names}`; undefined when the path is another one. */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined ? segment !== value : value === '') return undefined;
    if (name !== undefined) parameters[name] = decodeURIComponent(value);
  }
  return parameters;
}

/**
 * Finds the route of a request. A path without parameters wins over one with them.
 * @param path as it was sent, without the query
 * @throws URIError when the path is not percent-encoded properly
 */
export function findRoute(routes: readonly ApiRoute[], method: string, path: string): RouteMatch {
  const candidates = routes
    .flatMap((route) => {
      const parameters = matchPath(route.path, path);
      return parameters === undefined ? [] : [{ route, parameters, count: Object.keys(parameters).length }];
    })
    .sort((a, b) => a.count - b.count);
  if (candidates.length === 0) return { kind: 'unknown-path' };
  const found = candidates.find(({ route }) => route.method === method);
  if (found === undefined) {
    return { kind: 'wrong-method', allowed: [...new Set(candidates.map(({ route }) => route.method))].sort() };
  }
  return { kind: 'route', route: found.route, pathParameters: found.count === 0 ? null : found.parameters };
}
