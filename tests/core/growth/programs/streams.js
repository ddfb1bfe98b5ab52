// Packing in Node: bodies are compressed, and what they came to is remembered for the last 400.
const zlib = require("zlib");
const done = new Map();
let n = 0;

function job() {
  const body = Buffer.from(Array.from({ length: 3000 }, () => Math.random().toString(36)).join(""));
  const number = n++;
  zlib.gzip(body, (failed, packed) => done.set(number % 400, packed.length));
}
setInterval(job, 400);
