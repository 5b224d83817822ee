"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";

export interface Key {
  /** As `event.key`, or two after each other: `g m`. With `mod+` for ⌘ or Ctrl. */
  key: string;
  label: string;
  run?: () => unknown;
}

interface Registry {
  groups: { id: string; name: string; keys: readonly Key[] }[];
  set(id: string, name: string, keys: readonly Key[] | null): void;
}

const KeysContext = createContext<Registry | null>(null);

/** Holds what `?` lists and listens for all of it. */
export function KeysProvider({ children }: { children: ReactNode }) {
  const [groups, setGroups] = useState<Registry["groups"]>([]);
  const latest = useRef(groups);
  useEffect(() => {
    latest.current = groups;
  }, [groups]);
  const set = useCallback((id: string, name: string, keys: readonly Key[] | null) => {
    setGroups((all) => {
      const others = all.filter((group) => group.id !== id);
      return keys ? [...others, { id, name, keys }] : others;
    });
  }, []);
  const registry = useMemo<Registry>(() => ({ groups, set }), [groups, set]);

  useEffect(() => {
    let first = "";
    let firstAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      const pressed = nameOf(event);
      if (pressed === null) return;
      const sequence = event.timeStamp - firstAt < 1200 && first ? `${first} ${pressed}` : pressed;
      const all = latest.current.flatMap((group) => group.keys);
      const hit = all.find((each) => each.key === sequence) ?? all.find((each) => each.key === pressed);
      first = pressed;
      firstAt = event.timeStamp;
      if (!hit?.run) return;
      event.preventDefault();
      hit.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  return <KeysContext value={registry}>{children}</KeysContext>;
}

/**
 * Binds keys while the component is shown and lists them under `?`. Nothing fires while somebody types or a dialog is open.
 * A key without `run` is only listed (it is bound where the focus is). Keep `keys` memoised.
 */
export function useKeys(group: string, keys: readonly Key[]): void {
  const id = useId();
  const { set } = useRegistry();
  useEffect(() => {
    set(id, group, keys);
    return () => set(id, group, null);
  }, [id, group, keys, set]);
}

export function useKeyGroups(): Registry["groups"] {
  return useRegistry().groups;
}

function useRegistry(): Registry {
  const registry = useContext(KeysContext);
  if (!registry) throw new Error("KeysProvider is missing above this component.");
  return registry;
}

/** Null where the key belongs to a field or to what is open. */
function nameOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.altKey || event.isComposing) return null;
  const mod = event.metaKey || event.ctrlKey;
  if (mod) return `mod+${event.key.toLowerCase()}`;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest("input, textarea, select, [contenteditable], [role='dialog'], [role='menu'], [role='listbox']"))
    return null;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}
