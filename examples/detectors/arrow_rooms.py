#!/usr/bin/env python3
"""Suspects rooms by how much of their coming and going is entries from outside links, from Arrow batches (pip install pyarrow).

Try it: yellowcart detect bench --wire arrow --external 'python3 examples/detectors/arrow_rooms.py'
"""
import json
import sys
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

entries, by_link = Counter(), Counter()


def say(**fields):
    print(json.dumps(fields))


def count(rooms, into):
    for each in pc.value_counts(rooms).to_pylist():
        into[each["values"]] += each["counts"]


hello = json.loads(sys.stdin.buffer.readline())
if hello["format"] != "arrow":
    sys.exit("this detector wants --wire arrow")
say(name="arrow_rooms", ready=True)
sys.stdout.flush()
for batch in pa.ipc.open_stream(sys.stdin.buffer):
    entered = pa.Table.from_batches([batch]).filter(pc.field("kind") == "enter")
    count(entered["room"], entries)
    count(entered.filter(pc.field("source") == "link")["room"], by_link)
    for room in sorted(entries):
        say(room=room, score=by_link[room] / entries[room])
    # The last row of a batch is the beat; only what is left at the stream's end may have none.
    if batch["kind"][-1].as_py() == "beat":
        say(beat=batch["at"][-1].as_py())
    sys.stdout.flush()
