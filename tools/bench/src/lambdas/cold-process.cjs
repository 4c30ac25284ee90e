// Loads a bundle as Lambda does, and says how long that took since the process began.
globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: {} };
const { handler } = require(process.argv[2]);
const milliseconds = performance.now();
if (typeof handler !== 'function') throw new TypeError('the bundle has no handler');
process.stdout.write(String(milliseconds), () => process.exit());
