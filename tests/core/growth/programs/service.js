// A service in Node with a known habit: `node service.js churn|cache|leak|sockets`.
const net = require("net");
const habit = process.argv[2];
const kept = [];
const recent = new Map();

function request(n) {
  return { n, body: Array.from({ length: 40 }, (_, i) => ({ key: `k${n}.${i}`, value: Math.random() })) };
}

function churn(n) {
  let sum = 0;
  for (let i = 0; i < 20; i++) sum += request(n + i).body.length;
  return sum;
}

function cache(n) {
  for (let i = 0; i < 12; i++) recent.set(`${n}.${i}`, request(n));
  for (const key of recent.keys()) {
    if (recent.size <= 6000) break;
    recent.delete(key);
  }
}

function leak(n) {
  churn(n);
  kept.push(request(n));
}

const echo = net.createServer((socket) => socket.pipe(socket));
const held = [];

function sockets(n) {
  const keep = n % 75 === 0;
  const client = net.connect(echo.address().port, "127.0.0.1", () => (keep ? held.push(client) : client.end()));
}

const act = { churn, cache, leak, sockets }[habit];
let n = 0;
echo.listen(0, "127.0.0.1", () => setInterval(() => act(n++), habit === "sockets" ? 200 : 100));
