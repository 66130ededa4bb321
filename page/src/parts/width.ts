// The width that an element has on the screen, for pictures that lay themselves out.
import { useEffect, useRef, useState } from "preact/hooks";

export function useWidth<Box extends Element>(first: number) {
  const box = useRef<Box>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const sized = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    if (box.current) sized.observe(box.current);
    return () => sized.disconnect();
  }, []);
  return { box, width };
}
