#!/usr/bin/env python3
"""Suspects rooms whose viewers jump while nobody likes, comments or clicks, and accounts that share a device."""
import json
import sys
from collections import defaultdict, deque

WINDOW = 60_000  # milliseconds that are looked back
LEAST_VIEWERS = 200  # smaller rooms are not judged
CROWDED = 3  # accounts on one device from which they are suspicious

rooms = defaultdict(deque)  # (time, viewers, likes + comments + clicks) of the last minute
usual = {}  # acts by viewer and refresh that a room had before
devices = defaultdict(set)  # accounts seen on a device


def say(**fields):
    print(json.dumps(fields))


def judge_room(event):
    acts = event["likes"] + event["comments"] + event["cart_clicks"]
    seen = rooms[event["room"]]
    seen.append((event["at"], event["viewers"], acts))
    while len(seen) > 1 and seen[1][0] <= event["at"] - WINDOW:
        seen.popleft()
    (_, viewers_before, acts_before), (_, viewers, _) = seen[0], seen[-1]
    rate = (acts - acts_before) / max(1, sum(watching for _, watching, _ in seen))
    before = usual.setdefault(event["room"], rate)
    growth = min(1.0, max(0.0, viewers - viewers_before) / (viewers_before + 1))
    silence = max(0.0, 1.0 - rate / before) if before > 0 else 0.0
    if growth < 0.1:  # a quiet minute: learn what is usual
        usual[event["room"]] = 0.9 * before + 0.1 * rate
    say(room=event["room"], score=growth * silence if viewers >= LEAST_VIEWERS else 0.0)


def judge_accounts(event):
    accounts = devices[event["device"]]
    if event["account"] in accounts:
        return
    accounts.add(event["account"])
    if len(accounts) >= CROWDED:  # all of them once, then whoever is new
        for account in sorted(accounts) if len(accounts) == CROWDED else [event["account"]]:
            say(account=account, score=1 - 1 / len(accounts), reason="shares its device")


json.loads(sys.stdin.readline())  # the harness says hello
say(name="silent_crowd_py", ready=True)
sys.stdout.flush()
for line in sys.stdin:
    event = json.loads(line)
    if event["kind"] == "frame":
        judge_room(event)
    elif event["kind"] == "enter":
        judge_accounts(event)
    elif event["kind"] == "beat":
        say(beat=event["at"])
        sys.stdout.flush()  # without it the harness waits in vain
