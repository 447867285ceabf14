// Requests for every route of the description, from a seed: each is {operation, method, path,
// headers, body, statuses, fits}. `statuses` are those that may come of it; `fits` is whether the
// description takes the request, or undefined where it cannot tell.

// Numbers below `bound`, the same for the same seed (mulberry32).
export function numbersFrom(seed) {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

const words = ["Ada", "Lovelace", "Grace", "Hopper", "Zoë", "Łukasz", "김", "😀", "O'Neil", "née"];
const notAProfile = [
  [],
  [{ name: "in a list" }],
  { name: 7 },
  { name: "x".repeat(201) },
  { email: "x".repeat(255) },
  { department: ["Support"] },
  { department: "x".repeat(101) },
  { role: null },
  { role: "" },
  { role: "x".repeat(101) },
  { active: "yes" },
];
const noExtension = ["1", "12345678901", "12a4", "", " 1300", "+1300", "１３００", 1300, null, true, ["1300"]];
const noUserId = ["64b7f1a2", "z4b7f1a2e4b0a5d3f9c12345", "64b7f1a2e4b0a5d3f9c1234", "ada@example.com", "1"];
const noTags = ["8", '"8', '"8"x', "W/", '"8" "9"', "*, *"];

// Which operation is asked how often; the last are outside the description.
const shares = {
  updateRcExtension: 15, listUsers: 14, getUser: 12, putUser: 14, deleteUser: 5,
  putUserExtension: 12, deleteUserExtension: 6, getUserHistory: 6, getExtension: 5,
  getExtensionHistory: 5, getHealth: 1, getReadiness: 1, getMetrics: 1, getDescription: 1,
  otherMethod: 1, otherPath: 1,
};
const deck = Object.entries(shares).flatMap(([name, share]) => Array(share).fill(name));

export class Requests {
  constructor(seed, tokens) {
    this.below = numbersFrom(seed);
    this.tokens = tokens;
    this.versions = new Map(); // Of users, as the answers told them.
    this.cursors = {}; // Of the next page of a path, as the answers told them.
  }

  one(list) {
    return list[this.below(list.length)];
  }
  often(percent) {
    return this.below(100) < percent;
  }

  next() {
    const operation = this.one(deck);
    const request = { operation, headers: {}, fits: true, ...this[operation]() };
    if (request.body !== undefined) {
      request.body = typeof request.body === "string" ? request.body : JSON.stringify(request.body);
      request.headers["Content-Type"] ??= "application/json";
      request.headers["Content-Length"] = Buffer.byteLength(request.body);
    }
    if (this.often(20)) request.headers["X-Request-Id"] = `request.${this.below(1000)}`;
    this.authorise(request);
    return this.often(1) ? this.refusedByTransport(request) : request;
  }

  // Notes what an answer tells for later requests.
  learn(request, answer) {
    const version = answer.headers["ringbook-version"] ?? answer.headers.etag;
    if (request.user && version) this.versions.set(request.user.toLowerCase(), version);
    if (request.pages && answer.status === 200) {
      this.cursors[request.pages] = JSON.parse(answer.body).next;
    }
  }

  // --- what a request consists of ---

  user() {
    const id = `64b7f1a2e4b0a5d3f9c1${(0x2340 + this.below(24)).toString(16)}`;
    return this.often(10) ? id.toUpperCase() : id;
  }
  extension() {
    return this.often(10) ? `00${this.below(10)}` : `13${String(this.below(16)).padStart(2, "0")}`;
  }
  name() {
    return `${this.one(words)} ${this.one(words)}`;
  }
  profile() {
    const profile = {};
    if (this.often(80)) profile.name = this.often(10) ? null : this.name();
    if (this.often(60)) profile.email = this.often(10) ? null : `p${this.below(30)}@example.com`;
    if (this.often(60)) profile.department = this.one(["Support", "Research", null]);
    if (this.often(30)) profile.role = this.one(["user", "manager"]);
    if (this.often(30)) profile.active = this.often(50);
    if (this.often(10)) profile.unknown = { nobody: ["minds"] };
    return profile;
  }

  // A fault of its own in every fifth request.
  spoil(request, ...faults) {
    return this.often(20) ? { ...request, fits: false, statuses: [400], ...this.one(faults)() } : request;
  }

  // Conditions for half of the requests about a user, some of them malformed.
  conditional(request) {
    if (this.often(50)) return request;
    const known = this.versions.get(request.user.toLowerCase()) ?? '"1"';
    const tags = [known, known, "*", `W/${known}`, '"1"', `"1", ${known}`, "*"];
    const headers = { [this.one(["If-Match", "If-None-Match"])]: this.one(tags) };
    if (this.often(10)) {
      return { ...request, fits: undefined, statuses: [400], headers: { [Object.keys(headers)[0]]: this.one(noTags) } };
    }
    return { ...request, headers };
  }

  query(path, parameters) {
    const text = new URLSearchParams(parameters).toString();
    return text ? `${path}?${text}` : path;
  }

  page(path, statuses, parameters = {}) {
    if (this.often(60)) parameters.limit = 1 + this.below(5);
    const cursor = this.cursors[path];
    if (cursor && this.often(40)) parameters.cursor = cursor;
    const bad = (more) => () => ({ path: this.query(path, { ...parameters, ...more }) });
    // The description does not forbid parameters it does not name, nor does it know all cursors.
    const unseen = (more) => () => ({ ...bad(more)(), fits: undefined });
    return this.spoil(
      { method: "GET", path: this.query(path, parameters), pages: path, statuses },
      bad({ limit: this.one(["0", "501", "-1", "x", "1.5"]) }),
      unseen({ limit: "" }),
      unseen({ colour: "red" }),
      unseen({ cursor: "no-cursor" }),
      () => ({ path: `${this.query(path, parameters)}${path.includes("?") || Object.keys(parameters).length ? "&" : "?"}limit=1&limit=2` }),
    );
  }

  authorise(request) {
    const isOpen = ["getHealth", "getReadiness", "getMetrics", "getDescription"].includes(request.operation);
    const isKnown = !request.operation.startsWith("other");
    if (isOpen || this.often(88)) {
      request.headers.Authorization = `Bearer ${this.tokens.administrator}`;
      return;
    }
    const other = this.one([undefined, "Bearer ", "Basic YWRhOmFkYQ==", "Bearer a.b.c", `Bearer ${this.tokens.user}`]);
    if (other !== undefined) request.headers.Authorization = other;
    if (isKnown) request.statuses = [401];
    // The description cannot tell a good token from others.
    if (request.fits) request.fits = undefined;
  }

  // The transport looks first, whatever else is wrong.
  refusedByTransport(request) {
    if (request.body === undefined && this.often(50)) {
      const long = `${request.path}${request.path.includes("?") ? "&" : "?"}long=${"x".repeat(8200)}`;
      return { ...request, path: long, fits: undefined, statuses: [414] };
    }
    if (request.body !== undefined && this.often(50)) {
      const body = `{"padding":"${"x".repeat(70_000)}"}`;
      const headers = { ...request.headers, "Content-Length": body.length };
      return { ...request, body, headers, fits: undefined, statuses: [413] };
    }
    const headers = { ...request.headers };
    for (let i = 0; i < 101; ++i) headers[`X-Many-${i}`] = "1";
    return { ...request, headers, fits: undefined, statuses: [431] };
  }

  // --- the operations ---

  updateRcExtension() {
    const payload = { userId: this.user(), rcExtension: this.extension() };
    const body = (changed) => () => ({ body: { payload: { ...payload, ...changed } } });
    return this.spoil(
      { method: "PUT", path: "/user/update-rcextension", user: payload.userId, body: { payload }, statuses: [200, 400, 404] },
      body({ rcExtension: this.one(noExtension) }),
      body({ rcExtension: undefined }),
      body({ userId: this.one([...noUserId, 7, null, {}]) }),
      body({ userId: undefined, rcExtension: undefined }),
      () => ({ body: this.one([{}, [], { payload: [] }, { payload: null }, { payload: "1300" }]) }),
      () => ({ headers: { "Content-Type": this.one(["text/plain", "application/xml", "text/json"]) }, body: "{}" }),
    );
  }
  listUsers() {
    const some = {};
    if (this.often(40)) some.search = this.one(["a", "ada love", "LOVELACE", "zoe", "13", "p1", "no-one", "김"]);
    if (this.often(10)) some.email = `p${this.below(30)}@example.com`;
    if (this.often(10)) some.extension = this.extension();
    if (this.often(10)) some.department = "Support";
    if (this.often(5)) return { method: "GET", path: "/v1/users?extension=1", fits: false, statuses: [400] };
    return this.page("/v1/users", [200], some);
  }
  about(method, statuses, suffix = "", more = {}) {
    const user = this.user();
    return this.spoil(
      this.conditional({ method, path: `/v1/users/${user}${suffix}`, user, statuses, ...more }),
      () => ({ path: `/v1/users/${this.one(noUserId)}${suffix}`, user: undefined }),
    );
  }
  getUser() {
    return this.about("GET", [200, 304, 404, 412]);
  }
  putUser() {
    if (this.often(10)) {
      const readOnly = this.one([{ version: 999_999 }, { userId: "64b7f1a2e4b0a5d3f9c1ffff" }, { updatedAt: "2020-01-01T00:00:00.000Z" }]);
      return { ...this.about("PUT", [409, 412], "", { body: readOnly }), fits: undefined, statuses: [400, 409, 412] };
    }
    return this.spoil(this.about("PUT", [200, 201, 412], "", { body: this.profile() }), () => ({ body: this.one(notAProfile) }));
  }
  deleteUser() {
    return this.about("DELETE", [204, 404, 412]);
  }
  putUserExtension() {
    return this.spoil(
      this.about("PUT", [200, 404, 409, 412], "/extension", { body: { rcExtension: this.extension() } }),
      () => ({ body: { rcExtension: this.one(noExtension) } }),
      () => ({ body: this.one([{}, []]) }),
    );
  }
  deleteUserExtension() {
    return this.about("DELETE", [204, 404, 412], "/extension");
  }
  getUserHistory() {
    const user = this.user();
    if (this.often(5)) return { method: "GET", path: `/v1/users/${this.one(noUserId)}/history`, fits: false, statuses: [400] };
    return this.page(`/v1/users/${user}/history`, [200, 404]);
  }
  getExtension() {
    const bad = () => ({ path: `/v1/extensions/${this.one(["1", "12345678901", "12a4"])}` });
    return this.spoil({ method: "GET", path: `/v1/extensions/${this.extension()}`, statuses: [200] }, bad);
  }
  getExtensionHistory() {
    const extension = this.extension();
    if (this.often(5)) return { method: "GET", path: "/v1/extensions/1x/history", fits: false, statuses: [400] };
    return this.page(`/v1/extensions/${extension}/history`, [200]);
  }
  getHealth() {
    return { method: "GET", path: "/healthz", statuses: [200] };
  }
  getReadiness() {
    return { method: "GET", path: "/readyz", statuses: [200] };
  }
  getMetrics() {
    return { method: "GET", path: "/metrics", statuses: [200] };
  }
  getDescription() {
    return { method: "GET", path: "/openapi.json", statuses: [200] };
  }
  otherMethod() {
    const [method, path] = this.one([
      ["POST", "/v1/users"], ["PATCH", "/v1/users/64b7f1a2e4b0a5d3f9c12345"], ["GET", "/user/update-rcextension"],
      ["DELETE", "/healthz"], ["PUT", "/metrics"], ["POST", "/v1/extensions/1300"],
    ]);
    return { method, path, fits: false, statuses: [405] };
  }
  otherPath() {
    return { method: this.one(["GET", "PUT"]), path: this.one(["/", "/v1", "/v1/nothing", "/user"]), fits: false, statuses: [404] };
  }
}
