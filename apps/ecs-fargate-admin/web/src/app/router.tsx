import {
  adminJobQuerySchema,
  auditQuerySchema,
  galleryQuerySchema,
  overviewQuerySchema,
} from '@afterimage/admin-schemas';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import * as z from 'zod';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { Shell } from './shell.tsx';

const root = createRootRouteWithContext()({
  component: Shell,
  errorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
  notFoundComponent: () => <Failure error={new Error('There is no such view.')} />,
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search) => overviewQuerySchema.catch({ window: '1h' }).parse(search),
  component: lazyRouteComponent(() => import('../views/overview/overview-view.tsx'), 'OverviewView'),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  // A filter that is not one is left out: an old or cut address still opens the view.
  validateSearch: (search) => adminJobQuerySchema.omit({ limit: true, cursor: true }).partial().catch({}).parse(search),
  component: lazyRouteComponent(() => import('../views/jobs/jobs-view.tsx'), 'JobsView'),
});

const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$id',
  component: lazyRouteComponent(() => import('../views/job/job-view.tsx'), 'JobView'),
});

const gallery = createRoute({
  getParentRoute: () => root,
  path: '/gallery',
  validateSearch: (search) => galleryQuerySchema.omit({ limit: true, cursor: true }).catch({}).parse(search),
  component: lazyRouteComponent(() => import('../views/gallery/gallery-view.tsx'), 'GalleryView'),
});

const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: (search) =>
    z.object({ model: z.string().optional(), from: z.string().optional() }).catch({}).parse(search),
  component: lazyRouteComponent(() => import('../views/playground/playground-view.tsx'), 'PlaygroundView'),
});

const queues = createRoute({
  getParentRoute: () => root,
  path: '/queues',
  component: lazyRouteComponent(() => import('../views/queues/queues-view.tsx'), 'QueuesView'),
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  component: lazyRouteComponent(() => import('../views/dead-letters/dead-letters-view.tsx'), 'DeadLettersView'),
});

const workers = createRoute({
  getParentRoute: () => root,
  path: '/workers',
  component: lazyRouteComponent(() => import('../views/workers/workers-view.tsx'), 'WorkersView'),
});

const pools = createRoute({
  getParentRoute: () => root,
  path: '/pools',
  component: lazyRouteComponent(() => import('../views/pools/pools-view.tsx'), 'PoolsView'),
});

const tenants = createRoute({
  getParentRoute: () => root,
  path: '/tenants',
  component: lazyRouteComponent(() => import('../views/tenants/tenants-view.tsx'), 'TenantsView'),
});

const tenant = createRoute({
  getParentRoute: () => root,
  path: '/tenants/$id',
  component: lazyRouteComponent(() => import('../views/tenants/tenant-view.tsx'), 'TenantView'),
});

const ofTenant = z.object({ tenantId: z.string().optional() }).catch({});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  validateSearch: (search) => ofTenant.parse(search),
  component: lazyRouteComponent(() => import('../views/webhooks/webhooks-view.tsx'), 'WebhooksView'),
});

const endpoint = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/$id',
  validateSearch: (search) => ofTenant.parse(search),
  component: lazyRouteComponent(() => import('../views/webhooks/endpoint-view.tsx'), 'EndpointView'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: (search) => auditQuerySchema.omit({ limit: true, cursor: true }).catch({}).parse(search),
  component: lazyRouteComponent(() => import('../views/audit/audit-view.tsx'), 'AuditView'),
});

const tree = root.addChildren([
  overview,
  jobs,
  job,
  gallery,
  playground,
  queues,
  deadLetters,
  workers,
  pools,
  tenants,
  tenant,
  webhooks,
  endpoint,
  audit,
]);

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
