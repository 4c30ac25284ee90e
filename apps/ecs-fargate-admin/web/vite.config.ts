import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: { outDir: '../../../dist/apps/ecs-fargate-admin-web', emptyOutDir: true, target: 'es2024' },
  server: {
    proxy: { '/admin': { target: 'http://127.0.0.1:4001', changeOrigin: true } },
  },
});
