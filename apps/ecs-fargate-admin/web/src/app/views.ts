/** The views of the console, in the order of its menu. */
export const VIEWS = [
  { path: '/', label: 'Overview' },
  { path: '/jobs', label: 'Jobs' },
  { path: '/gallery', label: 'Gallery' },
  { path: '/playground', label: 'Playground' },
  { path: '/queues', label: 'Queues' },
  { path: '/dead-letters', label: 'Dead letters' },
  { path: '/workers', label: 'Workers' },
  { path: '/pools', label: 'Models and pools' },
  { path: '/tenants', label: 'Tenants and keys' },
  { path: '/webhooks', label: 'Webhooks' },
  { path: '/audit', label: 'Audit log' },
] as const;
