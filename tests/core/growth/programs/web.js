// A web service in Node that asks itself: `node web.js served|listens`; listens leaves a listener behind each time.
const http = require("http");
const events = require("events");
const config = new events.EventEmitter();
config.setMaxListeners(0);

const server = http.createServer((asked, answer) => {
  const rows = Array.from({ length: 80 }, (_, i) => ({ i, name: `row ${i} of ${asked.url}`, value: Math.random() }));
  if (process.argv[2] === "listens") config.on("changed", () => rows.length);
  answer.setHeader("content-type", "application/json");
  answer.end(JSON.stringify(rows));
});

const agent = new http.Agent({ keepAlive: true });
let n = 0;
server.listen(0, "127.0.0.1", () =>
  setInterval(() => {
    http.get({ port: server.address().port, path: `/${n++}`, agent }, (got) => got.resume());
  }, 60)
);
