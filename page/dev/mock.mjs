// A made-up server for working on the page: the contract of src/serve with invented figures. `npm run mock`, then http://127.0.0.1:8790/?role=class for a student.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { base, consumerOf, World } from "./evening.mjs";
import { audited, campaign, controls, lesson, regimes, scenarios } from "./lists.mjs";

const PORT = Number(process.argv[2] ?? 8790);
const BEATS = 12;
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'";
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", json: "application/json", toml: "text/plain" };
const listeners = new Set();
const status = { state: "paused", speed: 60, time: 0, watching: 1 };
const room = { lesson: null, round: 0, stage: "story", votes: { predict: [0, 0, 0], check: [0, 0, 0] }, voters: 0, answers: { predict: null, check: null } };
let settings = lesson.settings;
let worlds = [];
let id = 0;
let before = null;

const told = (event, data) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const tell = (event, data) => listeners.forEach((one) => one.write(told(event, data)));
const panes = () => [settings.a, settings.b].filter(Boolean);
const show = () => ({ ...base, id, settings, seed: settings.seed ?? 20201111, panes: worlds.map((world) => world.info()), controls, status, class: room, before });

function open(next, to = 0) {
  before = to > 0 && worlds[0] ? worlds[0].samples : null;
  settings = next;
  id += 1;
  worlds = panes().map((pane) => new World(pane));
  worlds.forEach((world) => world.advance(to));
  status.time = to;
  tell("show", show());
}

function advance(to) {
  const time = Math.min(Math.floor(to / 5) * 5, base.end);
  const news = worlds.map((world) => world.advance(time));
  status.time = time;
  if (time >= base.end) {
    status.state = "ended";
    room.answers = { predict: { option: 1, value: 64.2, in_words: { en: "64 of 100 displayed orders are real.", zh: "显示的 100 单中有 64 单是真的。" } }, check: { option: 1, value: 0.6, in_words: { en: "The claimed counter price did most of the harm: 60 %.", zh: "声称的专柜价造成了 60% 的损害。" } } };
    tell("class", room);
    tell("status", status);
  }
  tell("tick", { id, time, panes: news });
}

let owed = 0;
setInterval(() => {
  if (status.state !== "playing") return;
  owed = Math.max(owed, status.time) + (status.speed || 3600) / BEATS;
  advance(owed);
}, 1000 / BEATS);

const acts = {
  play: () => (status.state = status.state === "ended" ? "ended" : "playing"), pause: () => (status.state = "paused"), step: () => advance(status.time + 5),
  speed: (body) => (status.speed = body.speed), restart: () => { status.state = "paused"; owed = 0; open(settings); }, jump: (body) => { owed = body.to; open(settings, body.to); },
};
const posts = {
  "/api/control": (body) => { acts[body.action](body); owed = status.time; tell("status", status); },
  "/api/show": (body) => { if (body.text?.includes("broken")) throw new Error("The text is no scenario."); open(body, status.time); },
  "/api/class": (body) => { Object.assign(room, body, body.lesson ? { round: room.round + 1 } : {}); tell("class", room); },
  "/api/vote": (body) => { room.votes[body.question][body.option] += 1; tell("class", room); },
  "/api/audit": (body) => audited(body.text),
};
const buyer = (order, harm) => ({ consumer: 9553 + order, segment: "bargain_hunters", vulnerable: true, order, time: 8594, room: 0, product: 0, price: 98, harm });
const gets = {
  "/api/hello": (role) => ({ version: "0.1.0", role, scenarios, regimes, scripts: [], lessons: [lesson, { ...lesson, name: "second", title: { en: "Bought viewers", zh: "买来的观众" } }], class_link: "http://192.168.1.20:8790/?token=4821", largest_population: 1e6 }),
  "/api/buyers": () => ({ harmed: [0, 1, 2, 3].map((order) => buyer(order, 154.9 - order * 20)), recent: [5, 6, 7].map((order) => buyer(order, 0)) }),
  "/api/consumer": (_, query) => consumerOf(Number(query.get("id")), worlds.length),
  "/api/examples": () => [{ name: "coat", title: { en: "The coat", zh: "" }, text: campaign }],
};

async function file(name, response) {
  const body = await readFile(new URL(`../../src/serve/page/${name}`, import.meta.url));
  response.writeHead(200, { "Content-Type": TYPES[name.split(".").pop()], "Content-Security-Policy": CSP });
  response.end(body);
}

async function replay(response) {
  const read = (name) => readFile(new URL(`../../src/serve/page/${name}`, import.meta.url), "utf8");
  const [html, css, js] = await Promise.all(["index.html", "app.css", "app.js"].map(read));
  const data = JSON.stringify({ hello: gets["/api/hello"]("teacher"), show: show() }).replaceAll("<", "\\u003c");
  const whole = html.replace('<link rel="stylesheet" href="app.css">', () => `<style>${css}</style>`)
    .replace('<script src="app.js"></script>', () => `<script type="application/json" id="replay">${data}</script><script>${js}</script>`);
  response.writeHead(200, { "Content-Type": TYPES.html });
  response.end(whole);
}

function answer(response, data, code = 200) {
  response.writeHead(code, { "Content-Type": TYPES.json });
  response.end(JSON.stringify(data ?? {}));
}

function listen(request, response) {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write(told("show", show()));
  listeners.add(response);
  request.on("close", () => listeners.delete(response));
}

open(settings);
createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const role = (request.headers.referer ?? "").includes("role=class") ? "class" : "teacher";
  if (request.method === "POST") {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    try {
      return answer(response, posts[pathname]?.(body));
    } catch (error) {
      return answer(response, { error: error.message, diagnostics: "  x unknown key `broken`\n   ,-[pasted:1:1]\n 1 | broken\n   : ^^^^^^" }, 400);
    }
  }
  if (pathname === "/api/events") return listen(request, response);
  if (pathname === "/api/replay.html") return replay(response);
  if (gets[pathname]) return answer(response, gets[pathname](role, searchParams));
  return file(pathname === "/" ? "index.html" : pathname.slice(1), response).catch(() => answer(response, { error: "not here" }, 404));
}).listen(PORT, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${PORT}\n`));
