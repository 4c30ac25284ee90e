import { adminJobQuerySchema } from '@afterimage/admin-schemas';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { Shell } from './shell.tsx';

const root = createRootRouteWithContext()({
  component: Shell,
  errorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
  notFoundComponent: () => <Failure error={new Error('There is no such view.')} />,
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  // A filter that is not one is left out: an old or cut address still opens the view.
  validateSearch: (search) => adminJobQuerySchema.omit({ limit: true, cursor: true }).partial().catch({}).parse(search),
  component: lazyRouteComponent(() => import('../views/jobs/jobs-view.tsx'), 'JobsView'),
});

const tree = root.addChildren([jobs]);

export function makeRouter() {
  return createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
