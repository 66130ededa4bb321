// Samples: appending, cutting, and a recorded run seen at a moment. Also the crowd that is drawn from them.
import { describe, expect, it } from "vitest";
import type { PaneInfo, Samples } from "../src/contract";
import { append, slice, totalsAt, upTo } from "../src/core/samples";
import { roomAt } from "../src/source/replay";
import { Crowd, perFigure } from "../src/stage/crowd";

function samples(times: number[]): Samples {
  const room = {
    displayed_viewers: times.map((time) => time * 2), real_viewers: [...times], displayed_orders: [...times], real_orders: [...times], brushed_orders: times.map(() => 0),
    price: times.map((time) => (time > 30 ? 98 : null)), stock: [...times], displayed_stock: times.map((time) => time + 1), reserved: times.map((time) => time / 30), exposure: [...times], arousal: [...times],
  };
  return { time: times, market: { harm: times.map((time) => time / 10), buyers: [...times] } as Samples["market"], harm_by_channel: [[...times]], rooms: [room] };
}

describe("samples", () => {
  it("take only what is newer", () => {
    const all = samples([0, 30, 60]);
    append(all, samples([60, 90]));
    append(all, samples([30]));
    expect(all.time).toEqual([0, 30, 60, 90]);
    expect(all.rooms[0]!.price).toEqual([null, null, 98, 98]);
    expect(all.market.harm).toHaveLength(4);
  });

  it("are cut and read at a moment", () => {
    const all = samples([0, 30, 60]);
    expect(upTo(all.time, 45)).toBe(2);
    expect(upTo(all.time, 60)).toBe(3);
    expect(slice(all, 0, 2).rooms[0]!.real_viewers).toEqual([0, 30]);
    expect(totalsAt(all, 1)).toMatchObject({ harm: 3, harm_by_channel: [30] });
  });

  it("tell what a room was like", () => {
    const cues = [{ at: 20, room: 0, act: "claim_price", script: null, product: 0, false: true, args: { price: 1599 } }];
    const pane = { samples: samples([0, 30, 60]), cues, now: [] } as unknown as PaneInfo;
    expect(roomAt(pane, 0, 2, 60)).toMatchObject({ price: 98, claimed_price: 1599, product: 0, displayed_viewers: 120, stock: 60, displayed_stock: 61, reserved: 2 });
    expect(roomAt(pane, 0, 0, 0)).toMatchObject({ price: null, claimed_price: null, product: null });
  });
});

describe("crowd", () => {
  it("stands for round numbers of viewers", () => {
    expect([perFigure(100, 140), perFigure(141, 140), perFigure(13000, 140)]).toEqual([1, 2, 100]);
  });

  it("comes and goes without changing seats", () => {
    const crowd = new Crowd();
    crowd.layOut(0, 0, 200, 100, 10);
    crowd.want("real", 20);
    crowd.want("bot", 10);
    const seats = crowd.places.map((place) => place.kind);
    crowd.want("bot", 5);
    crowd.places.forEach((place, index) => place.kind && expect(place.kind).toBe(seats[index]));
    expect(crowd.places.filter((place) => place.kind === "bot")).toHaveLength(5);
    crowd.layOut(0, 0, 300, 100, 10);
    expect(crowd.places.filter((place) => place.kind === "real")).toHaveLength(20);
  });
});
