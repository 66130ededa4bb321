// The few pictures on buttons and in the feed, drawn as lines.
const paths = {
  play: "M6 4l14 8-14 8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  step: "M5 4l10 8-10 8zM17 4h3v16h-3z",
  restart: "M12 5V1L6 6l6 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z",
  dice: "M4 4h16v16H4zM8.5 8.5h.01M15.5 8.5h.01M12 12h.01M8.5 15.5h.01M15.5 15.5h.01",
  person: "M12 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-5 3.5-8 8-8s8 3 8 8z",
  bot: "M5 8h14v12H5zM12 8V3M9.5 13v2M14.5 13v2",
  cart: "M3 4h3l3 11h9l3-8H7.5M10 20h.01M17 20h.01",
  shout: "M4 10v4h4l8 5V5L8 10zM19 9a4 4 0 0 1 0 6",
  heart: "M12 20C4 14 3 10 4.5 7.500 6.500 4.500 10 5 12 8c2-3 5.500-3.500 7.500-.5C21 10 20 14 12 20z",
  speech: "M4 5h16v11H11l-5 4v-4H4z",
  mask: "M12 3l9 16H3zM12 9v5M12 16.500v.01",
  shield: "M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6z",
  door: "M6 3h12v18H6zM14.500 12v.01",
  empty: "M4 7l8-4 8 4v10l-8 4-8-4zM4 7l16 10",
  back: "M14 5l-7 7 7 7",
  scales: "M12 4v16M6 20h12M5 8h14M5 8l-2.500 6h5zM19 8l-2.500 6h5z",
  news: "M4 5h13v14H6a2 2 0 0 1-2-2zM17 9h3v8a2 2 0 0 1-3 2M7 9h7M7 13h7",
} as const;
export type IconName = keyof typeof paths;
const filled = new Set<IconName>(["play", "pause", "step", "restart", "person"]);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon ${filled.has(name) ? "icon-filled" : ""}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
