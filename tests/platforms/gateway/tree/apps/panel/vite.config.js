import { defineConfig } from 'vite';

export default defineConfig({
  server: {
    // was 5173
    port: 3005,
    strictPort: true,
    proxy: { '/api': { target: 'http://localhost:5001', timeout: 8080 } },
  },
  build: { chunkSizeWarningLimit: 5000 },
});
