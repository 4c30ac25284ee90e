import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { firstLoadBudget } from './build/first-load-budget.ts';

const FIRST_LOAD_BYTES = 300_000;

export default defineConfig({
  plugins: [react(), firstLoadBudget(FIRST_LOAD_BYTES)],
  build: { outDir: '../../../dist/apps/ecs-fargate-admin-web', emptyOutDir: true, target: 'es2024' },
  server: {
    proxy: { '/admin': { target: 'http://127.0.0.1:4001', changeOrigin: true } },
  },
});
