// Who is who: the loaded organization, the people who are new, and how near a group is to somebody.

const AUDIENCES = { residents: "居民群", staff: "工作群" };

export class Cast {
  constructor(cast, roles, kept) {
    this.roles = roles;
    this.grids = new Map(cast.grids.map((grid) => [grid.code, grid]));
    this.chats = new Map(cast.chats.map((chat) => [chat.id, chat]));
    this.people = new Map(cast.people.map((person) => [person.id, person]));
    this.codes = new Map(cast.people.map((person) => [person.id, codesOf(person)]));
    for (const person of kept.people) this.addPerson(person);
    for (const chat of kept.chats) this.addChat(chat);
    this.neighbours = new Map();
    for (const person of cast.people) {
      for (const code of codesOf(person)) {
        const some = this.neighbours.get(code) ?? [];
        if (some.length < 3) some.push(person);
        this.neighbours.set(code, some);
      }
    }
  }

  addPerson(person) {
    if (this.people.has(person.id)) return;
    this.people.set(person.id, person);
    this.codes.set(person.id, codesOf(person));
  }

  addChat(chat) {
    if (!this.chats.has(chat.id)) this.chats.set(chat.id, chat);
  }

  /** Learn who and what a line speaks of that the organization does not know. */
  meet(line) {
    if (line.user && !this.people.has(line.user)) this.addPerson({ id: line.user, name: line.user_name || line.user, grid: null, posts: [] });
    if (line.chat !== "private" && !this.chats.has(line.chat)) this.addChat({ id: line.chat, name: line.chat_name || line.chat, grid: null, audience: "residents" });
  }

  nameOf(id) {
    return this.people.get(id)?.name ?? id;
  }

  gridName(code) {
    return this.grids.get(code)?.name ?? "";
  }

  /** "微网格长 · 1栋微网格", one for each post; residents and strangers are named as such. */
  postsOf(person) {
    const posts = person.posts.filter((post) => post.role !== "resident");
    if (posts.length) return posts.map((post) => this.postWords(post)).join("，");
    const grid = this.gridName(person.grid);
    return grid ? `居民 · ${grid}` : "新邻居，小格还不认识";
  }

  postWords(post) {
    const words = this.roleOf(post);
    const grid = this.gridName(post.grid);
    return grid ? `${words} · ${grid}` : words;
  }

  /** The first post's name only, for beside a name in a group. */
  shortPost(id) {
    const post = this.people.get(id)?.posts.find((each) => each.role !== "resident");
    return post ? this.roleOf(post) : "";
  }

  /** 微网格长, or 副微网格长 for the deputy. */
  roleOf(post) {
    const role = this.roles[post.role] ?? post.role;
    return post.order > 1 && role.endsWith("长") ? `副${role}` : role;
  }

  audience(chat) {
    return chat.grid === null ? "未绑定" : AUDIENCES[chat.audience];
  }

  /** 0 the own grid, 1 above or below it, 2 elsewhere; unbound groups are the tester's own. */
  distance(chat, person) {
    if (chat.grid === null) return 1;
    if (chat.audience === "staff" && person.posts.every((post) => post.role === "resident")) return 2;
    let nearest = 2;
    for (const code of this.codes.get(person.id) ?? []) {
      if (code === chat.grid) return 0;
      if (code.startsWith(chat.grid) || chat.grid.startsWith(code)) nearest = 1;
    }
    return nearest;
  }

  /** Up to `most` people whose name, posts or grids hold every word of `query`. */
  search(query, most) {
    const words = query.trim().split(/\s+/).filter(Boolean);
    const found = [];
    for (const person of this.people.values()) {
      const text = `${person.name} ${this.postsOf(person)} ${this.gridName(person.grid)} ${person.id}`;
      if (words.every((word) => text.includes(word))) found.push(person);
      if (found.length === most) break;
    }
    return found;
  }

  /** Up to `most` people, whoever `rank`s lowest first, then those of the person's own grid and of those above it. */
  around(person, most, rank) {
    const own = this.codes.get(person.id);
    const nearness = (other) => {
      const codes = this.codes.get(other.id);
      if ([...codes].some((code) => own.has(code))) return 0;
      return [...codes].some((code) => [...own].some((mine) => mine.startsWith(code))) ? 1 : 2;
    };
    const ranked = [...this.people.values()].map((other) => [rank(other) * 3 + nearness(other), other]);
    return ranked.sort(([a], [b]) => a - b).slice(0, most).map(([, other]) => other);
  }

  /** A group of residents with its leader and a resident: where a newcomer tries things, best where there is a 3栋. */
  stage() {
    const hasThree = (chat) => (/(^|\D)3\D/.test(`${chat.name} ${this.gridName(chat.grid)}`) ? 0 : 1);
    const chats = [...this.chats.values()].sort((a, b) => hasThree(a) - hasThree(b));
    for (const chat of chats) {
      if (chat.grid === null || chat.audience !== "residents") continue;
      const here = [...this.people.values()].filter((person) => this.codes.get(person.id).has(chat.grid));
      const leader = here.find((person) => person.posts.some((post) => post.role === "micro_lead" && post.grid === chat.grid && post.order === 1));
      if (!leader) continue;
      const resident = here.find((person) => person.posts.every((post) => post.role === "resident")) ?? null;
      return { chat, leader, resident };
    }
    return null;
  }
}

function codesOf(person) {
  return new Set([person.grid, ...person.posts.map((post) => post.grid)].filter(Boolean));
}
