import type { Db } from "../../db/client";

/** A database whose transactions break at their n-th statement, as when the process dies there. */
export function breakingAt(db: Db, statement: number): { db: Db; isReached(): boolean } {
  let count = 0;
  const guard = (tx: Db): Db =>
    new Proxy(tx, {
      get(target, property, receiver) {
        const value = Reflect.get(target, property, target);
        if (property !== "execute") return typeof value === "function" ? value.bind(target) : value;
        return (query: never) => {
          count += 1;
          if (count === statement) throw new Error("The process died here.");
          return Reflect.apply(value, receiver, [query]);
        };
      },
    });
  return {
    isReached: () => count >= statement,
    db: new Proxy(db, {
      get(target, property) {
        const value = Reflect.get(target, property, target);
        if (property !== "transaction") return typeof value === "function" ? value.bind(target) : value;
        return (work: (tx: Db) => Promise<unknown>) => target.transaction((tx) => work(guard(tx as Db)));
      },
    }),
  };
}
