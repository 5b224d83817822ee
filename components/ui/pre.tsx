/** Text as it was received or stored. It scrolls, in itself or with what it stands in, which keys must be able to do. */
export function Pre({ children }: { children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
    <pre className="pre" tabIndex={0}>
      {children}
    </pre>
  );
}
