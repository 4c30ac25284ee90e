import '@mantine/core/styles.css';
import './app/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ProblemError } from './api/problem-error.ts';
import { makeRouter } from './app/router.tsx';
import { cssVariables, theme } from './app/theme.ts';

const RETRIES = 2;
const FIRST_FAILURE_STATUS = 500;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one; only an outage is worth asking again.
      retry: (count, error) =>
        count < RETRIES &&
        !(error instanceof ProblemError && (error.status ?? FIRST_FAILURE_STATUS) < FIRST_FAILURE_STATUS),
      staleTime: 2000,
    },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
