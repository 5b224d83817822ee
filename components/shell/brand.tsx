export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path d="M14.6 16.1A7.6 7.6 0 1 1 12.7 2.9" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path
        d="m6.5 9.7 3.2 3.3L17.4 4.2"
        stroke="currentColor"
        strokeWidth="2.3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
