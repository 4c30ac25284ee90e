/** esbuild options of a long-running service: one minified ES module, top-level await allowed. */
const { bundleSizeReport } = require('./bundle-size-report.cjs');

module.exports = {
  ...require('./esbuild.lambda.cjs'),
  // A service gets its credentials from where it runs: Pod Identity, a machine's metadata, a laptop's profile.
  plugins: [bundleSizeReport],
  outExtension: { '.js': '.mjs' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};
