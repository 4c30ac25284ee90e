const { gzipSync } = require('node:zlib');
const { readFileSync } = require('node:fs');
const { relative } = require('node:path');

const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

/** esbuild plugin: prints the size of each bundle, plain and compressed, once it is written. */
exports.bundleSizeReport = {
  name: 'bundle-size-report',
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {}).filter((name) => /\.[cm]?js$/.test(name))) {
        const code = readFileSync(file);
        console.log(`bundle ${relative('.', file)}: ${kB(code.byteLength)}, ${kB(gzipSync(code).byteLength)} gzip`);
      }
    });
  },
};
